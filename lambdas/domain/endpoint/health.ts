/** What is remembered about an endpoint that fails or is slow. A healthy endpoint has no row. */
export interface EndpointHealth {
  subscription: string;
  organization: string;
  /** Failed attempts in a row. */
  failures: number;
  /** When the first of them was, milliseconds. */
  failing_since_ms?: number;
  /**
   * `open`: deliveries are held. `releasing`: it answered again, what was held goes out in event order and what is new
   * is held behind it. `closing`: all is out and new deliveries are sent; late ones are looked for. Absent: closed.
   */
  circuit?: 'open' | 'releasing' | 'closing';
  opened_ms?: number;
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
   * When the release began because the subscription got another URL or was activated, milliseconds: nothing has shown yet that
   * the endpoint answers.
   */
  renewed_ms?: number;
  /** The release's latest step and when it began, milliseconds. */
  release_step?: number;
  release_step_ms?: number;
}
