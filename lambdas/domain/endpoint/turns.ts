import type { EndpointHealth } from './health.ts';

// A subscription may name a ceiling, `rate_per_second`. What comes for it is held and released at that pace, in good days
// too; and whoever makes a request takes a turn before, which the endpoint's row remembers: so neither two releases, nor
// retries, nor copies of a message add up to more.

/** By so much later than its turn a request may leave, milliseconds: that long its note in the table may take. */
export const LATE_MS = 100;
/** Turns count for so long, milliseconds: a second, the above, and as much again for what the way there takes longer. */
const TURN_MS = 1000 + 2 * LATE_MS;

/** What of the turns that were wanted can be had now. */
export interface Turns {
  granted: number;
  /** When there is another one, milliseconds from now; 0: all were granted. */
  waitMs: number;
  /** What the row remembers from now on: when how many were taken, `<ms>:<count>` for each time, oldest first. */
  turns: string;
}

/** @param before what the row remembers. @param wanted at least 1. */
export function takeTurns(before: string | undefined, wanted: number, perSecond: number, nowMs: number): Turns {
  const taken = read(before).filter(({ ms }) => ms > nowMs - TURN_MS);
  const used = taken.reduce((sum, { count }) => sum + count, 0);
  const granted = Math.max(Math.min(wanted, perSecond - used), 0);
  if (granted > 0) taken.push({ ms: Math.max(nowMs, taken.at(-1)?.ms ?? 0), count: granted });
  const turns = taken.map(({ ms, count }) => `${ms}:${count}`).join(',');
  return { granted, waitMs: granted === wanted ? 0 : Math.max(taken[0]!.ms + TURN_MS - nowMs, 1), turns };
}

function read(turns: string | undefined): { ms: number; count: number }[] {
  return (turns ?? '').split(',').flatMap((one) => {
    const [ms, count] = one.split(':').map(Number);
    return ms && count ? [{ ms, count }] : [];
  });
}

/** Whether the endpoint is healthy and its deliveries only wait for their turns. */
export function isOnlyPaced({ circuit, opened_ms, renewed_ms }: EndpointHealth): boolean {
  return (circuit === 'releasing' || circuit === 'closing') && opened_ms === undefined && renewed_ms === undefined;
}
