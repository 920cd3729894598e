import { HOUR_MS } from '../domain/counts/hours.ts';
import { foldedShard } from '../stores/statistics.ts';
import { addAll, groupsOf, ownScopes } from './groups.ts';
import type { StatisticsDeps } from './ports.ts';

/** So long after its end an hour is added: nobody writes lines into it any more, an invocation ends after 120 s. */
const SETTLED_MS = 10 * 60_000;
/** No invocation has an hour for longer, milliseconds. */
const TAKEN_MS = 130_000;
/** Lines wait meanwhile that are two minutes old at most: what is left goes on with the next batch. */
const SLICE_MS = 20_000;

/**
 * Adds the lines of past hours to the counts of their subscriptions and organizations: one write for each per hour,
 * instead of one per batch. Until then readers use both the lines and the rows; a row records which lines it includes.
 * @throws when a row could not be written; the next batch goes on.
 */
export async function addHours({ statistics, lines, graves, metrics, now }: StatisticsDeps): Promise<void> {
  const began = now();
  for (const hour of await lines.hours()) {
    if (now() - began > SLICE_MS) return;
    if (Date.parse(`${hour}:00:00Z`) + HOUR_MS + SETTLED_MS > began) return;
    const from = await lines.claim(hour, now(), TAKEN_MS);
    // Hour by hour: a row that has taken later lines of a shard takes no earlier ones.
    if (from === undefined) return;
    const graveyard = await graves.load();
    for await (const part of lines.parts(hour, from)) {
      for (const [shard, ofShard] of part.lines) {
        const groups = groupsOf(
          ofShard.filter(
            ({ organization, accepted_ms }) => !graveyard.isDead({ organization, enqueued_ms: accepted_ms }),
          ),
          ownScopes,
        );
        metrics.count('StatisticsRowsWritten', groups.length);
        await addAll(statistics, foldedShard(shard), groups);
      }
      if (part.next === undefined) await lines.end(hour);
      else if (now() - began > SLICE_MS) return lines.leave(hour, part.next);
    }
  }
}
