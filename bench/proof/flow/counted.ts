import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  countLine,
  NAMES,
  sumOf,
  TRY_OUTCOMES,
  type Counted,
  type Counts,
} from '../../../lambdas/domain/counts/counts.ts';
import { hourOf } from '../../../lambdas/domain/counts/hours.ts';
import { fromItem, type AttemptItem } from '../../../lambdas/stores/dynamodb/attempt-item.ts';
import { createStatisticsStore } from '../../../lambdas/stores/dynamodb/statistics.ts';
import type { CountScope } from '../../../lambdas/stores/statistics.ts';
import type { Posthorn } from '../../../test/support/posthorn.ts';

/** Lines wait for a second to be counted, and as long again as a killed function's batch takes to come again. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 500;
const EVER = ['0000-01-01T00', '9999-12-31T23'] as const;

/**
 * Holds the statistics against a scan of the delivery log: of everything, each organization and each subscription, by hour.
 * @param purged tries whose lines a purge has taken: they are counted with everything, and nowhere else.
 * @returns where they differ for good, in words; empty: nowhere.
 */
export async function miscounted(posthorn: Posthorn, purged: number): Promise<string[]> {
  const scanned = await scan(posthorn);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const wrong: string[] = [];
    for (const { scope, hours } of scanned.values()) {
      const told = await createStatisticsStore(posthorn.dynamoDb, posthorn.output('StatisticsTableName')).hours(
        scope,
        ...EVER,
      );
      const expected = new Map([...hours].map(([hour, lines]) => [hour, sumOf(lines)]));
      const isAll = Object.keys(scope).length === 0;
      if (isAll ? !hasBeside(told, expected, purged) : !isDeepStrictEqual(told, expected))
        wrong.push(`${JSON.stringify(scope)}: miscounted ${difference(told, expected)}`);
    }
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
    await pause(LOOK_MS);
  }
}

/** Whether it is all that the log has, and beside that no more tries than were purged. */
function hasBeside(
  told: ReadonlyMap<string, Counted>,
  expected: ReadonlyMap<string, Counted>,
  purged: number,
): boolean {
  const hours = [...new Set([...told.keys(), ...expected.keys()])];
  let beside = 0;
  for (const hour of hours) {
    const [all, log] = [told, expected].map((of) => of.get(hour)?.counts ?? {}) as [Counts, Counts];
    if (Object.entries(log).some(([name, count]) => (all[name] ?? 0) < count)) return false;
    for (const outcome of TRY_OUTCOMES) beside += (all[NAMES.try(outcome)] ?? 0) - (log[NAMES.try(outcome)] ?? 0);
  }
  return beside <= purged;
}

interface Scanned {
  scope: CountScope;
  hours: Map<string, Counted[]>;
}

async function scan(posthorn: Posthorn): Promise<Map<string, Scanned>> {
  const found = new Map<string, Scanned>();
  let start: Record<string, unknown> | undefined;
  do {
    const page: { Items?: unknown[]; LastEvaluatedKey?: Record<string, unknown> } = await posthorn.dynamoDb.send(
      new ScanCommand({
        TableName: posthorn.output('AttemptsTableName'),
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) {
      const line = fromItem(item as AttemptItem);
      const { organization, subscription_id: subscription } = line;
      for (const scope of [{}, { organization }, { organization, subscription }]) {
        const name = JSON.stringify(scope);
        const known = found.get(name) ?? { scope, hours: new Map<string, Counted[]>() };
        found.set(name, known);
        const hour = hourOf(line.attempted_ms);
        const lines = known.hours.get(hour) ?? [];
        lines.push(countLine(line));
        known.hours.set(hour, lines);
      }
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return found;
}

function difference(told: ReadonlyMap<string, Counted>, expected: ReadonlyMap<string, Counted>): string {
  const [hour] = [...expected].find(([one, counts]) => !isDeepStrictEqual(told.get(one), counts)) ?? [];
  return JSON.stringify({ hour, told: told.get(hour ?? ''), expected: expected.get(hour ?? '') });
}
