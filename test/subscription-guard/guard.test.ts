import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { becauseDown, becauseGone } from '../../lambdas/domain/subscription/deactivation.ts';
import { ulidOf } from '../../lambdas/domain/ulid-time.ts';
import { auditRecord, rowHash } from '../../lambdas/stores/audit-record.ts';
import { createAuditStore } from '../../lambdas/stores/dynamodb/audit.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { createNotedRowStore } from '../../lambdas/stores/dynamodb/subscription-notes.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import type { SecretStore } from '../../lambdas/stores/secrets.ts';
import { deactivation } from '../support/deactivation.ts';
import { startGuard, type Guard } from '../support/guard.ts';
import type { TableName } from '../support/tables.ts';

const URL = 'https://hooks.example.com/in';
const GONE = becauseGone('2026-01-31T09:15:00.123Z').problem;
let guard: Guard;
let secrets: SecretStore;
let made = 0;

beforeAll(async () => {
  guard = await startGuard();
  secrets = createSecretStore(guard.tables.dynamoDb, guard.tables.table('SigningSecrets'));
});
afterAll(() => guard.close());
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => {
    vi.restoreAllMocks();
  };
});

type Row = Record<string, unknown>;

const putInto = (table: TableName, Item: Row) =>
  guard.tables.dynamoDb.send(new PutCommand({ TableName: guard.tables.table(table), Item }));
const rowIn = async (table: TableName, Key: Row): Promise<Row | undefined> =>
  (await guard.tables.dynamoDb.send(new GetCommand({ TableName: guard.tables.table(table), Key }))).Item;
const keyOf = ({ organization, id }: Row): Row => ({ organization, id });
const now = (row: Row): Promise<Row | undefined> => rowIn('Subscriptions', keyOf(row));

/** A row typed by hand, seen by the guard. */
async function typed(fields: Row = {}): Promise<Row & { organization: string; id: string }> {
  made += 1;
  const row = { organization: `org_${made}`, id: `sub_guard_${made}`, url: URL, ...fields };
  await putInto('Subscriptions', row);
  await guard.settle();
  return row;
}

/** Sets attributes of a row by hand; undefined removes. */
async function edit(row: Row, fields: Row): Promise<void> {
  const next = { ...(await now(row)), ...fields };
  await putInto('Subscriptions', next);
}

async function remove(row: Row): Promise<void> {
  await guard.tables.dynamoDb.send(
    new DeleteCommand({ TableName: guard.tables.table('Subscriptions'), Key: keyOf(row) }),
  );
}

/** Deactivates as the sender does after a 410. */
const deactivate = ({ organization, id }: { organization: string; id: string }, at: string) =>
  deactivation(guard.tables)({ organization, subscription: id }, URL, becauseGone('2026-01-31T09:15:00.123Z'), at);

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

describe('a problem that is not the guard’s', () => {
  it('stays when a person edits something else', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await edit(row, { description: 'asked the customer' });
    await guard.settle();

    expect(await now(row)).toMatchObject({ active: false, problem: GONE });
  });

  it('clears when a person activates the row again', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await guard.settle();
    await edit(row, { active: true });
    await guard.settle();

    expect(await now(row)).toMatchObject({ active: true });
    expect(await now(row)).not.toHaveProperty('problem');
  });

  it('clears when a person removes the attribute active', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await guard.settle();
    await edit(row, { active: undefined });
    await guard.settle();

    expect(await now(row)).not.toHaveProperty('problem');
  });

  it('is kept in front of the guard’s own, and outlives it', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await edit(row, { format: 'xml' });
    await guard.settle();
    const both = (await now(row))!.problem;
    await edit(row, { format: 'thin' });
    await guard.settle();

    expect(both).toMatch(/^The endpoint answered 410 Gone.*Nothing is sent until this row is mended: format: /);
    expect((await now(row))!.problem).toBe(GONE);
  });

  it.each([
    ['a 410', becauseGone('2026-01-31T09:15:00.123Z')],
    ['days of outage', becauseDown('2026-01-31T09:15:00.123Z')],
  ])('is taken off an active row that was copied from one that %s switched off', async (_what, { problem }) => {
    const copy = await typed({ problem, active: true });

    expect(await now(copy)).toMatchObject({ active: true });
    expect(await now(copy)).not.toHaveProperty('problem');
  });

  it('stays on a copy that is off as well', async () => {
    const copy = await typed({ problem: GONE, active: false });

    expect(await now(copy)).toMatchObject({ problem: GONE });
  });

  it('stays on an active row: it is somebody’s note', async () => {
    const row = await typed({ problem: 'customer moves in May' });

    expect((await now(row))!.problem).toBe('customer moves in May');
  });
});

