import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countBatch } from '../../lambdas/statistics/count-batch.ts';
import { addHours } from '../../lambdas/statistics/add-hours.ts';
import type { AddedLine, StatisticsDeps } from '../../lambdas/statistics/ports.ts';
import { createCountedLineStore } from '../../lambdas/stores/dynamodb/counted-lines.ts';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import type { CountScope, StatisticsStore } from '../../lambdas/stores/statistics.ts';
import { gravesOf } from '../support/graves.ts';
import { startTables, type Tables } from '../support/tables.ts';

const HOUR = '2026-01-31T09';
const SHARD = 'shardId-1';
let tables: Tables;
let store: StatisticsStore;
beforeAll(async () => {
  tables = await startTables();
  store = createStatisticsStore(tables.dynamoDb, tables.table('Statistics'));
});
afterAll(() => tables.close());

const linesOf = (now = () => Date.parse(`${HOUR}:20:00Z`), dynamoDb = tables.dynamoDb) =>
  createCountedLineStore(dynamoDb, tables.table('Statistics'), now);
const metrics = { count: () => undefined };
const graves = gravesOf();
const aLine = (sequence: number, change: Partial<AddedLine> = {}): AddedLine => ({
  sequence: String(sequence),
  organization: 'org_1',
  subscription: 'sub_1',
  event_id: 'evt_01KGA0B7FVZ6Q2M4N8P0R2T4V6',
  attempted_ms: Date.parse(`${HOUR}:15:00Z`),
  outcome: 'delivered',
  status: 200,
  ...change,
});
const delivered = async (scope: CountScope) =>
  (await store.hours(scope, HOUR, HOUR)).get(HOUR)?.counts['d_delivered'] ?? 0;

describe('a batch of lines', () => {
  it('is one write for each row of everything, and once their hour is over for each of the others: subscription, organization, everything, by hour', async () => {
    const written: string[] = [];
    const add: StatisticsStore['add'] = ({ organization, subscription }, hour, _, lines) => {
      written.push(`${organization ?? '*'} ${subscription ?? '*'} ${hour} ${lines.length}`);
      return Promise.resolve();
    };
    const later = { attempted_ms: Date.parse('2026-01-31T10:00:00Z') };
    const lines = [
      aLine(1),
      aLine(2, { subscription: 'sub_2' }),
      aLine(3),
      aLine(4, { organization: 'org_2' }),
      aLine(5, later),
    ];

    let now = Date.parse('2026-01-31T10:00:00Z');
    const deps = { statistics: { add }, lines: linesOf(() => now), graves, metrics, now: () => now };
    await countBatch(lines, SHARD, deps);
    expect(written.sort()).toEqual(['* * 2026-01-31T09 4', '* * 2026-01-31T10 1']);
    now += 2 * 3_600_000;
    await addHours(deps as unknown as StatisticsDeps);

    expect(written.sort()).toEqual([
      '* * 2026-01-31T09 4',
      '* * 2026-01-31T10 1',
      'org_1 * 2026-01-31T09 3',
      'org_1 * 2026-01-31T10 1',
      'org_1 sub_1 2026-01-31T09 2',
      'org_1 sub_1 2026-01-31T10 1',
      'org_1 sub_2 2026-01-31T09 1',
      'org_2 * 2026-01-31T09 1',
      'org_2 sub_1 2026-01-31T09 1',
    ]);
  });

  it('that ends after any of its rows is counted once when it comes again, alone or with what came after it', async () => {
    const lines = [1, 2, 3].map((n) => aLine(n, { organization: 'org_half', subscription: `sub_${n}` }));
    // The list of hours, the page of lines, the row of everything.
    const writes = 3;
    for (let written = 0; written < writes; written++) {
      const before = await delivered({});
      const shard = `shardId-half-${written}`;
      let left = written;
      const send = (command: never): Promise<unknown> =>
        (left -= 1) < 0 ? Promise.reject(new Error('killed')) : tables.dynamoDb.send(command);
      const dying = { send } as unknown as typeof tables.dynamoDb;
      const statistics = createStatisticsStore(dying, tables.table('Statistics'));
      const dies = { statistics, lines: linesOf(undefined, dying), graves, metrics };
      await expect(countBatch(lines, shard, dies)).rejects.toThrow('killed');

      await countBatch([...lines, aLine(4, { organization: 'org_half' })], shard, {
        statistics: store,
        lines: linesOf(),
        graves,
        metrics,
      });

      expect(await delivered({})).toBe(before + 4);
      expect(await delivered({ organization: 'org_half' })).toBe(4 * (written + 1));
      expect(await delivered({ organization: 'org_half', subscription: 'sub_1' })).toBe(2 * (written + 1));
    }
  });
});
