import type { Subscription } from '../../api/types.ts';

/** States in which something is not sent, or slowly; the worst first. */
export const TROUBLED = ['problem', 'down', 'throttled', 'releasing', 'paused', 'slow'] as const;

/** A subscription in trouble, and what waits for its endpoint; undefined: nobody knows, or nothing. */
export interface Troubled<Waiting extends { held: number }> {
  item: Subscription;
  waiting: Waiting | undefined;
}

/** Those with the most waiting deliveries first; of equal ones, the worst state. An inactive one harms nobody. */
export function byHarm<Waiting extends { held: number }>(rows: readonly Troubled<Waiting>[]): Troubled<Waiting>[] {
  const rankOf = ({ problem, health }: Subscription): number =>
    TROUBLED.indexOf(problem !== undefined ? 'problem' : ((health?.state ?? 'slow') as (typeof TROUBLED)[number]));
  return rows
    .filter(({ item }) => item.active || item.problem !== undefined)
    .toSorted((a, b) => (b.waiting?.held ?? 0) - (a.waiting?.held ?? 0) || rankOf(a.item) - rankOf(b.item));
}
