import { hourOf } from '../../../lambdas/domain/counts/hours.ts';
import { createCountedLineStore } from '../../../lambdas/stores/dynamodb/counted-lines.ts';
import type { Posthorn } from '../../../test/support/posthorn.ts';
import type { Clocks } from './clocks.ts';
import type { Part } from './part.ts';

/** An hour, and longer than it then takes until its lines are added to the counts: the clock of statistics is moved by that. */
const HOUR_AND_MORE_MS = 75 * 60_000;
/** An hour that a dead function had is given to another after 130 s. */
const TAKEN_MS = 3 * 60_000;
/** Shares of the events at which an hour ends. */
const ENDS = [0.25, 0.5, 0.75];
/** Looks at an hour that is over, between two new lines: only a batch of them adds it. */
const PATIENCE = 3;

export interface Hours extends Part {
  /** Hours whose lines were added. */
  added: () => number;
}

/**
 * Lets hours pass for statistics, so that it adds their lines to the counts while it dies.
 * @param newLine makes a line of the log: without any nothing is added.
 */
export function startHours(posthorn: Posthorn, clocks: Clocks, newLine: () => Promise<void>): Hours {
  const store = createCountedLineStore(posthorn.dynamoDb, posthorn.output('StatisticsTableName'));
  let ends = 0;
  let looks = 0;
  /** All hours before it must have been added in the end. */
  let last: string | undefined;
  const seen = new Set<string>();
  return {
    added: () => seen.size,
    step(share) {
      if (share < (ENDS[ends] ?? Infinity)) return;
      ends += 1;
      clocks.moveStatistics(HOUR_AND_MORE_MS);
    },
    async missing() {
      if (last === undefined) {
        last = hourOf(clocks.moveStatistics(HOUR_AND_MORE_MS));
      }
      const open = (await store.hours()).filter((hour) => hour < last!);
      for (const hour of open) seen.add(hour);
      if (open.length === 0 && looks > 0) return [];
      if (looks % PATIENCE === 0) {
        if (looks > 0) clocks.moveStatistics(TAKEN_MS);
        await newLine();
      }
      looks += 1;
      return [`the hours ${open.join(', ')} to be added`];
    },
  };
}