describe('signing secrets', () => {
  it('are made once, and not again by later edits', async () => {
    const row = await typed();
    const first = await secrets.get(row.id);
    await edit(row, { description: 'x' });
    await guard.settle();

    expect(first?.secrets[0]?.key).toMatch(/^whsec_/);
    expect(await secrets.get(row.id)).toEqual(first);
  });

  it('are made again for a row that lost them', async () => {
    const row = await typed();
    await guard.tables.dynamoDb.send(
      new DeleteCommand({ TableName: guard.tables.table('SigningSecrets'), Key: { subscription: row.id } }),
    );
    await edit(row, { description: 'x' });
    await guard.settle();

    expect((await secrets.get(row.id))?.secrets).toHaveLength(1);
  });

  it('of another organization are a problem of the row that has its id, and stay as they are', async () => {
    const owner = await typed();
    const theirs = await secrets.get(owner.id);
    const thief = await typed({ id: owner.id });

    expect((await now(thief))!.problem).toMatch(/id: expected one that no other organization uses/);
    expect(await now(owner)).not.toHaveProperty('problem');
    expect(await secrets.get(owner.id)).toEqual(theirs);
  });

  it('that cannot be used are a problem', async () => {
    const row = await typed();
    await putInto('SigningSecrets', {
      subscription: row.id,
      organization: row.organization,
      secrets: [{ key: 'typed by hand', created_ms: 1 }],
    });
    await edit(row, { description: 'x' });
    await guard.settle();

    expect((await now(row))!.problem).toMatch(/signing secret: expected a valid one/);
  });

  it('that are too short are a problem that says so, without showing them', async () => {
    const row = await typed();
    const key = `whsec_${Buffer.alloc(20, 7).toString('base64')}`;
    await putInto('SigningSecrets', {
      subscription: row.id,
      organization: row.organization,
      secrets: [{ key, created_ms: 1 }],
    });
    await edit(row, { description: 'x' });
    await guard.settle();

    const { problem } = (await now(row))!;
    expect(problem).toMatch(/signing secret: .*base64 of 24 to 64 bytes, got one of 20 bytes/);
    expect(problem).not.toContain(key.slice(6, 20));
  });

  it.each([
    ['a line break behind it', (key: string) => `${key}\n`],
    ['no prefix', (key: string) => key.slice(6)],
  ])('with %s are understood', async (_what, asTyped) => {
    const row = await typed();
    const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    await putInto('SigningSecrets', {
      subscription: row.id,
      organization: row.organization,
      secrets: [{ key: asTyped(key), created_ms: 1 }],
    });
    await edit(row, { description: 'x' });
    await guard.settle();

    expect(await now(row)).not.toHaveProperty('problem');
    expect((await secrets.get(row.id))?.secrets[0]?.key).toBe(key);
  });

  it('whose entry a person has broken are a problem, too', async () => {
    const row = await typed();
    await putInto('SigningSecrets', { subscription: row.id, organization: row.organization, secrets: 'whsec_' });
    await edit(row, { description: 'x' });
    await guard.settle();

    expect((await now(row))!.problem).toMatch(/signing secret: /);
  });

  it('are not made for keys that cannot be those of a subscription', async () => {
    const row = await typed({ organization: 'Acme & Sons', id: 'sub_blank' });

    expect((await now(row))!.problem).toMatch(/organization: expected 1 to 64 letters/);
    expect(await secrets.get('sub_blank')).toBeUndefined();
  });
});

