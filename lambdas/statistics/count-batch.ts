import { countLine } from '../domain/counts/counts.ts';
import { hourOf } from '../domain/counts/hours.ts';
import type { Graveyard } from '../domain/purge.ts';
import { eventIdMs } from '../domain/ulid-time.ts';
import type { CountedAt, CountScope } from '../stores/statistics.ts';
import type { AddedLine, StatisticsDeps } from './ports.ts';

/** Rows written at the same time: each takes some 5 ms of waiting, and the function's share of a processor is small. */
const AT_ONCE = 25;

/** The lines of a batch that belong to one row. */
interface Group {
  scope: CountScope;
  hour: string;
  lines: CountedAt[];
}

/**
 * Adds a batch of one shard to the counts of its subscriptions, of their organizations and of everything: one write for each
 * row, whatever the number of lines.
 * @throws when a row could not be written. The whole batch comes again then, and the rows that were written know it.
 */
export async function countBatch(
  added: readonly AddedLine[],
  shard: string | undefined,
  { statistics, graves, metrics }: Pick<StatisticsDeps, 'statistics' | 'graves' | 'metrics'>,
): Promise<void> {
  const left = [...groupsOf(added, await graves.load())];
  metrics.count('LinesCounted', added.length);
  metrics.count('StatisticsRowsWritten', left.length);
  const work = async (): Promise<void> => {
    for (let group = left.pop(); group !== undefined; group = left.pop()) {
      await statistics.add(group.scope, group.hour, shard, group.lines);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function groupsOf(added: readonly AddedLine[], graveyard: Graveyard): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const line of added) {
    const { organization, subscription, sequence } = line;
    const hour = hourOf(line.attempted_ms);
    const counted = { sequence, ...countLine(line) };
    // Only a whole organization's counts go: those of a resource say nothing of it.
    const isDead = graveyard.isDead({ organization, enqueued_ms: eventIdMs(line.event_id) ?? line.attempted_ms });
    for (const scope of isDead ? [{}] : [{ organization, subscription }, { organization }, {}]) {
      const name = JSON.stringify([scope.organization, scope.subscription, hour]);
      const group = groups.get(name);
      if (group) group.lines.push(counted);
      else groups.set(name, { scope, hour, lines: [counted] });
    }
  }
  return groups.values();
}
