import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DELIVERY_OUTCOMES, NAMES, STATUS_CLASSES, TRY_OUTCOMES } from '../../lambdas/domain/counts/counts.ts';
import { bucketOf } from '../../lambdas/domain/counts/histogram.ts';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import type { CountedAt, CountScope, StatisticsStore } from '../../lambdas/stores/statistics.ts';
import { startTables, type Tables } from '../support/tables.ts';

const DAY_MS = 86_400_000;
const HOUR = '2026-01-31T09';
const SHARD = 'shardId-00000001414576573621-f55eea83';
const OTHER_SHARD = 'shardId-00000001414576573621-0a1b2c3d';
let tables: Tables;
let store: StatisticsStore;
let scope: CountScope;
let scopes = 0;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  store = createStatisticsStore(tables.dynamoDb, tables.table('Statistics'));
  scope = { organization: `org_${(scopes += 1)}`, subscription: 'sub_1' };
});

/** Lines with these sequence numbers, each counted under `n`; the wait of each is its number. */
const lines = (...sequences: number[]): CountedAt[] =>
  sequences.map((sequence) => ({ sequence: String(sequence), counts: { n: 1 }, longestMs: sequence }));
const counted = async (where = scope) => (await store.hours(where, HOUR, HOUR)).get(HOUR);

describe('counts', () => {
  it('add up, and keep the longest wait', async () => {
    await store.add(scope, HOUR, SHARD, lines(1, 9));
    await store.add(scope, HOUR, SHARD, lines(10, 11, 12));

    expect(await counted()).toEqual({ counts: { n: 5 }, longestMs: 12 });
  });

  it('keep the longest wait when later ones are shorter, whoever wrote it', async () => {
    await store.add(scope, HOUR, OTHER_SHARD, [{ sequence: '1', counts: { n: 1 }, longestMs: 500 }]);
    const another = createStatisticsStore(tables.dynamoDb, tables.table('Statistics'));
    await another.add(scope, HOUR, SHARD, lines(7));
    await store.add(scope, HOUR, SHARD, lines(8));

    expect(await counted()).toEqual({ counts: { n: 3 }, longestMs: 500 });
  });

  it('leave out lines that come again, in the same batch', async () => {
    await store.add(scope, HOUR, SHARD, lines(1, 2, 3));
    await store.add(scope, HOUR, SHARD, lines(1, 2, 3));

    expect((await counted())?.counts).toEqual({ n: 3 });
  });

  it('leave out lines that come again in another batch, and count what is new in it', async () => {
    await store.add(scope, HOUR, SHARD, lines(1, 2, 3));
    await store.add(scope, HOUR, SHARD, lines(2, 3, 4, 5));
    await store.add(scope, HOUR, SHARD, lines(4));

    expect(await counted()).toEqual({ counts: { n: 5 }, longestMs: 5 });
  });

  it('compare sequence numbers as numbers: 9 comes before 10', async () => {
    await store.add(scope, HOUR, SHARD, lines(9));
    await store.add(scope, HOUR, SHARD, lines(10));

    expect((await counted())?.counts).toEqual({ n: 2 });
  });

  it('take equal numbers of two shards for two lines', async () => {
    await store.add(scope, HOUR, SHARD, lines(5));
    await store.add(scope, HOUR, OTHER_SHARD, lines(3, 5));

    expect((await counted())?.counts).toEqual({ n: 3 });
  });

  it('take every line where nobody says which shard it is of', async () => {
    await store.add(scope, HOUR, undefined, lines(5));
    await store.add(scope, HOUR, undefined, lines(5));

    expect((await counted())?.counts).toEqual({ n: 2 });
  });

  it('of two writers at the same time are both there', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        store.add(scope, HOUR, `shardId-${n}`, lines(...[1, 2, 3].map((i) => n + i))),
      ),
    );

    expect(await counted()).toEqual({ counts: { n: 30 }, longestMs: 12 });
  });
});

describe('scopes', () => {
  it('are apart: a subscription, an equal id of another organization, an organization, everything', async () => {
    const other = { organization: `${scope.organization}_other`, subscription: 'sub_1' };
    const organization = { organization: scope.organization };
    await store.add(scope, HOUR, SHARD, lines(1));
    await store.add(other, HOUR, SHARD, lines(1, 2));
    await store.add(organization, HOUR, SHARD, lines(1, 2, 3));
    await store.add({}, HOUR, SHARD, lines(1, 2, 3, 4));

    const all = await Promise.all([scope, other, organization, {}].map(counted));
    expect(all.map((one) => one?.counts['n'])).toEqual([1, 2, 3, 4]);
  });
});

describe('hours', () => {
  it('come oldest first, from and to inclusive, without those in which nothing happened', async () => {
    for (const hour of ['2026-01-31T08', '2026-01-31T23', '2026-02-01T00', '2026-02-01T01']) {
      await store.add(scope, hour, SHARD, lines(1));
    }

    const found = await store.hours(scope, '2026-01-31T09', '2026-02-01T00');
    expect([...found.keys()]).toEqual(['2026-01-31T23', '2026-02-01T00']);
  });

  it('are found over several pages of DynamoDB', async () => {
    // A page ends after 1 MB. Rows of that size are written at once: an update's expression ends at 4 KB.
    const long = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`${'x'.repeat(250)}${n}`, 1]));
    const hours = Array.from({ length: 24 }, (_, n) => `2026-01-31T${String(n).padStart(2, '0')}`);
    for (const hour of hours) {
      const Item = { organization: scope.organization, scope_hour: `${scope.subscription}#${hour}`, ...long };
      await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('Statistics'), Item }));
    }

    expect([...(await store.hours(scope, hours[0]!, hours.at(-1)!)).keys()]).toEqual(hours);
  });

  it('of every name at once fit into one update', async () => {
    const buckets = Array.from({ length: bucketOf(21 * DAY_MS) + 1 }, (_, bucket) => bucket);
    const names = [
      ...DELIVERY_OUTCOMES.map(NAMES.delivery),
      ...TRY_OUTCOMES.map(NAMES.try),
      ...STATUS_CLASSES.map(NAMES.status),
      NAMES.notTried,
      NAMES.bytes,
      ...buckets.map(NAMES.duration),
      ...buckets.map(NAMES.lateness),
    ];
    const counts = Object.fromEntries(names.map((name) => [name, 1]));

    await store.add(scope, HOUR, SHARD, [{ sequence: '1', counts, longestMs: 21 * DAY_MS }]);

    expect((await counted())?.counts).toEqual(counts);
  });

  it('end 400 days later', async () => {
    await store.add(scope, HOUR, SHARD, lines(1));

    const Key = { organization: scope.organization, scope_hour: `${scope.subscription}#${HOUR}` };
    const { Item: row } = await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('Statistics'), Key }));
    expect(row?.['expires_at']).toBe(Date.parse('2026-01-31T09:00:00Z') / 1000 + 400 * 86_400);
  });
});
