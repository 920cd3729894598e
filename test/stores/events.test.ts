import { GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import type { EventStore, Match } from '../../lambdas/stores/events.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let tables: Tables;
let store: EventStore;
let clock = NOW;

beforeAll(async () => {
  tables = await startTables();
  store = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now: () => clock });
});
afterAll(() => tables.close());

const event = (fields: Partial<PosthornEvent> = {}): PosthornEvent => {
  const enqueued_ms = fields.enqueued_ms ?? NOW - 1_000;
  return {
    id: `evt_${ulid(enqueued_ms)}`,
    organization: 'acme',
    type: 'visit.ended',
    triggering_location: 'API',
    enqueued_ms,
    data: '{"id":9007199254740993}',
    ...fields,
  };
};

const match = (i: number, format: Match['format'] = 'standard'): Match => ({
  subscription: `sub_${String(i).padStart(26, '0')}`,
  format,
});
const matches = (count: number) =>
  Array.from({ length: count }, (_, i) => match(i, i % 3 === 0 ? 'envelope' : 'standard'));
const sorted = (list: readonly Match[]) => [...list].sort((a, b) => (a.subscription < b.subscription ? -1 : 1));

/** Every page of a list. Bounded: a cursor that never ends fails the test. */
async function listAll(filter: Parameters<EventStore['list']>[0], limit = 100) {
  const pages: PosthornEvent[][] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(filter, { limit, ...(cursor ? { cursor } : {}) });
    pages.push(page.items.map((item) => item.event));
    cursor = page.next;
  } while (cursor && pages.length < 100);
  expect(cursor).toBeUndefined();
  return { pages, ids: pages.flat().map(({ id }) => id) };
}

/** Every item of the table whose key begins with an event's id. */
async function scanFor(id: string): Promise<Record<string, unknown>[]> {
  const pages = paginateScan(
    { client: tables.dynamoDb },
    {
      TableName: tables.table('Events'),
      FilterExpression: 'begins_with(id, :id)',
      ExpressionAttributeValues: { ':id': id },
    },
  );
  const items: Record<string, unknown>[] = [];
  for await (const { Items } of pages) items.push(...(Items ?? []));
  return items;
}