describe('a row that somebody pauses or resumes by hand', () => {
  const circuitOf = async ({ id }: { id: string }) => (await rowIn('EndpointHealth', { subscription: id }))?.circuit;
  const trailOf = async ({ id }: { id: string }) =>
    (await guard.trail(id)).map(({ actor, action }) => `${actor} ${action}`);

  it('has its circuit follow, what was held released, and both recorded as the API does', async () => {
    const row = await typed();

    await edit(row, { paused: 'yes' });
    await guard.settle();
    expect(await circuitOf(row)).toBe('paused');

    await edit(row, { paused: false });
    await guard.settle();
    const health = await rowIn('EndpointHealth', { subscription: row.id });
    expect(health).toMatchObject({ circuit: 'releasing' });
    const job = { kind: 'release', organization: row.organization, subscription_id: row.id, run: health!.release_ms };
    expect(guard.jobs.map((body) => (JSON.parse(body) as { job: unknown }).job)).toContainEqual(job);
    expect(await trailOf(row)).toEqual([
      'table subscription.created',
      'table subscription.paused',
      'table subscription.resumed',
    ]);
  });

  it('or has its customer fetch, keeps what comes in either way: released when both are over', async () => {
    const row = await typed({ delivery: 'pull', url: undefined });
    await guard.settle();
    expect([await circuitOf(row), (await now(row))!.problem]).toEqual(['paused', undefined]);

    await edit(row, { paused: true });
    await edit(row, { paused: false });
    await guard.settle();
    expect(await circuitOf(row)).toBe('paused');

    await edit(row, { delivery: 'push', url: 'https://a.example.com/in' });
    await guard.settle();
    expect(await circuitOf(row)).toBe('releasing');
  });

  it('is judged as it is now: an end that has come already leaves no pause behind', async () => {
    const row = await typed();

    await edit(row, { paused: true });
    await edit(row, { paused: null });
    await edit(row, { paused: false });
    await guard.settle();

    expect(await circuitOf(row)).toBe('releasing');
  });

  it('is explained what a pause can be', async () => {
    const row = await typed({ paused: 'for lunch' });

    expect((await now(row))!.problem).toMatch(/ paused: expected true or false, got "for lunch"/);
  });

  it('changes nothing for the owner of its id', async () => {
    const owner = await typed();
    const copy = await typed({ id: owner.id });

    await edit(copy, { paused: true });
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toBeUndefined();
  });
});

describe('a row that gets another URL by hand, or is activated', () => {
  it.each([
    [{}, { url: 'https://other.example.com/in' }],
    [{ active: false }, { active: true }],
  ])('starts its endpoint with a clean record: %j, then %j', async (before, after) => {
    const row = await typed(before);
    await putInto('EndpointHealth', { subscription: row.id, organization: row.organization, failures: 19 });

    await edit(row, after);
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: row.id })).toBeUndefined();
  });

  it('has what is held for the old one released', async () => {
    const row = await typed();
    const health = { subscription: row.id, organization: row.organization, failures: 20, circuit: 'open' };
    await putInto('EndpointHealth', health);

    await edit(row, { url: 'https://other.example.com/in' });
    await guard.settle();

    const now = await rowIn('EndpointHealth', { subscription: row.id });
    expect(now).toMatchObject({ failures: 0, circuit: 'releasing' });
    const job = { kind: 'release', organization: row.organization, subscription_id: row.id, run: now!.release_ms };
    expect(guard.jobs.map((body) => (JSON.parse(body) as { job: unknown }).job)).toContainEqual(job);
  });

  it('changes nothing for the owner of its id', async () => {
    const owner = await typed();
    const health = { subscription: owner.id, organization: owner.organization, failures: 19 };
    await putInto('EndpointHealth', health);
    const copy = await typed({ id: owner.id });

    await edit(copy, { url: 'https://other.example.com/in' });
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toEqual(health);
  });

  it('keeps the record of its endpoint with any other edit', async () => {
    const row = await typed();
    const health = { subscription: row.id, organization: row.organization, failures: 19 };
    await putInto('EndpointHealth', health);

    await edit(row, { description: 'x' });
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: row.id })).toEqual(health);
  });
});

