import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { becauseDown, becauseGone, type Deactivation } from '../../lambdas/domain/subscription/deactivation.ts';
import { decodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { deactivation } from '../support/deactivation.ts';
import { startGuard, type Guard } from '../support/guard.ts';

// An endpoint's 410 switches its subscription off; the change in the table's stream is what operators are told by.

const URL = 'https://hooks.example.com/in';
const AT = '2026-01-31T09:15:00.123Z';
const GONE = becauseGone(AT);
let guard: Guard;
let made = 0;

beforeAll(async () => {
  guard = await startGuard();
});
afterAll(() => guard.close());
beforeEach(() => {
  guard.jobs.length = 0;
  guard.queueWorks = true;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => {
    vi.restoreAllMocks();
  };
});

async function aRow(): Promise<{ organization: string; id: string }> {
  made += 1;
  const key = { organization: `org_gone_${made}`, id: `sub_gone_${made}` };
  const TableName = guard.tables.table('Subscriptions');
  await guard.tables.dynamoDb.send(new PutCommand({ TableName, Item: { ...key, url: URL } }));
  await guard.settle();
  return key;
}

/** Deactivates as the sender and recovery do. */
async function deactivate({ organization, id }: { organization: string; id: string }, why: Deactivation, at = AT) {
  expect(await deactivation(guard.tables)({ organization, subscription: id }, URL, why, at)).toBe(true);
}

/** Sets attributes of a row by hand. */
async function edit(Key: { organization: string; id: string }, active: boolean, problem: string): Promise<void> {
  await guard.tables.dynamoDb.send(
    new UpdateCommand({
      TableName: guard.tables.table('Subscriptions'),
      Key,
      UpdateExpression: 'SET active = :active, problem = :problem',
      ExpressionAttributeValues: { ':active': active, ':problem': problem },
    }),
  );
}

describe('a subscription that a 410 switched off', () => {
  it('is told of by one job for recovery, with the time', async () => {
    const row = await aRow();
    const before = Date.now();
    await deactivate(row, GONE);
    await guard.settle();

    expect(guard.jobs).toHaveLength(1);
    const decoded = decodeRecoveryMessage(guard.jobs[0]!);
    if (!decoded.ok || decoded.message.job.kind !== 'deactivated') throw new Error('expected a job that tells');
    const { since_ms, ...job } = decoded.message.job;
    expect(job).toEqual({
      kind: 'deactivated',
      organization: row.organization,
      subscription_id: row.id,
      why: 'gone',
    });
    // The stream tells whole seconds.
    expect(since_ms).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    expect(since_ms).toBeLessThanOrEqual(Date.now());
  });

  it('is told of once although two senders met the 410', async () => {
    const row = await aRow();
    await deactivate(row, GONE);
    await deactivate(row, becauseGone('2026-01-31T09:15:00.456Z'), '2026-01-31T09:15:00.456Z');
    await guard.settle();

    expect(guard.jobs).toHaveLength(1);
  });

  it('is told of by a later run when the queue refuses', async () => {
    const row = await aRow();
    await deactivate(row, GONE);
    const changes = await guard.changes();
    guard.queueWorks = false;

    const { batchItemFailures } = await guard.handle(changes);
    expect(batchItemFailures).toHaveLength(1);
    guard.queueWorks = true;
    expect(await guard.handle(changes)).toEqual({ batchItemFailures: [] });

    expect(guard.jobs).toHaveLength(1);
  });
});

describe('nobody is told of', () => {
  it('a subscription that a person switched off, whatever its problem says', async () => {
    const row = await aRow();
    await edit(row, false, GONE.problem);
    await guard.settle();

    expect(guard.jobs).toEqual([]);
  });

  it('one that a person switched off in the platform’s name, with a copy of all that it writes', async () => {
    const row = await aRow();
    await deactivate(row, GONE);
    await guard.settle();
    const { problem, updated_at, changed_by } = (await guard.row(row.organization, row.id))!;
    const TableName = guard.tables.table('Subscriptions');
    const copied = { problem: problem!.S, updated_at: updated_at!.S, changed_by: changed_by!.S };
    await guard.tables.dynamoDb.send(new PutCommand({ TableName, Item: { ...row, url: URL } }));
    await guard.settle();
    await guard.tables.dynamoDb.send(
      new PutCommand({ TableName, Item: { ...row, url: URL, active: false, ...copied } }),
    );
    await guard.settle();

    expect(guard.jobs).toHaveLength(1);
  });

  it('one whose endpoint was down for too long: recovery does it', async () => {
    const row = await aRow();
    await deactivate(row, becauseDown('2026-01-26T09:15:00.123Z'));
    await guard.settle();

    expect(guard.jobs).toEqual([]);
  });
});
