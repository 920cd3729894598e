import type { EndpointHealth } from '../domain/endpoint/health.ts';
import type { ReleasePace } from '../domain/messages/messages.ts';

/** What can be noted about an open or paused circuit, each with its time. */
export type CircuitNote = 'notified_ms' | 'pause_notified_ms' | 'deactivated_ms';

/** The table `EndpointHealth`, as recovery uses it. Each change holds only while the circuit is as it was read. */
export interface CircuitStore {
  /** Every endpoint whose circuit is not closed, that fails, has something to heal or of which something is told, page by page. */
  all(): AsyncIterable<EndpointHealth[]>;
  /** Strongly consistent. */
  get(subscription: string): Promise<EndpointHealth | undefined>;
  /**
   * Claims a probe of an open circuit, so that two runs at once make one.
   * @param before claims only if the last probe was queued before this time, milliseconds.
   * @returns false when it is not open any more or was probed meanwhile.
   */
  claimProbe(subscription: string, eventId: string, before: number, nowMs: number): Promise<boolean>;
  /** Notes a time on an open or paused circuit. @returns false when it is neither any more. */
  note(subscription: string, name: CircuitNote, atMs: number): Promise<boolean>;
  /** Begins a release of a circuit that is open or released already. @returns its run; undefined: it is none of these. */
  beginRelease(subscription: string, nowMs: number): Promise<number | undefined>;
  /**
   * Begins a release because the time is over for which the endpoint asked: nothing shows yet that it takes deliveries.
   * @param untilMs as it was read. @returns its run; undefined when the endpoint has asked for more meanwhile.
   */
  endThrottle(subscription: string, untilMs: number, nowMs: number): Promise<number | undefined>;
  /**
   * Claims a step of a release: not when a later run or step was claimed before.
   * @param pace of the step before, to be remembered; undefined: what is remembered stays.
   * @returns the row after the claim; undefined when the step is not to be made.
   */
  claimStep(
    subscription: string,
    run: number,
    step: number,
    nowMs: number,
    pace?: ReleasePace,
  ): Promise<EndpointHealth | undefined>;
  /** Ends a release because the endpoint is down again, or must not be sent to. */
  reopen(subscription: string, run: number, nowMs: number, why: 'down' | 'inactive'): Promise<void>;
  /** Nothing is held any more: lets new deliveries pass. @returns false when the release was ended or replaced. */
  closing(subscription: string, run: number): Promise<boolean>;
  /** Forgets the circuit. */
  close(subscription: string, run: number): Promise<void>;
  /**
   * Forgets all of an endpoint whose circuit is `closing`: the subscription of this organization is deleted.
   * @returns false when the release was ended or replaced, or the id is another organization's by now.
   */
  forget(subscription: string, run: number, organization: string): Promise<boolean>;
}