describe('events of a resource', () => {
  it('are those of exactly this organization and resource, newest first, over any number of pages', async () => {
    const organization = 'resources';
    const at = (ms: number, fields: Partial<PosthornEvent> = {}) =>
      event({ organization, enqueued_ms: NOW - ms, resource_id: '28540', ...fields });
    const [first, second, third] = [at(3 * HOUR), at(2 * HOUR, { type: 'shift.created' }), at(HOUR)];
    const others = [
      at(HOUR, { resource_id: '2854' }),
      at(HOUR, { resource_id: '285400' }),
      at(HOUR, { resource_id: '' }),
      at(HOUR, { organization: 'neighbours' }),
      event({ organization, enqueued_ms: NOW - HOUR }),
    ];
    for (const one of [first, second, third, ...others]) await store.record(one, [match(1)]);
    const filter = { organization, resource_id: '28540' };

    for (const limit of [1, 2, 100]) {
      expect((await listAll(filter, limit)).ids).toEqual([third.id, second.id, first.id]);
    }
    expect((await listAll({ ...filter, type: 'visit.ended' })).ids).toEqual([third.id, first.id]);
    expect((await listAll({ ...filter, since_ms: NOW - 2 * HOUR })).ids).toEqual([third.id, second.id]);
    expect((await listAll({ ...filter, until_ms: NOW - 2 * HOUR })).ids).toEqual([second.id, first.id]);
    expect((await store.list(filter, { limit: 1 })).items[0]).toEqual({
      event: third,
      matched: [match(1).subscription],
    });
  });

  it('are found by the longest id, in any script', async () => {
    const resource_id = '☃'.repeat(128);
    const one = event({ organization: 'x'.repeat(64), resource_id });
    await store.record(one, []);

    expect((await listAll({ organization: one.organization, resource_id })).ids).toEqual([one.id]);
  });

  it('are walked oldest first, of one organization and time, with everything they matched', async () => {
    const resource_id = 'walked';
    const of = (organization: string, hours: number) =>
      event({ organization, enqueued_ms: NOW - hours * HOUR, resource_id });
    const all = [5, 4, 3, 2, 1].map((hours) => of('walk', hours));
    const others = [of('walk', 9), of('wal', 3), of('walks', 3), event({ ...of('walk', 3), resource_id: 'walked2' })];
    for (const one of [...all, ...others]) await store.record(one, matches(2));
    const to = all.at(-1)!.id;

    const first = await store.oldestFirst('walk', { from: all[0]!.id, to }, 3, resource_id);
    const rest = await store.oldestFirst('walk', { from: first.next!, to }, 3, resource_id);

    expect(first.items.map(({ event: { id } }) => id)).toEqual(all.slice(0, 3).map(({ id }) => id));
    expect(first.next).toBe(all[2]!.id);
    expect(rest.items.map(({ event: { id } }) => id)).toEqual(all.slice(2).map(({ id }) => id));
    expect(sorted(first.items[0]!.matches)).toEqual(matches(2));
  });

  it('are found by the id alone, whoever’s they are, over any number of pages', async () => {
    const resource_id = 'whoever’s';
    const of = (organization: string, ms: number, fields: Partial<PosthornEvent> = {}) =>
      event({ organization, enqueued_ms: NOW - ms, resource_id, ...fields });
    // One name begins as another ends, in every place of the alphabet.
    const [old, early, late, other] = [of('a', 3 * HOUR), of('a-b', 2 * HOUR), of('a-b', HOUR), of('_z', HOUR / 2)];
    const shift = of('Z9', HOUR, { type: 'shift.created' });
    const all = [old, early, late, other, shift];
    for (const one of [...all, of('a', HOUR, { resource_id: 'whoever’s too' })]) await store.record(one, []);
    const ids = (list: PosthornEvent[]) => list.map(({ id }) => id).sort();

    for (const limit of [1, 2, 100]) expect((await listAll({ resource_id }, limit)).ids.sort()).toEqual(ids(all));
    expect((await listAll({ resource_id }, 100)).ids).toEqual(ids(all).reverse());
    expect((await listAll({ resource_id, type: 'shift.created' }, 1)).ids).toEqual([shift.id]);
    const recent = { resource_id, since_ms: NOW - 2 * HOUR, until_ms: NOW - HOUR };
    for (const limit of [1, 2, 100]) {
      expect((await listAll(recent, limit)).ids.sort()).toEqual(ids([early, late, shift]));
    }
    expect((await listAll({ resource_id, since_ms: NOW + HOUR })).ids).toEqual([]);
  });

  it('of another time are passed over page by page', async () => {
    const resource_id = 'of long ago';
    const later = event({ organization: 'A', resource_id });
    await store.record(later, []);
    for (let n = 0; n < 520; n++) {
      await store.record(event({ organization: 'b', resource_id, enqueued_ms: NOW - 2 * DAY + n }), []);
    }

    const { pages, ids } = await listAll({ resource_id, since_ms: NOW - DAY });

    expect([pages.length, ids]).toEqual([2, [later.id]]);
  });

  it('answer a place that no page ended at', async () => {
    const cursor = Buffer.from('{"before":" "}').toString('base64url');

    expect(await store.list({ resource_id: '28540' }, { limit: 1, cursor })).toEqual({ items: [] });
  });
});

