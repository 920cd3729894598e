import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';
import { synthesizeBoth, plain, all, type Properties, propertiesOf, statementsOf } from './optional-settings.ts';

synthesizeBoth();

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
