import type { Circuit } from './states.ts';

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
  /** The release's latest step and when it began, milliseconds. */
  release_step?: number;
  release_step_ms?: number;
}