describe('a deleted row', () => {
  it('takes its secrets, its health and what is held for it along', async () => {
    const row = await typed();
    const held = createHeldStore(guard.tables.dynamoDb, guard.tables.table('HeldDeliveries'));
    await putInto('EndpointHealth', { subscription: row.id, organization: row.organization, failures: 3 });
    for (let n = 0; n < 60; n++) {
      await putInto('HeldDeliveries', { subscription: row.id, event_id: `evt_${n}`, organization: row.organization });
    }

    await remove(row);
    await guard.settle();

    expect(await secrets.get(row.id)).toBeUndefined();
    expect(await rowIn('EndpointHealth', { subscription: row.id })).toBeUndefined();
    expect(await held.forget(row.id, row.organization)).toBe(0);
  });

  it.each(['open', 'releasing', 'closing'])(
    'leaves a circuit that is %s, and what is held, to recovery, however often it is told',
    async (circuit) => {
      const row = await typed();
      const health = { subscription: row.id, organization: row.organization, failures: 20, circuit };
      const held = { subscription: row.id, event_id: 'evt_1', organization: row.organization };
      await putInto('EndpointHealth', health);
      await putInto('HeldDeliveries', held);

      await remove(row);
      const changes = await guard.changes();
      await guard.handle(changes);
      await guard.handle(changes);

      expect(await secrets.get(row.id)).toBeUndefined();
      expect(await rowIn('EndpointHealth', { subscription: row.id })).toEqual(health);
      expect(await rowIn('HeldDeliveries', { subscription: row.id, event_id: 'evt_1' })).toEqual(held);
    },
  );

  it('with the id of another organization takes along what is held for it, and leaves the open circuit of the owner', async () => {
    const owner = await typed();
    const health = { subscription: owner.id, organization: owner.organization, failures: 20, circuit: 'open' };
    await putInto('EndpointHealth', health);
    const thief = await typed({ id: owner.id });
    for (const { organization } of [owner, thief]) {
      await putInto('HeldDeliveries', { subscription: owner.id, event_id: `evt_${organization}`, organization });
    }

    await remove(thief);
    await guard.settle();

    const heldOf = ({ organization }: Row) =>
      rowIn('HeldDeliveries', { subscription: owner.id, event_id: `evt_${String(organization)}` });
    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toEqual(health);
    expect(await heldOf(owner)).toBeDefined();
    expect(await heldOf(thief)).toBeUndefined();
  });

  it('leaves the owner of its id alone when it never was its own', async () => {
    const owner = await typed();
    await putInto('EndpointHealth', { subscription: owner.id, organization: owner.organization, failures: 3 });
    await putInto('HeldDeliveries', { subscription: owner.id, event_id: 'evt_1', organization: owner.organization });
    const thief = await typed({ id: owner.id });

    await remove(thief);
    await guard.settle();

    expect((await secrets.get(owner.id))?.organization).toBe(owner.organization);
    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toBeDefined();
    expect(await rowIn('HeldDeliveries', { subscription: owner.id, event_id: 'evt_1' })).toBeDefined();
  });

  it('that was typed again at once keeps its secret', async () => {
    const row = await typed();
    const before = await secrets.get(row.id);
    await remove(row);
    await putInto('Subscriptions', row);
    await guard.settle();

    expect(await secrets.get(row.id)).toEqual(before);
  });
});

