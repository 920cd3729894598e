import { ScanCommand, type DynamoDBDocumentClient, type QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countLine, sumOf, type Counted } from '../../lambdas/domain/counts/counts.ts';
import { HOUR_MS, hourOf } from '../../lambdas/domain/counts/hours.ts';
import { addHours } from '../../lambdas/statistics/add-hours.ts';
import { countBatch, toCounted } from '../../lambdas/statistics/count-batch.ts';
import type { AddedLine, StatisticsDeps } from '../../lambdas/statistics/ports.ts';
import { createCountedLineStore } from '../../lambdas/stores/dynamodb/counted-lines.ts';
import { createCountedLinePurge } from '../../lambdas/stores/dynamodb/counted-lines-purge.ts';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import type { CountScope } from '../../lambdas/stores/statistics.ts';
import { gravesOf } from '../support/graves.ts';
import { startTables, type Tables } from '../support/tables.ts';

// Lines lie together until their hour is over, and are then added to the rows. Whoever asks gets the same numbers before,
// meanwhile and afterwards, whatever is killed and whatever comes twice in another cut.

const NOON = Date.parse('2026-01-31T12:00:00Z');
const FOREVER = ['0000-01-01T00', '9999-12-31T23'] as const;
let tables: Tables;
let now: number;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());
beforeEach(async () => {
  now = NOON;
  const { Items = [] } = await scan();
  const { deleteAll } = await import('../../lambdas/stores/dynamodb/batch-write.ts');
  const keys = Items.map(keyOf);
  await deleteAll(tables.dynamoDb, tables.table('Statistics'), keys);
});

const keyOf = ({ organization, scope_hour }: Record<string, unknown>): Record<string, unknown> => ({
  organization,
  scope_hour,
});
const scan = () => tables.dynamoDb.send(new ScanCommand({ TableName: tables.table('Statistics') }));
/** Rows in which lines lie together. */
const pages = async (): Promise<number> =>
  (await scan()).Items!.filter(({ organization }) => (organization as string).startsWith('#lines#')).length;
/** Hours that are not added yet. */
const linesLeft = async (): Promise<number> =>
  (await scan()).Items!.filter(({ organization }) => organization === '#lines').length;

/** @param mayCall how many calls of the table are made before it dies. */
function depsOf({ mayCall = Infinity, graves = gravesOf() } = {}): StatisticsDeps {
  let left = mayCall;
  const send = (command: never): Promise<unknown> =>
    (left -= 1) < 0 ? Promise.reject(new Error('killed')) : tables.dynamoDb.send(command);
  const dynamoDb = { send } as unknown as DynamoDBDocumentClient;
  const lines = createCountedLineStore(dynamoDb, tables.table('Statistics'), () => now);
  return {
    statistics: createStatisticsStore(dynamoDb, tables.table('Statistics'), lines),
    lines,
    graves,
    metrics: { count: () => undefined },
    logger: undefined as never,
    errorFields: undefined as never,
    now: () => now,
  };
}

const aLine = (sequence: number, change: Partial<AddedLine> = {}): AddedLine => ({
  sequence: String(sequence),
  organization: 'org_1',
  subscription: 'sub_1',
  event_id: `evt_${ulid(NOON - 5000)}`,
  attempted_ms: NOON,
  outcome: 'delivered',
  status: 200,
  timings_ms: { total: sequence },
  ...change,
});

const told = async (
  { organization, subscription }: CountScope,
  dynamoDb = tables.dynamoDb,
): Promise<Record<string, Counted>> => {
  const store = createStatisticsStore(dynamoDb, tables.table('Statistics'));
  return Object.fromEntries(await store.hours({ organization, subscription }, ...FOREVER));
};

/** What lines amount to, of each scope that they count for. */
function expected(lines: readonly AddedLine[]): Map<string, Record<string, Counted>> {
  const all = new Map<string, AddedLine[]>([['{}', [...lines]]]);
  for (const line of lines) {
    const { organization, subscription } = line;
    for (const scope of [{ organization }, { organization, subscription }]) {
      const name = JSON.stringify(scope);
      all.set(name, [...(all.get(name) ?? []), line]);
    }
  }
  const byHour = (some: AddedLine[]): Record<string, Counted> =>
    Object.fromEntries(
      [...Map.groupBy(some, (line) => hourOf(line.attempted_ms))].map(([hour, of]) => [hour, sumOf(of.map(countLine))]),
    );
  return new Map([...all].map(([name, some]) => [name, byHour(some)]));
}

