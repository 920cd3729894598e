import { describe, expect, it, vi } from 'vitest';
import { createNotedRowStore } from '../../lambdas/stores/dynamodb/subscription-notes.ts';
import {
  edit,
  guard,
  nextNumber,
  now,
  putInto,
  remove,
  type Row,
  secrets,
  typed,
  useGuard,
} from './hand-typed-rows.ts';

useGuard();

describe('what the guard writes', () => {
  it('comes back through the stream once and leads to nothing more', async () => {
    await putInto('Subscriptions', { organization: 'org_loop', id: 'sub_loop', url: 'no' });

    expect(await guard.settle()).toBe(2);
  });

  it('stays the same when the same changes are handed over again', async () => {
    await putInto('Subscriptions', { organization: 'org_twice', id: 'sub_twice', url: 'no' });
    const changes = await guard.changes();
    await guard.handle(changes);
    await guard.settle();
    const before = await now({ organization: 'org_twice', id: 'sub_twice' });

    await guard.handle(changes);

    expect(await guard.settle()).toBe(0);
    expect(await now({ organization: 'org_twice', id: 'sub_twice' })).toEqual(before);
    expect(await guard.trail('sub_twice')).toHaveLength(1);
  });

  it('never lands on a row that was edited since it was looked at', async () => {
    const row = await typed();
    const store = createNotedRowStore(guard.tables.dynamoDb, guard.tables.table('Subscriptions'));
    const seen = (await store.read(row.organization, row.id))!;
    await edit(row, { timeout_seconds: '7' });

    expect(await store.note(seen, { problem: 'too late' })).toBe('changed');
    expect(await now(row)).not.toHaveProperty('problem');
    await guard.settle();
  });

  it('does not bring a deleted row back', async () => {
    const row = await typed();
    const store = createNotedRowStore(guard.tables.dynamoDb, guard.tables.table('Subscriptions'));
    const seen = (await store.read(row.organization, row.id))!;
    await remove(row);

    expect(await store.note(seen, { problem: 'too late' })).toBe('changed');
    expect(await now(row)).toBeUndefined();
    await guard.settle();
  });

  it('says again what a person wiped out without mending it', async () => {
    const row = await typed({ url: 'no' });
    const { problem } = (await now(row))!;

    await edit(row, { problem: undefined });
    await guard.settle();

    expect((await now(row))!.problem).toBe(problem);
  });

  it('is short although hundreds of patterns are wrong', async () => {
    const row = await typed({ events: Array.from({ length: 300 }, (_, n) => `no.such.${n}`) });

    expect(String((await now(row))!.problem).length).toBeLessThan(4200);
  });
});

describe('one row’s failure', () => {
  it('hands over again that row’s changes alone', async () => {
    await putInto('Subscriptions', { organization: 'org_fail', id: 'sub_ok', url: 'no' });
    await putInto('Subscriptions', { organization: 'org_fail', id: 'sub_fails', url: 'no' });
    const changes = await guard.changes();
    const failing = changes.Records.find(({ dynamodb }) => dynamodb?.Keys?.id?.S === 'sub_fails')!;
    // A number that no stream has: the record's id cannot be made of it.
    failing.dynamodb!.SequenceNumber = 'x';

    const answer = await guard.handle(changes);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'x' }] });
    expect(await now({ organization: 'org_fail', id: 'sub_ok' })).toHaveProperty('problem');
    await guard.settle();
  });
});

describe('one row that nothing can be done about', () => {
  /** What the guard has counted. */
  function counted(metric: string): number {
    const lines = vi.mocked(process.stdout.write).mock.calls.map(([text]) => String(text));
    const numbers = lines.filter((text) => text.includes('"_aws"')).map((text) => JSON.parse(text) as Row);
    return numbers.reduce((sum, line) => sum + Number(line[metric] ?? 0), 0);
  }

  it('because it has no room for a note is acknowledged, counted, and keeps no other waiting', async () => {
    // DynamoDB takes rows of 400 KB.
    const full = { organization: 'org_full', id: 'sub_full', url: 'ftp://x', description: 'x'.repeat(409_500) };
    await putInto('Subscriptions', full);
    await putInto('Subscriptions', { organization: 'org_full', id: 'sub_next', url: 'no' });

    await guard.settle();

    expect(await now(full)).toEqual(full);
    expect(await secrets.get('sub_full')).toBeDefined();
    expect(await now({ organization: 'org_full', id: 'sub_next' })).toHaveProperty('problem');
    expect(counted('SubscriptionNotesRefused')).toBe(1);
  });

  it('because its record in the stream cannot be read is acknowledged and counted', async () => {
    await putInto('Subscriptions', { organization: 'org_odd', id: 'sub_odd', url: 'no' });
    await putInto('Subscriptions', { organization: 'org_odd', id: 'sub_next', url: 'no' });
    const changes = await guard.changes();
    delete changes.Records.find(({ dynamodb }) => dynamodb?.Keys?.id?.S === 'sub_odd')!.dynamodb!.Keys;

    expect(await guard.handle(changes)).toEqual({ batchItemFailures: [] });

    expect(await now({ organization: 'org_odd', id: 'sub_next' })).toHaveProperty('problem');
    expect(counted('SubscriptionChangesUnreadable')).toBe(1);
    await guard.settle();
  });

  it.each([
    ['nothing in it', {}],
    ['a type that nobody knows', { XYZ: '1' }],
    ['a list that is none', { L: 'x' }],
  ])('but for one value with %s is looked at, recorded and explained as any other', async (_what, odd) => {
    const row = { organization: 'org_odd', id: `sub_odd_${nextNumber()}`, url: 'no', headers: {} };
    await putInto('Subscriptions', row);
    const changes = await guard.changes();
    changes.Records[0]!.dynamodb!.NewImage!.headers = odd as never;

    expect(await guard.handle(changes)).toEqual({ batchItemFailures: [] });

    expect(await now(row)).toHaveProperty('problem');
    expect(await guard.trail(row.id)).toHaveLength(1);
    await guard.settle();
  });
});

describe('who changed a row last, and when,', () => {
  it.each([
    ['long ago', '2020-01-01T00:00:00.000Z'],
    ['in years', '2099-01-01T00:00:00.000Z'],
    ['never', 'yesterday'],
  ])('is noted anew although a person typed another’s name and that it was %s', async (_what, updated_at) => {
    const row = await typed();
    const record = (await guard.trail(row.id))[0]!.id;
    const before = Math.floor(Date.now() / 1000) * 1000;
    await edit(row, { description: 'x', changed_by: `key_1 ${record}`, updated_at });
    const changes = await guard.changes();
    await guard.handle(changes);
    const noted = (await now(row))!;
    await guard.handle(changes);
    await guard.settle();

    expect(await now(row)).toEqual(noted);
    expect(noted.changed_by).toBe('table');
    expect(Date.parse(String(noted.updated_at))).toBeGreaterThanOrEqual(before);
    expect(Date.parse(String(noted.updated_at))).toBeLessThanOrEqual(Date.now());
  });
});
