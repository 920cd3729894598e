import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { FirewallStack } from '../../lib/firewall-stack.ts';
import { readFunctions } from '../../local/lambda/read-functions.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { bindApp } from '../../local/template/app.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { TYPES_WITHOUT_LOCAL_MEANING } from '../../local/template/types-without-local-meaning.ts';
import { idOf, resourcesOf, type TemplateResource } from '../support/resources.ts';
import { createUnbundledApp, synthesize } from '../support/stacks.ts';

// Settings that are off by default: each as it is without, and with.

type Templates = ReturnType<typeof synthesize>;
interface Properties {
  Description?: string;
  SSESpecification: { SSEEnabled?: boolean; KMSMasterKeyId?: unknown };
  Environment: { Variables: Record<string, unknown> };
  [name: string]: unknown;
}

interface WebAclProperties {
  Scope: string;
  DataProtectionConfig: { DataProtections: unknown[] };
  Rules: {
    Statement: { ManagedRuleGroupStatement?: { Name: string; RuleActionOverrides?: { Name: string }[] } };
  }[];
}

const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/0f3b1a2c';
const ALL = {
  POSTHORN_ENCRYPTION: 'own',
  POSTHORN_EGRESS_ZONES: '2',
  POSTHORN_DOMAIN_NAME: 'hooks.example.com',
  POSTHORN_CERTIFICATE_ARN: CERTIFICATE,
  POSTHORN_PERMISSIONS_BOUNDARY: 'engineering-boundary',
  POSTHORN_TAGS: '{"cost-center":"42"}',
};
const GLOBAL_CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0f3b1a2c';
const WEB_ACL = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/posthorn/0f3b1a2c-1111-2222-3333-444455556666';
const BEHIND = {
  POSTHORN_DOMAIN_NAME: 'hooks.example.com',
  POSTHORN_CERTIFICATE_ARN: GLOBAL_CERTIFICATE,
  POSTHORN_WEB_ACL_ARN: WEB_ACL,
};

let plain: Templates;
let all: Templates;
beforeAll(() => {
  plain = synthesize();
  all = synthesize(ALL);
});

const ofType = (templates: Templates, type: string): TemplateResource[] => Object.values(resourcesOf(templates, type));
const propertiesOf = (templates: Templates, type: string): Properties[] =>
  ofType(templates, type).map(({ Properties }) => Properties as unknown as Properties);
const sender = (templates: Templates): Properties =>
  propertiesOf(templates, 'AWS::Lambda::Function').find(({ Description: d }) => d?.startsWith('Sends deliveries'))!;