describe('a deletion that is undone', () => {
  it('brings back the secret that the customer verifies with', async () => {
    const row = await typed();
    const before = await secrets.get(row.id);
    const whole = (await now(row))!;
    await remove(row);
    await guard.settle();

    await putInto('Subscriptions', whole);
    await guard.settle();

    expect(await secrets.get(row.id)).toEqual(before);
    expect(await now(row)).not.toHaveProperty('problem');
  });

  it('in another organization gets neither that secret nor a new one, and says why', async () => {
    const row = await typed();
    const before = await secrets.get(row.id);
    await remove(row);
    await guard.settle();

    const copy = await typed({ id: row.id });

    expect((await now(copy))!.problem).toMatch(
      /id: expected one that no other organization uses, or had in the last 7/,
    );
    expect(await secrets.get(row.id)).toBeUndefined();
    await putInto('Subscriptions', row);
    await guard.settle();
    expect(await secrets.get(row.id)).toEqual(before);
  });

  it('of many rows at once brings back the secret of each', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => ({ organization: 'org_many', id: `sub_many_${n}`, url: URL }));
    const keys = () => Promise.all(rows.map(async ({ id }) => (await secrets.get(id))?.secrets[0]?.key));
    for (const row of rows) await putInto('Subscriptions', row);
    await guard.settle();
    const before = await keys();
    for (const row of rows) await remove(row);
    await guard.settle();
    const meanwhile = await keys();
    for (const row of rows) await putInto('Subscriptions', row);
    await guard.settle();

    expect(new Set(before).size).toBe(rows.length);
    expect(meanwhile.filter((key) => key !== undefined)).toEqual([]);
    expect(await keys()).toEqual(before);
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
    made += 1;
    const row = { organization: 'org_odd', id: `sub_odd_${made}`, url: 'no', headers: {} };
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

describe('the audit trail', () => {
  it('has one record of each edit by hand, with old and new, and no value that may be a secret', async () => {
    const row = await typed({ headers: { 'X-Token': 'geheim' } });
    const other = 'https://other.example.com/';
    await edit(row, { url: `${other}?key=geheim`, headers: { 'X-Token': 'geheimer' }, passwort: 'geheim' });
    await guard.settle();
    await remove(row);
    await guard.settle();

    const trail = await guard.trail(row.id);
    expect(trail.map(({ actor, action, changed }) => ({ actor, action, changed }))).toEqual([
      { actor: 'table', action: 'subscription.created', changed: ['headers', 'id', 'organization', 'url'] },
      { actor: 'table', action: 'subscription.changed', changed: ['headers', 'passwort', 'url'] },
      { actor: 'table', action: 'subscription.deleted', changed: ['headers', 'id', 'organization', 'passwort', 'url'] },
    ]);
    expect(trail[1]!.changes!.url).toMatchObject({ new: expect.stringContaining(other) as string });
    expect(trail[1]!.before_sha256).toBe(trail[0]!.after_sha256);
    expect(trail[2]!.before_sha256).toBe(trail[1]!.after_sha256);
    expect(JSON.stringify(trail)).not.toContain('geheim');
  });

  it('names the platform when it switched a subscription off by itself', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await guard.settle();
    await edit(row, { active: true });
    await guard.settle();
    await deactivate(row, '2026-02-01T09:15:00.123Z');
    await guard.settle();

    // Not in order: the stream tells whole seconds, so within one of them an edit by hand may list first.
    const records = await guard.trail(row.id);
    expect(records.map(({ actor, changed }) => `${actor}: ${changed.join()}`).sort()).toEqual([
      'posthorn: active',
      'posthorn: active',
      'table: active',
      'table: id,organization,url',
    ]);
  });

  /** An edit by hand that names a record of the very same change. @returns who made it, as the trail says. */
  async function editNaming(record: { actor: string; ageMs: number }): Promise<string[]> {
    const row = await typed();
    const before = (await now(row))!;
    const after = { ...before, description: 'x' };
    const id = `aud_${ulidOf(Date.now() - record.ageMs, BigInt(made))}`;
    const store = createAuditStore(guard.tables.dynamoDb, guard.tables.table('AuditTrail'), { retentionDays: 2192 });
    const about = { object_type: 'subscription', object_id: row.id, organization: row.organization } as const;
    const action = 'subscription.changed' as const;
    await store.append(auditRecord({ id, actor: record.actor, action, ...about, before, after }));
    await edit(row, { description: 'x', changed_by: `key_1 ${id}` });
    await guard.settle();
    const changes = (await guard.trail(row.id)).filter(({ changed }) => changed.join() === 'description');
    return changes.map(({ actor }) => actor).sort();
  }

  it('believes a record that was made just before, and adds none', async () => {
    expect(await editNaming({ actor: 'key_1', ageMs: 50_000 })).toEqual(['key_1']);
  });

  it.each([
    ['made more than a minute before', { actor: 'key_1', ageMs: 62_000 }],
    ['made more than a minute later', { actor: 'key_1', ageMs: -62_000 }],
    ['of an edit by hand', { actor: 'table', ageMs: 0 }],
  ])('does not believe a record that was %s', async (_what, record) => {
    expect(await editNaming(record)).toEqual([record.actor, 'table'].sort());
  });

  it('does not take another change for the recorded one, although both began at the same row', async () => {
    const row = await typed();
    const record = {
      id: `aud_${'0'.repeat(25)}7`,
      actor: 'key_1',
      action: 'subscription.changed',
      object_type: 'subscription',
      object_id: row.id,
      organization: row.organization,
      before_sha256: rowHash(row),
      after_sha256: rowHash({ ...row, description: 'recorded' }),
      changed: ['description'],
      month: '1970-01',
      expires_at: Date.now(),
    };
    await putInto('AuditTrail', record);
    await edit(row, { url: 'https://evil.example.com/', changed_by: `key_1 ${record.id}` });
    await guard.settle();

    expect((await guard.trail(row.id)).filter(({ changed }) => changed.join() === 'url')).toHaveLength(1);
  });

  it('is not deceived by a person who writes another’s name into changed_by', async () => {
    const row = await typed();
    const record = (await guard.trail(row.id))[0]!;
    await guard.tables.dynamoDb.send(
      new UpdateCommand({
        TableName: guard.tables.table('Subscriptions'),
        Key: keyOf(row),
        UpdateExpression: 'SET #url = :url, changed_by = :by',
        ExpressionAttributeNames: { '#url': 'url' },
        ExpressionAttributeValues: { ':url': 'https://evil.example.com/', ':by': `key_1 ${record.id}` },
      }),
    );
    await guard.settle();
    await edit(row, { url: 'https://worse.example.com/', changed_by: 'posthorn', updated_at: 'x' });
    await guard.settle();

    expect((await guard.trail(row.id)).map(({ actor, changed }) => `${actor}: ${changed.join()}`).slice(1)).toEqual([
      'table: url',
      'table: url',
    ]);
  });
});

describe('since when a row is inactive', () => {
  it('is noted when a person deactivates it, and taken away when one activates it', async () => {
    const row = await typed();
    await guard.settle();
    expect(await now(row)).not.toHaveProperty('inactive_since');

    await edit(row, { active: 'off' });
    await guard.settle();
    expect(Date.now() - Date.parse((await now(row))!.inactive_since as string)).toBeLessThan(60_000);

    await edit(row, { active: true });
    await guard.settle();
    expect(await now(row)).not.toHaveProperty('inactive_since');
  });

  it('becomes the time of which nothing was sent when a person activates it', async () => {
    const row = await typed();
    await edit(row, { active: 'off' });
    await guard.settle();
    const { inactive_since } = (await now(row))!;

    await edit(row, { active: true });
    await guard.settle();

    const after = (await now(row))!;
    expect(after.missed_since).toBe(inactive_since);
    expect(Date.now() - Date.parse(after.missed_until as string)).toBeLessThan(60_000);
  });

  it('says nothing of a row that was never off', async () => {
    const copied = await typed({ inactive_since: '2020-01-01T00:00:00.000Z' });

    await guard.settle();

    expect(await now(copied)).not.toHaveProperty('inactive_since');
    expect(await now(copied)).not.toHaveProperty('missed_since');
  });

  it('is noted of a row that is typed inactive, and of one that was left with an old time', async () => {
    const made = await typed({ active: false });
    const copied = await typed({ active: false, inactive_since: '2020-01-01T00:00:00.000Z' });

    await guard.settle();

    for (const row of [made, copied])
      expect((await now(row))!.inactive_since).toMatch(new RegExp(`^${new Date().getUTCFullYear()}-`));
  });

  it('stays as it is with any other edit', async () => {
    const row = await typed({ active: false });
    await guard.settle();
    const { inactive_since } = (await now(row))!;

    await edit(row, { description: 'still off' });
    await guard.settle();

    expect((await now(row))!.inactive_since).toBe(inactive_since);
  });
});