async function expectTold(lines: readonly AddedLine[]): Promise<void> {
  const still = readingOnce();
  for (const [name, hours] of expected(lines)) {
    expect(await told(JSON.parse(name) as CountScope, still), name).toEqual(hours);
  }
}

/** For as long as nothing is written: dozens of scopes are told from the same pages, which it asks for once. */
function readingOnce(): DynamoDBDocumentClient {
  const answers = new Map<string, Promise<unknown>>();
  const send = (command: QueryCommand): Promise<unknown> => {
    const asked = JSON.stringify([command.constructor.name, command.input]);
    const answer = answers.get(asked) ?? tables.dynamoDb.send(command);
    answers.set(asked, answer);
    return answer;
  };
  return { send } as unknown as DynamoDBDocumentClient;
}

/** A sequence of its own that looks like chance: a failure can be run again. */
const chance = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

describe('lines of an hour', () => {
  it('are told at once, and the same when they were added', async () => {
    const lines = [aLine(1), aLine(2, { subscription: 'sub_2' }), aLine(3, { organization: 'org_2' }), aLine(4)];
    await countBatch(lines, 'shardId-1', depsOf());
    await expectTold(lines);
    expect(await linesLeft()).toBeGreaterThan(0);

    now += 2 * HOUR_MS;
    await addHours(depsOf());

    await expectTold(lines);
    expect(await linesLeft()).toBe(0);
  });

  it('that came again when the hour was over, in another cut, are told once', async () => {
    const lines = [1, 2, 3, 4].map((n) => aLine(n));
    now = NOON + HOUR_MS - 1;
    await depsOf().lines.write('shardId-1', lines.slice(0, 3).map(toCounted));
    now += 1;
    await countBatch(lines.slice(0, 2), 'shardId-1', depsOf());
    await countBatch(lines.slice(2), 'shardId-1', depsOf());
    await expectTold(lines);

    now += HOUR_MS;
    await addHours(depsOf());
    await expectTold(lines);
    now += HOUR_MS;
    await addHours(depsOf());

    await expectTold(lines);
    expect(await linesLeft()).toBe(0);
  });

  it('wait until nobody writes any more', async () => {
    await countBatch([aLine(1)], 'shardId-1', depsOf());

    now = NOON + HOUR_MS + 9 * 60_000;
    await addHours(depsOf());

    expect(await linesLeft()).toBeGreaterThan(0);
  });

  it('are added in their order, hour by hour, while somebody else has the oldest', async () => {
    await countBatch([aLine(1)], 'shardId-1', depsOf());
    now += HOUR_MS;
    await countBatch([aLine(2)], 'shardId-1', depsOf());
    now += 2 * HOUR_MS;
    await depsOf().lines.claim(hourOf(NOON), now, 60_000);

    await addHours(depsOf());
    await expectTold([aLine(1), aLine(2)]);
    now += 61_000;
    await addHours(depsOf());

    await expectTold([aLine(1), aLine(2)]);
    expect(await linesLeft()).toBe(0);
  });

  it.each([
    ['small batches, which are one group', [30, 60]],
    ['a small and a large batch', [20]],
  ])('go on where the time for one batch ended: %s', async (_of, cuts) => {
    const lines = Array.from({ length: 90 }, (_, n) => aLine(n + 1, { organization: `org_${n % 30}` }));
    for (const [index, from] of [0, ...cuts].entries()) {
      await countBatch(lines.slice(from, cuts[index]), 'shardId-1', depsOf());
    }
    now += 2 * HOUR_MS;
    let rounds = 0;
    while ((await linesLeft()) > 0 && rounds < 100) {
      const deps = depsOf();
      const add = deps.statistics.add;
      deps.statistics = { add: (...row) => ((now += 15_000), add(...row)) };
      await addHours(deps);
      rounds += 1;
      await expectTold(lines);
    }

    expect(rounds).toBeGreaterThan(2);
    expect(rounds).toBeLessThan(100);
  });

  it('of a purged organization are not added', async () => {
    await countBatch([aLine(1), aLine(2, { organization: 'org_2' })], 'shardId-1', depsOf());
    now += 2 * HOUR_MS;

    await addHours(depsOf({ graves: gravesOf({ organization: 'org_1' }) }));

    expect(await told({ organization: 'org_1' })).toEqual({});
    expect(Object.keys(await told({ organization: 'org_2' }))).toHaveLength(1);
  });

  it('of one organization are taken away, and of nobody else', async () => {
    const kept = [aLine(2, { organization: 'org_2' }), aLine(3, { organization: 'org_3' })];
    await countBatch([aLine(1), ...kept, aLine(4)], 'shardId-1', depsOf());

    const store = createCountedLinePurge(tables.dynamoDb, tables.table('Statistics'));
    const forget = async (organization: string): Promise<number> => {
      const shared = (await scan()).Items!.filter((row) => store.mayHold(row, organization));
      const keys = shared.map(keyOf);
      return (await Promise.all(keys.map((key) => store.forget(key, organization)))).reduce((sum, n) => sum + n, 0);
    };
    expect(await forget('org_1')).toBe(2);
    expect(await forget('org_1')).toBe(0);

    expect(await told({ organization: 'org_1' })).toEqual({});
    for (const { organization } of kept) expect(Object.keys(await told({ organization }))).toHaveLength(1);
  });

  it('of two organizations are taken away at the same time', async () => {
    await countBatch(
      [aLine(1), aLine(2, { organization: 'org_2' }), aLine(3, { organization: 'org_3' })],
      'shardId-1',
      depsOf(),
    );
    const store = createCountedLinePurge(tables.dynamoDb, tables.table('Statistics'));
    const shared = (await scan()).Items!.filter((row) => store.mayHold(row, 'org_1'));
    expect(shared).toHaveLength(1);

    const forgotten = await Promise.all(['org_1', 'org_2'].map((one) => store.forget(keyOf(shared[0]!), one)));

    expect(forgotten).toEqual([1, 1]);
    expect([await told({ organization: 'org_1' }), await told({ organization: 'org_2' })]).toEqual([{}, {}]);
    expect(Object.keys(await told({ organization: 'org_3' }))).toHaveLength(1);
  });

  it('are few rows, whatever number of organizations they are of', async () => {
    const lines = (count: number): AddedLine[] =>
      Array.from({ length: count }, (_, n) => aLine(n + 1, { organization: `org_${n}`, subscription: `sub_${n}` }));
    const rowsOf = async (count: number): Promise<number> => {
      const before = await pages();
      await countBatch(lines(count), `shardId-${count}`, depsOf());
      return (await pages()) - before;
    };

    expect(await rowsOf(64)).toBe(1);
    expect(await rowsOf(512)).toBeLessThanOrEqual(8);
    expect(await rowsOf(3000)).toBeLessThanOrEqual(64);
    expect(Object.keys(await told({ organization: 'org_40', subscription: 'sub_40' }))).toHaveLength(1);
  });
});

