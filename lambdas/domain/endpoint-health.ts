/** What is remembered about an endpoint that fails or is slow. A healthy endpoint has no row. */
export interface EndpointHealth {
  subscription: string;
  organization: string;
  /** Failed attempts in a row. */
  failures: number;
  /** When the first of them was, milliseconds. */
  failing_since_ms?: number;
  /** `open`: deliveries are held. `releasing`: it answered again, held deliveries go out. Absent: closed. */
  circuit?: 'open' | 'releasing';
  opened_ms?: number;
  /** Served in the slow lane until then, milliseconds. */
  slow_until_ms?: number;
}
