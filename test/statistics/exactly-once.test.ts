import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { monotonicFactory } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId, OUTCOMES, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { countLine, sumOf, type Counted } from '../../lambdas/domain/counts/counts.ts';
import { hourOf } from '../../lambdas/domain/counts/hours.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { fromItem, type AttemptItem } from '../../lambdas/stores/dynamodb/attempt-item.ts';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import type { CountScope } from '../../lambdas/stores/statistics.ts';
import { startLineFeed, type Fate } from '../support/line-feed.ts';
import { startTables, type Tables } from '../support/tables.ts';
import { waitFor } from '../support/wait-for.ts';

// The real table, its stream, Lambda's poller as the local platform has it, and the real handler: what is counted is what a
// scan of the delivery log says, whatever comes twice and whatever is killed on the way.

const HOURS = [Date.parse('2026-01-31T09:59:00Z'), Date.parse('2026-01-31T10:01:00Z')];
const SCOPES: CountScope[] = [
  {},
  ...['org_a', 'org_b'].flatMap((organization) => [
    { organization },
    ...['sub_1', 'sub_2', 'sub_3'].map((subscription) => ({ organization, subscription })),
  ]),
];
const ulid = monotonicFactory();
/** A sequence of its own that looks like chance: a failure can be run again. */
const chance = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const log = () => createAttemptStore(tables.dynamoDb, tables.table('Attempts'), { retentionDays: 90 });

function someLines(count: number, random: () => number): Attempt[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  return Array.from({ length: count }, () => {
    const acceptedMs = pick(HOURS);
    const event_id = `evt_${ulid(acceptedMs)}`;
    const outcome = pick(OUTCOMES);
    const wasTried = !['cancelled', 'skipped'].includes(outcome) && random() < 0.8;
    // Two organizations with equal ids, as a hand edit may make them; the log cannot hold the same key twice.
    const subscription_id = pick(['sub_1', 'sub_2', 'sub_3']);
    return {
      id: attemptId(ulid(), event_id, subscription_id),
      event_id,
      subscription_id,
      organization: pick(['org_a', 'org_b']),
      type: 'visit.ended',
      attempt: 1,
      attempted_ms: acceptedMs + Math.floor(random() * 60_000),
      outcome,
      fault: outcome === 'failed' && random() < 0.2 ? ('platform' as const) : undefined,
      url: 'https://hooks.example.com/a',
      format: 'standard' as const,
      ...(wasTried && { status: pick([200, 404, 500]), timings_ms: { total: random() * 3000 }, request_bytes: 500 }),
    };
  });
}

async function scan(): Promise<Attempt[]> {
  const { Items = [] } = await tables.dynamoDb.send(new ScanCommand({ TableName: tables.table('Attempts') }));
  return Items.map((item) => fromItem(item as AttemptItem));
}

/** Everything that is counted, as the log says it and as the rows do. */
async function both(): Promise<{ told: Record<string, Counted>; scanned: Record<string, Counted> }> {
  const store = createStatisticsStore(tables.dynamoDb, tables.table('Statistics'));
  const lines = await scan();
  const told: Record<string, Counted> = {};
  const scanned: Record<string, Counted> = {};
  for (const scope of SCOPES) {
    const ofScope = lines.filter(
      (line) =>
        (scope.organization ?? line.organization) === line.organization &&
        (scope.subscription ?? line.subscription_id) === line.subscription_id,
    );
    const rows = await store.hours(scope, hourOf(HOURS[0]!), hourOf(HOURS[1]! + 60_000));
    for (const [hour, row] of rows) told[`${JSON.stringify(scope)} ${hour}`] = row;
    for (const hour of new Set(ofScope.map((line) => hourOf(line.attempted_ms)))) {
      const inHour = ofScope.filter((line) => hourOf(line.attempted_ms) === hour);
      scanned[`${JSON.stringify(scope)} ${hour}`] = sumOf(inHour.map(countLine));
    }
  }
  return { told, scanned };
}

const linesIn = (counts: Record<string, Counted>): number =>
  Object.entries(counts).reduce(
    (sum, [name, { counts: c }]) => (name.startsWith('{} ') ? sum + (c['bytes'] ?? 0) : sum),
    0,
  );

describe('statistics', () => {
  it('equal a scan of the log after kills, batches that came twice and pollers that began anew', async () => {
    const random = chance(20_261_129);
    const fates: Fate[] = ['done', 'done', 'unheard', 'not begun'];
    const feed = await startLineFeed(tables, {
      batchSize: 40,
      fate: () => fates[Math.floor(random() * fates.length)]!,
      forgetful: true,
    });
    try {
      for (let round = 0; round < 6; round++) {
        await log().append(someLines(100, random));
        await waitFor('some of it', () => feed.batches.length > round * 3);
        await feed.restart();
      }
      const { scanned } = await both();
      await waitFor('all lines', async () => linesIn((await both()).told) === linesIn(scanned));
      // Once more from the beginning, with nothing left to count.
      const before = feed.batches.length;
      await feed.restart();
      await waitFor('all of it again', () => feed.batches.slice(before).flat().length >= 600);
    } finally {
      await feed.close();
    }

    const { told, scanned } = await both();
    expect(Object.keys(told).length).toBeGreaterThan(SCOPES.length);
    expect(told).toEqual(scanned);
    // That there was something to leave out.
    const seen = feed.batches.flat();
    expect(seen.length).toBeGreaterThan(2 * new Set(seen).size);
  });

  it('do not count lines that expire or that are written over', async () => {
    const feed = await startLineFeed(tables, { batchSize: 100 });
    try {
      const lines = someLines(20, chance(7));
      await log().append(lines);
      await log().append(lines.map((line) => ({ ...line, reason: 'written again' })));
      const { scanned } = await both();
      await waitFor('all lines', async () => linesIn((await both()).told) === linesIn(scanned));
    } finally {
      await feed.close();
    }

    const { told, scanned } = await both();
    expect(told).toEqual(scanned);
  });
});
