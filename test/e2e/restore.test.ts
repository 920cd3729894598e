import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DeleteCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAST_SETTINGS, startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// The runbook's rehearsal: rows are destroyed by a script, two tables are restored to the time before and adopted.

const ORGANIZATION = 'restored_org';
const folder = mkdtempSync(join(tmpdir(), 'posthorn-restore-'));
let posthorn: OwnPosthorn;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn({ folder, isShared: true });
});
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As `aws dynamodb restore-table-to-point-in-time`, and then what a restore leaves out. */
async function restore(source: string, target: string, at: Date, more: { stream?: boolean; ttl?: boolean } = {}) {
  const { dynamoDb } = posthorn;
  await dynamoDb.send(
    new RestoreTableToPointInTimeCommand({ SourceTableName: source, TargetTableName: target, RestoreDateTime: at }),
  );
  const TableName = target;
  await dynamoDb.send(
    new UpdateTableCommand({
      TableName,
      DeletionProtectionEnabled: true,
      ...(more.stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
    }),
  );
  await dynamoDb.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  const TimeToLiveSpecification = { AttributeName: 'expires_at', Enabled: true };
  if (more.ttl) await dynamoDb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  return (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table!;
}

describe('a table that was destroyed', () => {
  it('is restored to a time before, adopted, and customers notice nothing', async () => {
    const tables = ['SubscriptionsTableName', 'SigningSecretsTableName'].map((name) => posthorn.output(name));
    for (const TableName of tables) {
      await posthorn.dynamoDb.send(
        new UpdateContinuousBackupsCommand({
          TableName,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      );
    }
    const { id, secret } = await posthorn.subscribe({ organization: ORGANIZATION, url: receiver.url('/restored') });
    const before = new Date();
    await destroy(tables);

    const [subscriptions, secrets] = tables as [string, string];
    const rows = await restore(subscriptions, 'restored-subscriptions', before, { stream: true });
    await restore(secrets, 'restored-secrets', before, { ttl: true });
    await posthorn.close();
    posthorn = await startPosthorn({
      folder,
      isShared: true,
      settings: {
        ...FAST_SETTINGS,
        POSTHORN_ADOPTED_TABLES: JSON.stringify({
          Subscriptions: rows.LatestStreamArn,
          SigningSecrets: 'restored-secrets',
        }),
      },
    });

    expect(posthorn.output('SubscriptionsTableName')).toBe('restored-subscriptions');
    const kept = await posthorn.call<{ secret: string }>('GET', `/v1/subscriptions/${id}/secret`);
    expect(kept.body.secret).toBe(secret);
    await posthorn.publish({ organization: ORGANIZATION, type: 'visit.ended', data: {} });
    await waitFor('the delivery', async () =>
      (await posthorn.attempts(id)).some(({ outcome }) => outcome === 'delivered'),
    );
    await followsChanges(id);
  });
});

/** What a script did that nobody had looked through. */
async function destroy([subscriptions, secrets]: string[]): Promise<void> {
  for (const [TableName, names] of [
    [subscriptions, ['organization', 'id']],
    [secrets, ['subscription']],
  ] as const) {
    const { Items = [] } = await posthorn.dynamoDb.send(new ScanCommand({ TableName }));
    for (const item of Items) {
      const Key = Object.fromEntries(names.map((name) => [name, item[name] as string]));
      await posthorn.dynamoDb.send(new DeleteCommand({ TableName, Key }));
    }
  }
  const { body } = await posthorn.call<{ data: unknown[] }>('GET', `/v1/subscriptions?organization=${ORGANIZATION}`);
  expect(body.data).toEqual([]);
}

/** The guard says in a row what is wrong with it, so it hears of the restored table's changes. */
async function followsChanges(id: string): Promise<void> {
  const row = { TableName: 'restored-subscriptions', Key: { organization: ORGANIZATION, id } };
  await posthorn.dynamoDb.send(
    new UpdateCommand({
      ...row,
      UpdateExpression: 'SET #format = :wrong',
      ExpressionAttributeNames: { '#format': 'format' },
      ExpressionAttributeValues: { ':wrong': 'no such format' },
    }),
  );
  await waitFor('what is wrong with the row', async () => {
    const { body } = await posthorn.call<{ problem?: string }>('GET', `/v1/subscriptions/${id}`);
    return body.problem;
  });
}
