import { type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { createUnbundledApp, synthesize } from '../support/stacks.ts';
import { synthesizeBoth, plain, all, BEHIND, ofType, propertiesOf } from './optional-settings.ts';

synthesizeBoth();

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
