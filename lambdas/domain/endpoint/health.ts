import type { ReleasePace } from '../messages/messages.ts';
import type { Circuit } from './states.ts';

/** An endpoint's state as its organization is told it. */
export type ToldState = 'failing' | 'throttled' | 'down' | 'recovered';

/** What was told last. */
export interface Told {
  state: ToldState;
  /** When that was found out, milliseconds: with the state it names the event. */
  at_ms: number;
  /** When the first event of this trouble was. */
  from_ms: number;
  /** What the event says, until it is queued. */
  due?: { facts: Record<string, string | number> };
}

/** The same of exhausted deliveries. */
export type ToldExhausted = Omit<Told, 'state' | 'from_ms'>;

/** What is remembered about an endpoint that fails or is slow. A healthy endpoint has no row. */
export interface EndpointHealth {
  subscription: string;
  organization: string;
  /** Failed attempts in a row. */
  failures: number;
  /** When the first of them was, milliseconds. */
  failing_since_ms?: number;
  /** Absent: closed. states.ts says what each means and who changes it. */
  circuit?: Circuit;
  opened_ms?: number;
  /** While it is throttled: until when nothing is sent, milliseconds. */
  throttled_until_ms?: number;
  /** While it is paused: since when, milliseconds. */
  paused_ms?: number;
  /** When operators were told that it is paused for long, milliseconds. */
  pause_notified_ms?: number;
  /** Tries since then, milliseconds, and how many of them failed: of 5 minutes at most, without those that it pushed back. */
  tally_ms?: number;
  tally_tries?: number;
  tally_failed?: number;
  /** The event of the oldest exhausted delivery that is to be tried again (healing.ts). Absent: none is. */
  heal_event?: string;
  /** When it is tried next, and until when at all, milliseconds; the tries made, and which event the last one was of. */
  heal_ms?: number;
  heal_until_ms?: number;
  heal_tries?: number;
  heal_tried?: string;
  /** The automatic replay that recovery is to start, and the event that it begins with. */
  heal_replay?: string;
  heal_from?: string;
  /** When the newest automatic replay was asked for, milliseconds; forgotten when the next one may begin. */
  healed_ms?: number;
  /** Served in the slow lane until then, milliseconds. */
  slow_until_ms?: number;
  /** When the last probe was queued, milliseconds, and the event that it sends. */
  probed_ms?: number;
  probe_event?: string;
  /** When operators were told that it is down, milliseconds. */
  notified_ms?: number;
  /** When its subscription was deactivated because it was down for too long, or found inactive, milliseconds. */
  deactivated_ms?: number;
  /** When the present release began, milliseconds: its name. */
  release_ms?: number;
  /**
   * When the release began because the subscription got another URL, was activated or resumed, or because the time was over
   * for which the endpoint asked, milliseconds: nothing has shown yet that it takes deliveries.
   */
  renewed_ms?: number;
  /** The pace of the last step of a release that was found to go well: the next release begins by it. */
  release_pace?: ReleasePace;
  /** Turns taken of an endpoint with a ceiling (turns.ts). */
  turns?: string;
  /** The release's latest step and when it began, milliseconds. */
  release_step?: number;
  release_step_ms?: number;
  /** What its organization was told of it last (told.ts). */
  told?: Told;
  /** When it was told how many deliveries are exhausted, and what is to be told of that. */
  told_exhausted?: ToldExhausted;
  /** Exhausted deliveries of which it was not told yet, and when the first one's event was accepted, milliseconds. */
  untold_exhausted?: number;
  untold_from_ms?: number;
}

/**
 * When an endpoint that is down is probed next, milliseconds; undefined: it is not, its subscription is inactive.
 * @param probeMs between two probes
 */
export function nextProbeMs(
  { probed_ms, opened_ms, deactivated_ms }: EndpointHealth,
  probeMs: number,
): number | undefined {
  if (deactivated_ms !== undefined) return undefined;
  return (probed_ms ?? opened_ms ?? 0) + probeMs;
}
