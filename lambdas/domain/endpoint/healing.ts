import type { LatestAttempt } from '../delivery/attempt.ts';
import { SENDER_SECONDS } from '../limits.ts';
import type { Subscription } from '../subscription/subscription.ts';
import type { EndpointHealth } from './health.ts';

// What becomes of exhausted deliveries. Few failures open no circuit, so a quiet endpoint's few deliveries are given up
// after five minutes of an outage: from then on the oldest is tried again now and then, and the first success of the
// endpoint sends the others once more, as an automatic replay.

/**
 * Largest number of automatic replays that include one delivery. The first may meet the same outage again; a second
 * refusal means that the endpoint does not want this delivery.
 */
export const MOST_AUTOMATIC_REPLAYS = 2;
/** A delivery's first try has ended by then, and its failure is written down. Milliseconds. */
const FIRST_TRY_MS = SENDER_SECONDS * 1000;
const HOUR_MS = 3_600_000;

export interface HealSettings {
  /** Milliseconds before the 1st, 2nd, … try of an exhausted delivery; the last one repeats. Never empty. */
  delaysMs: readonly number[];
  /** How long exhausted deliveries are tried again where the subscription does not say it, hours. */
  hours: number;
}

/** The setting's text, seconds separated by commas, as milliseconds. The stack has checked it. */
export function healDelays(text: string): number[] {
  return text.split(',').map((seconds) => Number(seconds) * 1000);
}

/** Milliseconds before the next try when so many were made. */
export function healDelayMs({ delaysMs }: Pick<HealSettings, 'delaysMs'>, tries: number): number {
  return delaysMs[Math.min(tries, delaysMs.length - 1)]!;
}

/**
 * Shortest time between the starts of two automatic replays to one endpoint: an endpoint that always refuses some
 * deliveries has many.
 */
export function replayPauseMs({ delaysMs }: Pick<HealSettings, 'delaysMs'>): number {
  return delaysMs[0]!;
}

/**
 * For how long exhausted deliveries of a subscription are tried again, milliseconds; 0: not at all.
 * @param subscription undefined: its row cannot be understood, which somebody may correct.
 */
export function healsForMs(
  subscription: Pick<Subscription, 'format' | 'heal_hours'> | undefined,
  { hours }: Pick<HealSettings, 'hours'>,
): number {
  // Whoever receives `resource` was promised at most three retries.
  const standard = subscription?.format === 'resource' ? 0 : hours;
  return (subscription?.heal_hours ?? standard) * HOUR_MS;
}

/** Whether a delivery is to be tried again when this is the log's newest word on it. What was our fault comes back otherwise. */
export function mayHeal({ outcome, fault, final }: LatestAttempt): boolean {
  return outcome === 'exhausted' && fault === undefined && final !== true;
}

/**
 * Whether a delivery of an automatic replay that was refused four times more is over: the endpoint takes others.
 * @param replays automatic replays that it has taken part in, with this one.
 * @param firstMs when its first try began, milliseconds.
 * @param health as it was before the last one; undefined: the endpoint has taken the one before.
 */
export function isRefusedForGood(replays: number, firstMs: number, health: EndpointHealth | undefined): boolean {
  if (replays >= MOST_AUTOMATIC_REPLAYS || health === undefined) return true;
  // A success forgets the failures before it, so these began after one.
  return (health.failing_since_ms ?? Infinity) > firstMs + FIRST_TRY_MS;
}

/** Members of a row that say that there is something to heal, or was a short while ago. */
export const HEALING = ['heal_event', 'heal_replay', 'healed_ms'] as const satisfies (keyof EndpointHealth)[];

/** Whether there is anything for recovery to do or to forget. */
export function isHealing(health: EndpointHealth): boolean {
  return HEALING.some((name) => health[name] !== undefined);
}
