import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { bindApp } from '../../local/template/app.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { TYPES_WITHOUT_LOCAL_MEANING } from '../../local/template/types-without-local-meaning.ts';
import { synthesize } from '../support/stacks.ts';
import { synthesizeBoth, all, BEHIND } from './optional-settings.ts';

synthesizeBoth();

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