describe('whatever is killed', () => {
  it.each([20_261_129, 20_261_130, 7_654_321])(
    'the counts are those of the log: %s',
    { timeout: 120_000 },
    async (seed) => {
      const random = chance(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
      const shards = ['shardId-a', 'shardId-b'].map((name, at) => ({
        name,
        done: 0,
        lines: Array.from({ length: 150 }, (_, n) =>
          aLine(n + 1, {
            organization: pick(['org_1', 'org_2', 'org_3']),
            // As the log has it: all lines of a subscription are of one shard, those of an organization of any.
            subscription: `sub_${at}_${pick([1, 2, 3])}`,
            outcome: pick(['delivered', 'failed', 'exhausted'] as const),
            attempted_ms: NOON + Math.floor(n / 30) * HOUR_MS * 0.7,
          }),
        ),
      }));
      let kills = 0;
      while (shards.some(({ done, lines }) => done < lines.length)) {
        const shard = pick(shards.filter(({ done, lines }) => done < lines.length));
        const batch = shard.lines.slice(shard.done, shard.done + 1 + Math.floor(random() * 25));
        const deps = depsOf(random() < 0.5 ? { mayCall: Math.floor(random() * pick([5, 150])) } : {});
        try {
          await countBatch(batch, shard.name, deps);
          await addHours(deps);
          shard.done += batch.length;
        } catch {
          kills += 1;
          // A claim that nobody gave back ends by itself.
          now += 131_000;
        }
        now += Math.floor(random() * 20 * 60_000);
      }
      const all = shards.flatMap(({ lines }) => lines);
      await expectTold(all);
      now += 100 * HOUR_MS;
      await addHours(depsOf());

      await expectTold(all);
      expect(await linesLeft()).toBe(0);
      expect(kills).toBeGreaterThan(5);
    },
  );
});
