import type { SubscriptionRow } from './subscription.ts';

/** The time in which a subscription was off, of which nobody has sent what it missed. Milliseconds since the epoch. */
export interface MissedTime {
  since_ms: number;
  until_ms: number;
}

/** @returns what a row says about it; undefined: everything was sent, or it was never off. */
export function missedTime({ missed_since, missed_until }: SubscriptionRow): MissedTime | undefined {
  const [since_ms, until_ms] = [timeOf(missed_since), timeOf(missed_until)];
  return since_ms === undefined || until_ms === undefined ? undefined : { since_ms, until_ms };
}

/**
 * What to note on a row that is activated: it was off until now, since then or since an earlier time of which nothing was sent.
 * Where nobody noted since when, from its beginning: what had a match is never counted.
 * @param before the row while it was off.
 */
export function missedNotes(
  before: SubscriptionRow,
  atMs: number,
): { missed_since: string; missed_until: string } | undefined {
  const since = offSince(before);
  if (since === undefined) return undefined;
  return { missed_since: new Date(since).toISOString(), missed_until: new Date(atMs).toISOString() };
}

/** Since when an inactive row has missed what was not sent to it, milliseconds. */
export function offSince({ missed_since, inactive_since, created_at }: SubscriptionRow): number | undefined {
  return timeOf(missed_since) ?? timeOf(inactive_since) ?? timeOf(created_at);
}

/** A person may have typed anything. */
function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