describe('recording an event', () => {
  it('keeps the event as it came, and what it matched', async () => {
    const recorded = event({ account: 'north', resource_id: 'r1', data: '{"b":1.10,"a":"é☃"}' });

    const answer = await store.record(recorded, [match(1), match(2, 'thin')]);

    expect(answer).toEqual({ first: true, matches: [match(1), match(2, 'thin')] });
    expect(await store.get('acme', recorded.id)).toEqual({
      event: recorded,
      matched: [match(1).subscription, match(2).subscription],
    });
  });

  it('changes nothing the second time and returns what the first run matched, formats included', async () => {
    const recorded = event();
    await store.record(recorded, [match(1), match(2, 'thin')]);

    const second = await store.record(recorded, [match(1, 'envelope'), match(3)]);

    expect(second).toEqual({ first: false, matches: [match(1), match(2, 'thin')] });
    expect((await store.get('acme', recorded.id))?.matched).toHaveLength(2);
  });

  it('lets one of many runs at once be the first', async () => {
    const recorded = event();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => store.record(recorded, [match(i)])));

    expect(answers.filter(({ first }) => first)).toHaveLength(1);
    const winner = answers.find(({ first }) => first)!.matches;
    for (const answer of answers) expect(answer.matches).toEqual(winner);
  });

  it('keeps an event that matched nothing and has no data', async () => {
    const { data: _data, ...ping } = event({ type: 'ping' });
    expect(await store.record(ping, [])).toEqual({ first: true, matches: [] });
    expect(await store.record(ping, [match(1)])).toEqual({ first: false, matches: [] });
    expect(await store.get('acme', ping.id)).toEqual({ event: ping, matched: [] });
  });

  it('refuses an id that no list would find', async () => {
    await expect(store.record(event({ id: 'evt_7' }), [])).rejects.toThrow(
      'Expected an event id as evt_<ULID>, got evt_7.',
    );
  });

  it.each([
    ['a small event', '{}', 10_000],
    ['a payload of 256 KiB in two-byte characters', `"${'é'.repeat(131_071)}"`, 10_000],
    ['many times more matches than one item holds', '{}', 40_000],
  ])('keeps the matches of %s complete', async (_what, data, count) => {
    const recorded = event({ data, organization: 'large' });

    await store.record(recorded, matches(count));
    const second = await store.record(recorded, []);

    expect(sorted(second.matches)).toEqual(matches(count));
    const read = await store.get('large', recorded.id);
    expect(read?.event).toEqual(recorded);
    expect(read?.matched).toHaveLength(count);
  });

  it('keeps further matches out of every list and lets them expire with the event', async () => {
    const recorded = event({ organization: 'overflow', data: `"${'x'.repeat(262_142)}"` });

    await store.record(recorded, matches(10_000));

    expect((await listAll({ organization: 'overflow' })).ids).toEqual([recorded.id]);
    const items = await scanFor(recorded.id);
    const expiry = Math.floor(recorded.enqueued_ms / 1_000) + 30 * 86_400;
    expect(items.length).toBeGreaterThan(1);
    expect(items.map((item) => item.expires_at as number)).toEqual(items.map(() => expiry));
    expect(items.filter((item) => 'bucket' in item)).toHaveLength(1);
  });

  it('does not mix the further matches of two runs at once', async () => {
    const recorded = event({ organization: 'mixed' });
    const one = Array.from({ length: 20_000 }, (_, i) => match(i));
    const other = Array.from({ length: 20_000 }, (_, i) => match(50_000 + i));

    const [a, b] = await Promise.all([store.record(recorded, one), store.record(recorded, other)]);

    const winner = a.first ? one : other;
    expect([a.first, b.first].filter(Boolean)).toHaveLength(1);
    expect(sorted(a.matches)).toEqual(winner);
    expect(sorted(b.matches)).toEqual(winner);
  });
});

describe('finding an event', () => {
  it('by its id alone', async () => {
    const recorded = event({ organization: 'hidden' });
    await store.record(recorded, [match(1)]);
    expect(await store.find(recorded.id)).toEqual({ event: recorded, matched: [match(1).subscription] });
  });

  it.each(['evt_00000000000000000000000000', 'evt_x', '', 'sub_1'])('finds nothing for %j', async (id) => {
    expect(await store.find(id)).toBeUndefined();
    expect(await store.get('acme', id === '' ? 'x' : id)).toBeUndefined();
  });

  it('keeps organizations apart', async () => {
    const recorded = event({ organization: 'theirs' });
    await store.record(recorded, []);
    expect(await store.get('mine', recorded.id)).toBeUndefined();
  });

  it('sees an event no more from the second on in which it expires, though it still lies in the table', async () => {
    const recorded = event({ organization: 'expiring', enqueued_ms: NOW });
    await store.record(recorded, []);
    const seen = async (at: number) => {
      clock = at;
      const found = [await store.get('expiring', recorded.id), await store.find(recorded.id)];
      return [...found.map((one) => one !== undefined), (await listAll({ organization: 'expiring' })).ids.length === 1];
    };
    try {
      expect(await seen(NOW + 30 * DAY - 1)).toEqual([true, true, true]);
      expect(await seen(NOW + 30 * DAY)).toEqual([false, false, false]);
    } finally {
      clock = NOW;
    }
    const Key = { organization: 'expiring', id: recorded.id };
    expect((await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('Events'), Key }))).Item).toBeDefined();
  });
});

