import type { ReplayQuery } from '../../domain/delivery/replay.ts';
import { Problem } from '../../domain/problem.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import { wantsOf } from '../../domain/subscription/wants.ts';
import type { ReplayableStore } from '../../stores/replayable.ts';

export interface CountDeps {
  replayable: Pick<ReplayableStore, 'page'>;
  rules: SubscriptionRules;
  now(): number;
}

/** Counting ends before API Gateway does, milliseconds. */
export const COUNTING_MS = 20_000;

/**
 * Counts what a replay would send, as long as there is time.
 * @param row the subscription: what it has missed is told as if it were active.
 */
export async function countReplayable(
  query: ReplayQuery,
  row: SubscriptionRow,
  { replayable, rules, now }: CountDeps,
  timeMs: number = COUNTING_MS,
): Promise<{ count: number; complete: boolean }> {
  const until = now() + timeMs;
  const wants = query.outcomes?.includes('missed') ? wantsOf(row, rules, { evenIfInactive: true }) : undefined;
  let count = 0;
  let after: string | undefined;
  do {
    const page = await replayable.page(query, after, wants);
    count += page.deliveries.length;
    after = page.next;
  } while (after !== undefined && now() < until);
  return { count, complete: after === undefined };
}

/** To a dry run that did not come to its end in time. */
export function tooMany(found: number, pointer = '/since'): Problem {
  return new Problem(
    'invalid-request',
    `More than ${found} deliveries: too many to count at once. Choose a shorter period.`,
    [{ pointer, detail: 'expected a shorter period for a dry run' }],
  );
}
