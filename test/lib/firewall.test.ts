import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { FirewallStack } from '../../lib/firewall-stack.ts';
import { readFunctions } from '../../local/lambda/read-functions.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { bindApp } from '../../local/template/app.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { resourcesOf, type TemplateResource } from '../support/resources.ts';
import { createUnbundledApp, synthesize } from '../support/stacks.ts';
import {
  synthesizeBoth,
  plain,
  type Templates,
  type WebAclProperties,
  GLOBAL_CERTIFICATE,
  WEB_ACL,
  BEHIND,
  ofType,
  propertiesOf,
} from './optional-settings.ts';

synthesizeBoth();

describe('a firewall before the API', () => {
  const variablesOf = (templates: Templates, description: string): Record<string, unknown> =>
    propertiesOf(templates, 'AWS::Lambda::Function').find(({ Description: d }) => d?.startsWith(description))!
      .Environment.Variables;
  interface DistributionConfig {
    Aliases: string[];
    CustomErrorResponses: { ErrorCode: number; ErrorCachingMinTTL: number }[];
    DefaultCacheBehavior: Record<string, unknown>;
    Origins: { OriginCustomHeaders: { HeaderName: string; HeaderValue: unknown }[]; [name: string]: unknown }[];
    ViewerCertificate: Record<string, unknown>;
    WebACLId: string;
  }
  const distributionOf = (templates: Templates): DistributionConfig =>
    propertiesOf(templates, 'AWS::CloudFront::Distribution')[0]!['DistributionConfig'] as DistributionConfig;

  it('is none by default, and then functions ask for no secret', () => {
    expect(ofType(plain, 'AWS::CloudFront::Distribution')).toEqual([]);
    expect(ofType(plain, 'AWS::SecretsManager::Secret')).toEqual([]);
    expect(variablesOf(plain, 'Management')).toMatchObject({ EDGE_SECRETS: '', PUBLIC_DOMAIN: '' });
  });

  it('is a distribution with the domain and the web ACL, which keeps nothing and takes TLS 1.2 alone', () => {
    const behind = synthesize(BEHIND);
    const { Aliases, DefaultCacheBehavior: behavior, WebACLId, ViewerCertificate } = distributionOf(behind);
    const outputs = behind.posthorn.toJSON()['Outputs'] as Record<string, { Value: unknown }>;

    expect([Aliases, WebACLId]).toEqual([['hooks.example.com'], WEB_ACL]);
    expect(ViewerCertificate).toMatchObject({
      AcmCertificateArn: GLOBAL_CERTIFICATE,
      MinimumProtocolVersion: 'TLSv1.2_2021',
    });
    // Ids of AWS's own policies: CachingDisabled, AllViewerExceptHostHeader.
    expect(behavior).toMatchObject({
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
    });
    expect(behavior['AllowedMethods']).toEqual(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']);
    expect(outputs['ApiUrl']!.Value).toBe('https://hooks.example.com');
    expect(JSON.stringify(outputs['DomainTarget'])).toContain('DomainName');
    // The name is the distribution's; API Gateway knows nothing of it.
    expect(ofType(behind, 'AWS::ApiGatewayV2::DomainName')).toEqual([]);
    expect(variablesOf(behind, 'Management')['PUBLIC_DOMAIN']).toBe('hooks.example.com');
  });

  it('keeps no error for the next caller, which CloudFront does for ten seconds unless told otherwise', () => {
    const errors = distributionOf(synthesize(BEHIND)).CustomErrorResponses;

    expect(errors.map(({ ErrorCode }) => ErrorCode)).toEqual([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]);
    expect(errors.filter(({ ErrorCachingMinTTL }) => ErrorCachingMinTTL !== 0)).toEqual([]);
  });

  it('tells the functions by a secret what came through it, and the template does not have the secret', () => {
    const behind = synthesize(BEHIND);
    const [sent] = distributionOf(behind).Origins[0]!.OriginCustomHeaders;
    const [secret] = Object.keys(resourcesOf(behind, 'AWS::SecretsManager::Secret'));

    expect(sent!.HeaderName).toBe('x-posthorn-edge');
    expect(JSON.stringify(sent!.HeaderValue)).toContain('{{resolve:secretsmanager:');
    expect(JSON.stringify(sent!.HeaderValue)).toContain(secret);
    for (const stage of ['Management', 'Validates']) {
      expect(variablesOf(behind, stage)['EDGE_SECRETS']).toEqual(sent!.HeaderValue);
    }
  });

  it('sends a new secret when its number grows, and takes the one before as well', () => {
    const behind = synthesize({ ...BEHIND, POSTHORN_EDGE_SECRET_NUMBER: '2' });
    const [sent] = distributionOf(behind).Origins[0]!.OriginCustomHeaders;
    const ids = Object.keys(resourcesOf(behind, 'AWS::SecretsManager::Secret'));
    const accepted = JSON.stringify(variablesOf(behind, 'Management')['EDGE_SECRETS']);

    expect(ids.map((id) => /Secret\d/.exec(id)![0])).toEqual(['Secret2', 'Secret1']);
    expect(JSON.stringify(sent!.HeaderValue)).toContain(ids[0]);
    expect(ids.every((id) => accepted.includes(id))).toBe(true);
  });

  it('is made after the functions know the secret', () => {
    const behind = synthesize(BEHIND);
    const [distribution] = ofType(behind, 'AWS::CloudFront::Distribution') as (TemplateResource & {
      DependsOn?: string[];
    })[];
    const aliases = Object.keys(resourcesOf(behind, 'AWS::Lambda::Alias')).filter((id) => /^(Api|Ingest)Live/.test(id));

    expect(aliases).toHaveLength(2);
    expect(distribution!.DependsOn).toEqual(expect.arrayContaining(aliases));
  });

  it('lets callers who know the old address move, if asked', () => {
    const open = synthesize({ ...BEHIND, POSTHORN_EDGE_ONLY: 'false' });

    expect(variablesOf(open, 'Management')['EDGE_SECRETS']).toBe('');
    expect(distributionOf(open).Origins[0]!.OriginCustomHeaders).toHaveLength(1);
  });

  it('comes with rules in a stack of us-east-1, which block for no body and show no key', () => {
    const stack = createUnbundledApp({ POSTHORN_FIREWALL_RATE: '3000', POSTHORN_NAME: 'Clinic' }).node.findChild(
      'ClinicFirewall',
    ) as Stack;
    const template = Template.fromStack(stack);
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL')) as { Properties: WebAclProperties }[];
    const { Rules: rules } = acl!.Properties;
    const blocking = rules.flatMap(({ Statement: { ManagedRuleGroupStatement: group } }) => group?.Name ?? []);
    const counted = rules.flatMap(({ Statement: { ManagedRuleGroupStatement: group } }) =>
      (group?.RuleActionOverrides ?? []).map(({ Name }) => Name),
    );

    expect(stack.region).toBe('us-east-1');
    expect(acl!.Properties.Scope).toBe('CLOUDFRONT');
    expect(rules[0]).toMatchObject({
      Statement: { RateBasedStatement: { Limit: 3000, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } },
      Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
    });
    expect(blocking).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    expect(counted.filter((name) => name.endsWith('_BODY'))).toHaveLength(8);
    // Also in samples of requests, which redaction of the log does not touch.
    expect(acl!.Properties.DataProtectionConfig.DataProtections).toEqual([
      { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization', 'cookie'] } },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'QUERY_STRING' } },
      { Action: 'SUBSTITUTION', Field: { FieldType: 'BODY' } },
    ]);
    expect(template.toJSON()['Rules']).toHaveProperty('SameEnvironment');
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'cookie' } },
        { QueryString: {} },
      ],
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: 'aws-waf-logs-clinic' });
    expect(Object.keys(template.toJSON()['Outputs'] as object)).toEqual(['WebAclArn']);
  });

  it.each([
    [{}, 'firewallRate of Firewall: expected requests of one address in five minutes, got 0.'],
    [{ firewallRate: 9 }, 'firewallRate of Firewall: expected 0, or a whole number from 10 to 999999999, got 9'],
    [{ firewallRate: 3000, name: 'Post horn' }, 'name of Firewall: expected a letter and up to 39'],
  ])('is refused in somebody’s own app with %j', (props, told) => {
    expect(() => new FirewallStack(new App(), 'Firewall', props)).toThrow(told);
  });

  it('has a stack of its own only if asked', () => {
    expect(createUnbundledApp().node.tryFindChild('PosthornFirewall')).toBeUndefined();
  });
});

describe('the local run of a function behind a firewall', () => {
  it('asks for no secret, which nobody here would send', () => {
    const app = createUnbundledApp(BEHIND);
    const bound = bindApp(
      readAssembly(app.synth().directory),
      {
        account: '000000000000',
        region: 'us-east-1',
        sqsEndpoint: () => '',
        apiEndpoint: () => '',
        streamArn: () => '',
      },
      UNDERSTOOD_TYPES,
    );

    const secrets = readFunctions(bound).map(({ variables }) => variables['EDGE_SECRETS']);

    expect(secrets.filter((value) => value !== undefined)).toEqual(['', '']);
  });
});
