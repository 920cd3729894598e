import type { z } from 'zod';
import { activates } from '../../domain/subscription/begins-anew.ts';
import { offSince } from '../../domain/subscription/missed-time.ts';
import type { Principal } from '../../domain/api-key.ts';
import { countingIfFree, type WaitingDeps } from '../http/waiting.ts';
import { countReplayable, type CountDeps } from '../replays/count.ts';
import type { changedView } from './schema.ts';
import type { Changed } from './ports.ts';

/** A change is answered soon, milliseconds: who wants to know more asks for a dry run. */
const COUNTING_MS = 3000;
/** So much later than the oldest event begins what is offered: whoever asks for it an hour later still may. */
const TIME_TO_ASK_MS = 3_600_000;

export interface MissedDeps extends CountDeps, WaitingDeps {
  /** Events accepted before are not kept any more, milliseconds since the epoch. */
  oldestKeptMs(): number;
}

/**
 * What a subscription has missed that a change has activated; undefined for any other change. Where nobody noted since
 * when it was inactive, from its beginning: what was for it is not counted.
 */
export async function missedBy(
  principal: Principal,
  { before, after }: Changed,
  deps: MissedDeps,
): Promise<z.output<typeof changedView>['missed']> {
  if (!activates({ before, after })) return undefined;
  const since_ms = Math.max(offSince(before) ?? 0, deps.oldestKeptMs() + TIME_TO_ASK_MS);
  const query = {
    organization: String(after.organization),
    subscription: String(after.id),
    since_ms,
    until_ms: Math.max(deps.now(), since_ms),
    outcomes: ['missed' as const],
  };
  const counted = await countingIfFree(principal, deps, () => countReplayable(query, after, deps, COUNTING_MS));
  // The change is made. Who has too much counted at the same time is told that there may be more.
  const { count, complete } = counted ?? { count: 0, complete: false };
  const since = new Date(since_ms).toISOString();
  return complete ? { since, count } : { since, count, more: true };
}
