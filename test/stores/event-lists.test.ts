import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { startTables } from '../support/tables.ts';
import {
  startEvents,
  withEmptyTable,
  NOW,
  HOUR,
  DAY,
  store,
  event,
  match,
  matches,
  sorted,
  listAll,
} from './events-support.ts';

startEvents();

/** A client that counts its queries, and how often some of them began while none was under way: so often somebody waited. */
function countWaves(dynamoDb: DynamoDBDocumentClient) {
  const client = Object.create(dynamoDb) as DynamoDBDocumentClient;
  const count = { open: 0, waves: 0, queries: 0 };
  client.send = (async (command: QueryCommand) => {
    if (!(command instanceof QueryCommand)) return dynamoDb.send(command);
    count.queries += 1;
    if ((count.open += 1) === 1) count.waves += 1;
    try {
      return await dynamoDb.send(command);
    } finally {
      count.open -= 1;
    }
  }) as DynamoDBDocumentClient['send'];
  return { client, waves: () => count.waves, queries: () => count.queries };
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
    await withEmptyTable(async () => {
      const events = await recordDays(['a', 'b', 'c'], 130, 2.5 * HOUR);

      expect((await listAll({}, 7)).ids).toEqual(newestFirst(events));
      expect((await listAll({}, 100)).ids).toEqual(newestFirst(events));
      const shifts = events.filter(({ type }) => type === 'shift.created');
      expect((await listAll({ type: 'shift.created' }, 5)).ids).toEqual(newestFirst(shifts));
    });
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

  it('finds a few events of a quiet month, page by page, newest first', async () => {
    await withEmptyTable(async () => {
      const events = [0, 3, 4, 4.1, 11, 12, 29].map((days) => event({ enqueued_ms: NOW - days * DAY }));
      for (const one of events) await store.record(one, []);

      for (const limit of [1, 3, 100]) expect((await listAll({}, limit)).ids).toEqual(events.map(({ id }) => id));
    });
  });

  it('reads the days of a quiet month side by side, and those of a busy one only as far as they are shown', async () => {
    const fresh = await startTables();
    try {
      const { client, waves, queries } = countWaves(fresh.dynamoDb);
      const counted = createEventStore(client, fresh.table('Events'), { retentionDays: 30, now: () => NOW });
      await counted.list({}, { limit: 10 });
      const quiet = { waves: waves(), queries: queries() };

      for (let n = 0; n < 30; n++) await counted.record(event(), []);
      const before = queries();
      await counted.list({}, { limit: 10 });

      // 31 days and the one that has begun, of ten shards each: the newest, then five at a time.
      expect(quiet).toEqual({ waves: 7, queries: 310 });
      expect(queries() - before).toBe(10);
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
