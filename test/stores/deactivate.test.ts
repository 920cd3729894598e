import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../lambdas/domain/audit.ts';
import { becauseGone } from '../../lambdas/domain/subscription/deactivation.ts';
import { rowHash } from '../../lambdas/stores/audit-record.ts';
import { createDeactivation } from '../../lambdas/stores/deactivate.ts';
import { createNotedRowStore } from '../../lambdas/stores/dynamodb/subscription-notes.ts';
import { startTables, type Tables } from '../support/tables.ts';

const URL = 'https://hooks.example.com/';
const AT = '2026-01-31T00:00:00.000Z';
const WHY = becauseGone(AT);
const RECORD = `aud_${'0'.repeat(26)}`;
let tables: Tables;
let made = 0;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

interface Key {
  organization: string;
  subscription: string;
}

async function aRow(fields: Record<string, unknown> = {}): Promise<{ key: Key; row: Record<string, unknown> }> {
  const key = { organization: 'acme', subscription: `sub_${(made += 1)}` };
  const row = { organization: key.organization, id: key.subscription, url: URL, ...fields };
  await put(row);
  return { key, row };
}

const put = (Item: Record<string, unknown>) =>
  tables.dynamoDb.send(new PutCommand({ TableName: tables.table('Subscriptions'), Item }));

async function read({ organization, subscription }: Key): Promise<Record<string, unknown> | undefined> {
  const Key = { organization, id: subscription };
  return (await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('Subscriptions'), Key }))).Item;
}

/** @param append what happens when a record is written. */
function deactivation(append: (record: AuditRecord) => Promise<unknown> = () => Promise.resolve()) {
  const records: AuditRecord[] = [];
  const deactivate = createDeactivation({
    rows: createNotedRowStore(tables.dynamoDb, tables.table('Subscriptions')),
    audit: {
      append: async (record) => {
        await append(record);
        records.push(record);
        return true;
      },
    },
    newAuditId: () => RECORD,
  });
  return { deactivate, records };
}

describe('deactivating a subscription', () => {
  it('switches it off, says why, and leaves everything else', async () => {
    const { key, row } = await aRow({ events: new Set(['visit.*']), note: 'call first' });

    expect(await deactivation().deactivate(key, URL, WHY, AT)).toBe(true);

    expect(await read(key)).toEqual({
      ...row,
      active: false,
      problem: WHY.problem,
      updated_at: AT,
      inactive_since: AT,
      changed_by: `posthorn ${RECORD}`,
    });
  });

  it('leaves a record of it first', async () => {
    const { key, row } = await aRow();
    let stoodThere: unknown;
    const { deactivate, records } = deactivation(async () => void (stoodThere = await read(key)));

    await deactivate(key, URL, WHY, AT);

    expect(stoodThere).toEqual(row);
    expect(records).toEqual([
      {
        id: RECORD,
        actor: 'posthorn',
        action: 'subscription.changed',
        object_type: 'subscription',
        object_id: key.subscription,
        organization: 'acme',
        reason: 'gone',
        before_sha256: rowHash(row),
        after_sha256: rowHash({ ...row, active: false }),
        changed: ['active'],
        changes: { active: { old: undefined, new: 'false' } },
      },
    ]);
  });

  it('does not happen without its record', async () => {
    const { key, row } = await aRow();
    const { deactivate } = deactivation(() => Promise.reject(new Error('throttled')));

    await expect(deactivate(key, URL, WHY, AT)).rejects.toThrow('throttled');

    expect(await read(key)).toEqual(row);
  });

  it('does nothing when the URL has changed, and makes no row for a deleted one', async () => {
    const { key, row } = await aRow({ url: 'https://new.example.com/' });
    const gone = { organization: 'acme', subscription: 'sub_deleted' };
    const { deactivate, records } = deactivation();

    expect(await deactivate(key, URL, WHY, AT)).toBe(false);
    expect(await deactivate(gone, URL, WHY, AT)).toBe(false);

    expect(await read(key)).toEqual(row);
    expect(await read(gone)).toBeUndefined();
    expect(records).toEqual([]);
  });

  it('does not overwrite an edit that came between, and records what it then changes', async () => {
    const { key, row } = await aRow();
    const edited = { ...row, description: 'asked the customer' };
    let edits = 1;
    const { deactivate, records } = deactivation(async () => void (edits-- > 0 && (await put(edited))));

    expect(await deactivate(key, URL, WHY, AT)).toBe(true);

    expect(await read(key)).toMatchObject({ description: 'asked the customer', active: false });
    expect(records.at(-1)).toMatchObject({ before_sha256: rowHash(edited) });
  });

  it('of one that is off already changes the words alone, without a record', async () => {
    const { key } = await aRow({ active: false, changed_by: 'key_1 aud_x' });
    const { deactivate, records } = deactivation();

    expect(await deactivate(key, URL, WHY, AT)).toBe(true);

    expect(await read(key)).toMatchObject({ problem: WHY.problem, changed_by: 'key_1 aud_x' });
    expect(records).toEqual([]);
  });
});
