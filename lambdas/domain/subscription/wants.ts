import type { PosthornEvent } from '../event.ts';
import type { FormatName } from '../formats/names.ts';
import { matches } from './matching.ts';
import { hasOwnProblem } from './problem-note.ts';
import { readSubscription, type ReadSubscription, type SubscriptionRules } from './read-subscription.ts';
import type { SubscriptionRow } from './subscription.ts';

/**
 * A row whose `problem` says that nothing is sent gets nothing, also where the row by itself could be read: its id may be
 * another organization's, which the guard alone can see.
 */
export function readIfSent(row: SubscriptionRow, rules: SubscriptionRules): ReadSubscription {
  return hasOwnProblem(row.problem) ? { ok: false, problem: String(row.problem) } : readSubscription(row, rules);
}

/**
 * What a row, as it is now, wants of events: the format of each that matches.
 * @param evenIfInactive as it would be if it were active.
 * @returns undefined when it gets nothing at all: it is inactive, broken or gone.
 */
export function wantsOf(
  row: SubscriptionRow | undefined,
  rules: SubscriptionRules,
  { evenIfInactive = false } = {},
): ((event: PosthornEvent) => FormatName | undefined) | undefined {
  const read = row && readIfSent(row, rules);
  if (!read?.ok || !(read.subscription.active || evenIfInactive)) return undefined;
  const subscription = { ...read.subscription, active: true };
  return (event) => (matches(subscription, event) ? subscription.format : undefined);
}
