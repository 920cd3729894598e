import { beforeAll, describe, expect, it } from 'vitest';
import { resourcesOf } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';

let templates: ReturnType<typeof synthesize>;
beforeAll(() => {
  templates = synthesize();
});

// A logical id that changes makes CloudFormation create an empty table beside the full one, which nobody uses any more.
describe('what holds data', () => {
  it('keeps the logical ids of its tables', () => {
    expect(Object.keys(resourcesOf(templates, 'AWS::DynamoDB::Table')).sort()).toEqual([
      'ApiKeysTable10D26ED3',
      'AttemptsTable9D35B935',
      'AuditTrailTable5A8BB42B',
      'EndpointHealthTable8A481F18',
      'EventsTable4B7491D3',
      'HeldDeliveriesTableDEF2D428',
      'IdempotencyTable48612DF4',
      'ReplaysTable0996A4FF',
      'SigningSecretsTable4F574E87',
      'StatisticsTable770A2366',
      'SubscriptionsTable34714BC1',
    ]);
  });

  it('keeps the keys of its tables, which CloudFormation changes by replacing the table', () => {
    const keys = Object.entries(resourcesOf(templates, 'AWS::DynamoDB::Table')).map(([id, { Properties }]) => [
      id.replace(/Table.*/, ''),
      (Properties['KeySchema'] as { AttributeName: string }[]).map(({ AttributeName }) => AttributeName).join(' / '),
    ]);

    expect(Object.fromEntries(keys)).toEqual({
      Subscriptions: 'organization / id',
      SigningSecrets: 'subscription',
      EndpointHealth: 'subscription',
      Events: 'organization / id',
      Attempts: 'subscription / event_attempt',
      HeldDeliveries: 'subscription / event_id',
      ApiKeys: 'hash',
      Idempotency: 'id',
      Replays: 'id',
      AuditTrail: 'month / id',
      Statistics: 'organization / scope_hour',
    });
  });

  it('keeps the key of the signing secrets, without which they cannot be read', () => {
    const keys = templates.data.findResources('AWS::KMS::Key', { DeletionPolicy: 'Retain' });

    expect(Object.keys(keys)).toEqual(['SigningSecretsKey364FEA75']);
  });
});