/** Statements of the policies of a function's role, by the beginning of its logical id. */
function statementsOf(templates: Templates, stage: string): { Action: string | string[]; Resource: unknown }[] {
  return Object.entries(resourcesOf(templates, 'AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(`${stage}RoleDefaultPolicy`))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: [] }).Statement);
}

describe('encryption', () => {
  it('of tables reads as encrypted, which AWS’s own rules look for', () => {
    const tables = Object.entries(resourcesOf(plain, 'AWS::DynamoDB::Table'));
    const found = propertiesOf(plain, 'AWS::DynamoDB::Table').map((p) => p.SSESpecification);
    const ownKey = tables.filter(
      ([, { Properties }]) => 'KMSMasterKeyId' in (Properties as Properties).SSESpecification,
    );

    expect(new Set(found.map((sse) => JSON.stringify({ ...sse, KMSMasterKeyId: undefined })))).toEqual(
      new Set(['{"SSEEnabled":true}', '{"SSEEnabled":true,"SSEType":"KMS"}']),
    );
    expect(ownKey.map(([id]) => id)).toEqual([expect.stringMatching(/^SigningSecretsTable/)]);
  });

  it('may stay with keys that AWS owns', () => {
    const owned = synthesize({ POSTHORN_ENCRYPTION: 'aws-owned' });
    const enabled = propertiesOf(owned, 'AWS::DynamoDB::Table').map(({ SSESpecification: sse }) => sse.SSEEnabled);

    expect(enabled.filter(Boolean)).toHaveLength(1);
  });

  it('may be under keys of its own: every table, and every queue with payloads', () => {
    const tables = propertiesOf(all, 'AWS::DynamoDB::Table').map(({ SSESpecification: sse }) => sse.KMSMasterKeyId);
    const queues = propertiesOf(all, 'AWS::SQS::Queue').filter((queue) => 'KmsMasterKeyId' in queue);

    expect(tables.filter(Boolean)).toHaveLength(tables.length);
    // Four with two dead letters of their own and one that two share; notices of streams hold nothing of a row.
    expect(queues).toHaveLength(7);
    expect(propertiesOf(plain, 'AWS::SQS::Queue').filter((queue) => 'KmsMasterKeyId' in queue)).toEqual([]);
  });

  it.each([
    ['Ingest', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['FanOut', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['Sender', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['RecoveryFunction', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['Api', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['Statistics', ['kms:Decrypt']],
    ['SubscriptionGuard', ['kms:Decrypt', 'kms:GenerateDataKey']],
  ])('under keys of its own lets %s use them', (stage, actions) => {
    const used = statementsOf(all, stage).flatMap(({ Action }) => Action);

    expect(used).toEqual(expect.arrayContaining(actions));
    expect(
      used.filter((action) => /^kms:.*\*/.test(action)).filter((action) => action !== 'kms:GenerateDataKey*'),
    ).toEqual([]);
  });
});

describe('fixed addresses', () => {
  it('are none by default: nothing is in a network', () => {
    expect(ofType(plain, 'AWS::EC2::VPC')).toEqual([]);
    expect(sender(plain)).not.toHaveProperty('VpcConfig');
  });

  it('are those of the sender alone, one in each zone, kept when the setting is forgotten', () => {
    const inside = propertiesOf(all, 'AWS::Lambda::Function').filter((fn) => 'VpcConfig' in fn);
    const eips = ofType(all, 'AWS::EC2::EIP') as (TemplateResource & { DeletionPolicy?: string })[];

    expect(inside).toEqual([sender(all)]);
    expect(ofType(all, 'AWS::EC2::NatGateway')).toHaveLength(2);
    expect(eips.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['RetainExceptOnCreate', 'RetainExceptOnCreate']);
  });

  it.each([1, 3])('have a NAT gateway and a subnet of the sender each when there are %i', (zones) => {
    const templates = synthesize({ POSTHORN_EGRESS_ZONES: String(zones) });
    const { SubnetIds } = sender(templates)['VpcConfig'] as { SubnetIds: unknown[] };

    expect(ofType(templates, 'AWS::EC2::EIP')).toHaveLength(zones);
    expect(ofType(templates, 'AWS::EC2::NatGateway')).toHaveLength(zones);
    expect(SubnetIds).toHaveLength(zones);
  });

  it('are told to the api function, and are an output', () => {
    const api = propertiesOf(all, 'AWS::Lambda::Function').find(({ Description: d }) => d?.startsWith('Management'))!;
    const ids = Object.keys(resourcesOf(all, 'AWS::EC2::EIP'));
    const joined = (api['Environment'] as unknown as Record<string, Record<string, unknown>>)['Variables']![
      'SOURCE_IPS'
    ];

    expect((joined as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].map(idOf)).toEqual(ids);
    expect(all.posthorn.toJSON()['Outputs']).toHaveProperty('SourceIps');
  });

  it('lead to the internet and nowhere else', () => {
    const routes = propertiesOf(all, 'AWS::EC2::Route');
    const ingress = propertiesOf(all, 'AWS::EC2::SecurityGroup').map((group) => group['SecurityGroupIngress']);

    expect(routes.every((route) => route['DestinationCidrBlock'] === '0.0.0.0/0')).toBe(true);
    expect(
      routes.map((route) => Object.keys(route).filter((key) => /Id$/.test(key) && key !== 'RouteTableId')),
    ).toEqual(expect.arrayContaining([['NatGatewayId'], ['GatewayId']]));
    for (const kind of ['VPCPeeringConnection', 'TransitGatewayAttachment', 'VPNGateway'])
      expect(ofType(all, `AWS::EC2::${kind}`)).toEqual([]);
    expect(ingress).toEqual([undefined]);
  });
});

describe('a domain name', () => {
  it('closes the address of AWS’s own and is that of API and console', () => {
    const [api] = propertiesOf(all, 'AWS::ApiGatewayV2::Api');
    const outputs = all.posthorn.toJSON()['Outputs'] as Record<string, { Value: unknown }>;

    expect(api!['DisableExecuteApiEndpoint']).toBe(true);
    expect(outputs['ApiUrl']!.Value).toBe('https://hooks.example.com');
    expect(outputs['ConsoleUrl']!.Value).toBe('https://hooks.example.com/');
    expect(outputs).toHaveProperty('DomainTarget');
    all.posthorn.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [{ CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
    });
  });

  it('is none by default', () => {
    expect(propertiesOf(plain, 'AWS::ApiGatewayV2::Api')[0]).not.toHaveProperty('DisableExecuteApiEndpoint');
  });
});

describe('a path below a domain', () => {
  it('is that of a name that API Gateway has already, whose record is somebody else’s', () => {
    const below = synthesize({ POSTHORN_DOMAIN_NAME: 'api.example.com', POSTHORN_BASE_PATH: 'clinic/webhooks' });
    const outputs = below.posthorn.toJSON()['Outputs'] as Record<string, { Value: unknown }>;
    const api = propertiesOf(below, 'AWS::Lambda::Function').find(({ Description: d }) => d?.startsWith('Management'))!;

    expect(ofType(below, 'AWS::ApiGatewayV2::DomainName')).toEqual([]);
    below.posthorn.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      ApiMappingKey: 'clinic/webhooks',
      DomainName: 'api.example.com',
    });
    expect(outputs['ApiUrl']!.Value).toBe('https://api.example.com/clinic/webhooks');
    expect(outputs['ConsoleUrl']!.Value).toBe('https://api.example.com/clinic/webhooks/');
    expect(outputs).not.toHaveProperty('DomainTarget');
    expect(api.Environment.Variables['BASE_PATH']).toBe('/clinic/webhooks');
    expect(propertiesOf(below, 'AWS::ApiGatewayV2::Api')[0]!['DisableExecuteApiEndpoint']).toBe(true);
  });

  it('is that of a name of its own when there is a certificate', () => {
    const below = synthesize({
      POSTHORN_DOMAIN_NAME: 'api.example.com',
      POSTHORN_CERTIFICATE_ARN: CERTIFICATE,
      POSTHORN_BASE_PATH: 'webhooks',
    });

    expect(ofType(below, 'AWS::ApiGatewayV2::DomainName')).toHaveLength(1);
    expect(below.posthorn.toJSON()['Outputs']).toHaveProperty('DomainTarget');
  });

  it('is none by default', () => {
    expect(propertiesOf(all, 'AWS::ApiGatewayV2::ApiMapping')[0]).not.toHaveProperty('ApiMappingKey');
  });
});

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

describe('what people of the account ask for', () => {
  it('bounds every role', () => {
    const bounded = propertiesOf(all, 'AWS::IAM::Role').filter((role) => 'PermissionsBoundary' in role);

    expect(bounded).toHaveLength(ofType(all, 'AWS::IAM::Role').length);
    expect(propertiesOf(plain, 'AWS::IAM::Role').filter((role) => 'PermissionsBoundary' in role)).toEqual([]);
  });

  it.each(['AWS::Lambda::Function', 'AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::EC2::VPC'])(
    'tags every %s',
    (type) => {
      const tags = propertiesOf(all, type).map((resource) => JSON.stringify(resource['Tags']));

      expect(tags.length).toBeGreaterThan(0);
      expect(tags.filter((text) => !text?.includes('{"Key":"cost-center","Value":"42"}'))).toEqual([]);
    },
  );
});

describe('the access log', () => {
  it('has a name for which the account’s policy needs no line, and nothing asks for a policy of its own', () => {
    const names = propertiesOf(plain, 'AWS::Logs::LogGroup').map((group) => JSON.stringify(group['LogGroupName']));

    expect(names.filter((name) => name?.includes('/aws/vendedlogs/posthorn-access-'))).toHaveLength(1);
    expect(ofType(plain, 'AWS::Logs::ResourcePolicy')).toEqual([]);
  });
});

describe('a first deployment that fails', () => {
  interface Kept {
    Type: string;
    DeletionPolicy?: string;
    UpdateReplacePolicy?: string;
    Properties: { DeletionProtectionEnabled?: boolean };
  }
  const firewall = Template.fromStack(
    createUnbundledApp({ POSTHORN_FIREWALL_RATE: '3000' }).node.findChild('PosthornFirewall') as Stack,
  );
  const resourcesIn = (template: Template): Kept[] =>
    Object.values(template.toJSON()['Resources'] as Record<string, Kept>);

  it('leaves nothing of the stacks that can be made anew', () => {
    const templates = [all.posthorn, plain.posthorn, synthesize(BEHIND).posthorn, firewall];
    const left = templates.flatMap(resourcesIn).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');

    expect(left.map(({ Type }) => Type)).toEqual([]);
  });

  it.each([
    ['by default', {}],
    ['under keys of its own', { POSTHORN_ENCRYPTION: 'own' }],
  ])('leaves the protected tables, which CloudFormation could not delete, and their keys, %s', (_, settings) => {
    const left = resourcesIn(synthesize(settings).data).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    const isProtected = ({ Type, Properties }: Kept): boolean =>
      Type === 'AWS::KMS::Key' || Properties.DeletionProtectionEnabled === true;

    expect(new Set(left.map(({ Type }) => Type))).toEqual(new Set(['AWS::DynamoDB::Table', 'AWS::KMS::Key']));
    expect(left.filter((resource) => !isProtected(resource))).toEqual([]);
  });

  it('is the only thing that deletes what outlives its stack: an update that replaces it does not', () => {
    const kept = [all.data, all.posthorn, firewall]
      .flatMap(resourcesIn)
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate' || DeletionPolicy === 'Retain');

    expect(kept.length).toBeGreaterThan(10);
    expect(kept.filter(({ UpdateReplacePolicy }) => UpdateReplacePolicy !== 'Retain')).toEqual([]);
  });

  it('has made no table yet when a key was refused', () => {
    const resources = synthesize({ POSTHORN_ENCRYPTION: 'own' }).data.toJSON()['Resources'] as Record<
      string,
      Kept & { DependsOn?: string[] }
    >;
    const keys = Object.keys(resources).filter((id) => resources[id]!.Type === 'AWS::KMS::Key');
    const tables = Object.values(resources).filter(({ Type }) => Type === 'AWS::DynamoDB::Table');

    expect(keys).toHaveLength(2);
    for (const { DependsOn = [] } of tables) expect(DependsOn).toEqual(expect.arrayContaining(keys));
  });
});

describe('the local run', () => {
  it('understands or leaves out everything that a setting can ask for', () => {
    const types = [all, synthesize(BEHIND)]
      .flatMap(Object.values<Template>)
      .flatMap((template) =>
        Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map(({ Type }) => Type),
      );

    expect(types.filter((type) => !UNDERSTOOD_TYPES.has(type) && !TYPES_WITHOUT_LOCAL_MEANING.has(type))).toEqual([]);
  });

  it('says what it leaves out, and has its own address where the domain would be', () => {
    const template = {
      Resources: {
        Domain: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: { DomainName: 'hooks.example.com' } },
        Address: { Type: 'AWS::EC2::EIP', Properties: {} },
        Before: {
          Type: 'AWS::CloudFront::Distribution',
          Properties: { DistributionConfig: { Aliases: ['api.example.com'] } },
        },
      },
      Outputs: {
        ConsoleUrl: { Value: 'https://hooks.example.com/' },
        ApiUrl: { Value: 'https://api.example.com' },
        SourceIps: { Value: { Ref: 'Address' } },
        DomainTarget: { Value: { 'Fn::GetAtt': ['Before', 'DomainName'] } },
      },
    };
    const place = { account: '000000000000', region: 'us-east-1' };
    const app = bindApp(
      { ...place, stacks: [{ name: 'Posthorn', template, assets: new Map() }] },
      {
        ...place,
        sqsEndpoint: () => '',
        apiEndpoint: () => 'http://127.0.0.1:3000',
        streamArn: () => '',
      },
      UNDERSTOOD_TYPES,
    );

    expect(app.outputs()).toEqual({
      Posthorn: {
        ConsoleUrl: 'http://127.0.0.1:3000/',
        ApiUrl: 'http://127.0.0.1:3000',
        SourceIps: '127.0.0.1',
        DomainTarget: 'localhost',
      },
    });
    expect(app.leftOut()).toEqual(['a domain name', 'a network with fixed addresses', 'a firewall']);
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

describe('a setting that is wrong', () => {
  it.each([
    [{ POSTHORN_ENCRYPTION: 'none' }, /POSTHORN_ENCRYPTION .*expected .*aws-managed.*, got "none"/],
    [{ POSTHORN_EGRESS_ZONES: '4' }, /POSTHORN_EGRESS_ZONES .*expected a whole number from 0 to 3, got "4"/],
    [
      { POSTHORN_DOMAIN_NAME: 'https://x.com' },
      /POSTHORN_DOMAIN_NAME .*expected a domain name .*, got "https:\/\/x.com"/,
    ],
    [
      { POSTHORN_CERTIFICATE_ARN: 'arn:aws:acm' },
      /POSTHORN_CERTIFICATE_ARN .*expected the ARN of .*, got "arn:aws:acm"/,
    ],
    [
      { POSTHORN_DOMAIN_NAME: 'x.example.com' },
      /domainName and certificateArn: expected both or neither, got domainName "x/,
    ],
    [
      { POSTHORN_WEB_ACL_ARN: WEB_ACL.replace('us-east-1', 'eu-central-1') },
      /POSTHORN_WEB_ACL_ARN .*expected the ARN of a web ACL of scope CLOUDFRONT .*, got "arn:aws:wafv2:eu-central-1/,
    ],
    [
      { POSTHORN_WEB_ACL_ARN: WEB_ACL },
      /webAclArn: expected domainName and a certificateArn of us-east-1 as well, .*; got certificateArn ""/,
    ],
    [
      { ...BEHIND, POSTHORN_CERTIFICATE_ARN: CERTIFICATE },
      /webAclArn: expected .* certificateArn of us-east-1 .*; got certificateArn "arn:aws:acm:eu-central-1/,
    ],
    ...['/webhooks', 'webhooks/', 'v1', 'console/x', 'docs', 'a/b/c/d/e/f', 'wéb'].map(
      (path) =>
        [
          { POSTHORN_DOMAIN_NAME: 'api.example.com', POSTHORN_BASE_PATH: path },
          new RegExp(`POSTHORN_BASE_PATH .*expected a path of up to five parts, .*, got "${path}"`),
        ] as [Record<string, string>, RegExp],
    ),
    [{ POSTHORN_BASE_PATH: 'webhooks' }, /basePath: expected domainName as well, .*; got domainName ""/],
    [{ ...BEHIND, POSTHORN_BASE_PATH: 'webhooks' }, /basePath: expected .* no webAclArn, .*; got domainName "hooks/],
    [{ POSTHORN_FIREWALL_RATE: '9' }, /POSTHORN_FIREWALL_RATE .*expected 0, or a whole number from 10 .*, got "9"/],
    [{ POSTHORN_EDGE_ONLY: 'no' }, /POSTHORN_EDGE_ONLY .*expected true or false, got "no"/],
    [{ POSTHORN_EDGE_SECRET_NUMBER: '0' }, /POSTHORN_EDGE_SECRET_NUMBER .*expected a whole number from 1 .*, got "0"/],
    [
      { POSTHORN_PERMISSIONS_BOUNDARY: 'a b' },
      /POSTHORN_PERMISSIONS_BOUNDARY .*expected the name or ARN .*, got "a b"/,
    ],
    [
      { POSTHORN_TAGS: '{"aws:x":"1"}' },
      /POSTHORN_TAGS .*expected a JSON object of up to 50 tags.*, got "\{"aws:x":"1"\}"/,
    ],
  ])('stops the synthesis: %j', (environment, told) => {
    expect(() => synthesize(environment)).toThrow(told);
  });
});