describe('listing events', () => {
  /** Events of the last days, oldest first, in a store of their own. */
  async function recordDays(organizations: string[], count: number, stepMs: number): Promise<PosthornEvent[]> {
    const events = Array.from({ length: count }, (_, i) =>
      event({
        organization: organizations[i % organizations.length]!,
        enqueued_ms: NOW - (count - i) * stepMs,
        type: i % 10 === 0 ? 'shift.created' : 'visit.ended',
      }),
    );
    for (const one of events) await store.record(one, []);
    return events;
  }
  const newestFirst = (events: PosthornEvent[]) => events.map(({ id }) => id).reverse();

  it('shows one organization’s, newest first, page by page, each once', async () => {
    const events = await recordDays(['list-one'], 61, HOUR);
    const { pages, ids } = await listAll({ organization: 'list-one' }, 10);
    expect(ids).toEqual(newestFirst(events));
    expect(pages.map((page) => page.length)).toEqual([10, 10, 10, 10, 10, 10, 1]);
  });

  it('shows those of a time, both ends included', async () => {
    const events = await recordDays(['list-time'], 20, HOUR);
    const filter = { since_ms: events[5]!.enqueued_ms, until_ms: events[9]!.enqueued_ms };
    expect((await listAll({ organization: 'list-time', ...filter }, 3)).ids).toEqual(newestFirst(events.slice(5, 10)));
    const everybody = (await listAll(filter, 3)).ids;
    expect(everybody).toEqual(expect.arrayContaining(newestFirst(events.slice(5, 10))));
  });

  it('shows those of a type', async () => {
    const events = await recordDays(['list-type'], 61, HOUR);
    const shifts = newestFirst(events.filter(({ type }) => type === 'shift.created'));
    expect((await listAll({ organization: 'list-type', type: 'shift.created' }, 4)).ids).toEqual(shifts);
  });

  it('shows everybody’s, newest first over all days and shards, each once', async () => {
    const fresh = await startTables();
    const before = store;
    try {
      store = createEventStore(fresh.dynamoDb, fresh.table('Events'), { retentionDays: 30, now: () => clock });
      const events = await recordDays(['a', 'b', 'c'], 130, 2.5 * HOUR);

      expect((await listAll({}, 7)).ids).toEqual(newestFirst(events));
      expect((await listAll({}, 100)).ids).toEqual(newestFirst(events));
      const shifts = events.filter(({ type }) => type === 'shift.created');
      expect((await listAll({ type: 'shift.created' }, 5)).ids).toEqual(newestFirst(shifts));
    } finally {
      store = before;
      await fresh.close();
    }
  });

  it('ends a page early rather than read without end, and goes on from there', async () => {
    const data = `"${'x'.repeat(250_000)}"`;
    const events = Array.from({ length: 40 }, (_, i) =>
      event({ organization: 'heavy', enqueued_ms: NOW - 40_000 + i, data }),
    );
    for (const one of events) await store.record(one, []);

    const { pages, ids } = await listAll({ organization: 'heavy' }, 100);

    expect(ids).toEqual(newestFirst(events));
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(17);
  });

  it('walks at most 31 days for one page', async () => {
    const fresh = await startTables();
    try {
      const long = createEventStore(fresh.dynamoDb, fresh.table('Events'), { retentionDays: 365, now: () => NOW });
      const old = event({ enqueued_ms: NOW - 100 * DAY });
      await long.record(old, []);
      const found: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await long.list({}, { limit: 10, ...(cursor ? { cursor } : {}) });
        found.push(...page.items.map((item) => item.event.id));
        cursor = page.next;
        pages++;
      } while (cursor && pages < 50);
      expect(found).toEqual([old.id]);
      expect(pages).toBe(Math.ceil(367 / 31));
    } finally {
      await fresh.close();
    }
  });

  it.each([
    ['begins after it ends', { since_ms: NOW - HOUR, until_ms: NOW - 2 * HOUR }],
    ['begins in the future', { since_ms: NOW + 365 * DAY }],
    ['lies before everything', { until_ms: 0 }],
  ])('finds nothing in a time that %s', async (_, filter) => {
    await recordDays(['no-time'], 3, HOUR);

    expect(await store.list({ organization: 'no-time', ...filter }, { limit: 10 })).toEqual({ items: [] });
    expect(await store.list(filter, { limit: 10 })).toEqual({ items: [] });
  });

  it('walks no days to come, however far the end of the time lies ahead', async () => {
    await recordDays(['far-end'], 3, HOUR);

    const far = await store.list({ until_ms: Date.UTC(9999, 11, 31) }, { limit: 3 });

    expect(far.items).toHaveLength(3);
    expect(far).toEqual(await store.list({}, { limit: 3 }));
  });

  it('answers a request with an unreadable cursor as malformed', async () => {
    await expect(store.list({}, { limit: 1, cursor: '%' })).rejects.toMatchObject({ problem: 'malformed-request' });
  });
});
