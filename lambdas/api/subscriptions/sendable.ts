import { Problem } from '../../domain/problem.ts';
import { isActive } from '../../domain/subscription/begins-anew.ts';
import { cutProblem, hasOwnProblem } from '../../domain/subscription/problem-note.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';

/**
 * Refuses to send anything to a subscription whose row was broken by hand: nothing would come of it.
 * @throws Problem conflict, which says what to mend.
 */
export function refuseBroken({ problem }: SubscriptionRow): void {
  if (hasOwnProblem(problem)) throw new Problem('conflict', cutProblem(String(problem)));
}

/**
 * Refuses to send anything again to a subscription that gets nothing. Each delivery to an inactive one would end as
 * `cancelled`, and that would be the last word on those that were delivered, too.
 * @throws Problem conflict.
 */
export function refuseUnsendable(row: SubscriptionRow): void {
  refuseBroken(row);
  if (isActive(row)) return;
  throw new Problem('conflict', 'The subscription is inactive, so nothing would be sent. Activate it first.');
}
