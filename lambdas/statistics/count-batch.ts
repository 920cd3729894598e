import { countLine } from '../domain/counts/counts.ts';
import { hourOf } from '../domain/counts/hours.ts';
import { eventIdMs } from '../domain/ulid-time.ts';
import type { CountedLine } from '../stores/counted-lines.ts';
import { addAll, groupsOf, ownScopes } from './groups.ts';
import type { AddedLine, StatisticsDeps } from './ports.ts';

/**
 * Counts a batch of one shard: everything's row at once, and for subscriptions and their organizations the lines themselves, many
 * in a row, which are added to the counts of each once their hour is over. A row for each subscription and batch would cost a
 * fifth of a delivery where most subscriptions have one line in it.
 * @throws when a row could not be written. The whole batch comes again then, and what was written knows it.
 */
export async function countBatch(
  added: readonly AddedLine[],
  shard: string | undefined,
  { statistics, lines, graves, metrics }: Pick<StatisticsDeps, 'statistics' | 'lines' | 'graves' | 'metrics'>,
): Promise<void> {
  const graveyard = await graves.load();
  const counted = added.map(toCounted);
  // Only a whole organization's counts go: those of a resource say nothing of it.
  const alive = counted.filter(
    ({ organization, accepted_ms }) => !graveyard.isDead({ organization, enqueued_ms: accepted_ms }),
  );
  metrics.count('LinesCounted', added.length);
  const total = groupsOf(counted, () => [{}]);
  if (shard === undefined) {
    // Nobody can tell whether these come again: they count as they come.
    const own = groupsOf(alive, ownScopes);
    metrics.count('StatisticsRowsWritten', total.length + own.length);
    return addAll(statistics, shard, [...own, ...total]);
  }
  const pages = await lines.write(shard, alive);
  metrics.count('StatisticsRowsWritten', total.length + pages);
  await addAll(statistics, shard, total);
}

/** What a line counts, and for whom. */
export function toCounted(line: AddedLine): CountedLine {
  const { organization, subscription, sequence, event_id, attempted_ms } = line;
  return {
    organization,
    subscription,
    sequence,
    hour: hourOf(attempted_ms),
    accepted_ms: eventIdMs(event_id) ?? attempted_ms,
    ...countLine(line),
  };
}
