import type { DownBy, HealthChange } from '../domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import type { Circuit } from '../domain/endpoint/states.ts';
import type { Turns } from '../domain/endpoint/turns.ts';
import type { TargetKey } from './delivery-targets.ts';

/** Turns that are asked for. */
export interface TurnsWanted {
  count: number;
  perSecond: number;
  /** What was last read of the turns that were taken. */
  before: string | undefined;
  /** They are for what goes out although nothing else does: a probe, or a try of an exhausted delivery. */
  passes?: boolean;
}

/**
 * The table `EndpointHealth`: one row for each endpoint that fails or is slow, none for a healthy one. A row belongs to the
 * organization that it names; to another one with the same id it does not exist.
 */
export interface EndpointHealthStore {
  /**
   * Adds what a batch saw; several senders may do so at the same time and no failure is lost.
   * A release is begun only while the circuit is open: the row then has `nowMs` for its `release_ms`.
   * @returns the row after the change; undefined when nothing is left to remember and the row was deleted, and when the
   *   id was another organization's until a moment ago, whose circuit is still being let go.
   */
  apply(key: TargetKey, change: HealthChange, nowMs: number): Promise<EndpointHealth | undefined>;
  /**
   * Opens the circuit if the endpoint still has that many failures, or that tally.
   * @returns false when it recovered meanwhile, or is open, throttled or paused.
   */
  open(key: TargetKey, by: DownBy, nowMs: number): Promise<boolean>;
  /**
   * Throttles the endpoint until then, unless it is down or paused; one that is throttled for longer stays so.
   * @returns its circuit before; undefined when nothing was changed.
   */
  throttle(key: TargetKey, untilMs: number, nowMs: number): Promise<Circuit | 'closed' | undefined>;
  /**
   * Begins anew, for another URL or after an activation: no failures, not slow, not down. What is held is to be released.
   * @returns the run of the release that begins with it; undefined when nothing is held, or when it is going out already.
   */
  renew(key: TargetKey, nowMs: number): Promise<number | undefined>;
  /**
   * Holds all from now on: a person has paused the subscription. Whatever release was under way ends.
   * @returns false when it is paused already, or the row is another organization's.
   */
  pause(key: TargetKey, nowMs: number): Promise<boolean>;
  /**
   * Begins to let go what was held, when a person has resumed the subscription. Also where nothing shows that it was paused:
   * a sender that saw the row paused may have held deliveries before anybody wrote that down here.
   * @returns the run of the release that begins with it; undefined when the endpoint is down, throttled or released anyway.
   */
  resume(key: TargetKey, nowMs: number): Promise<number | undefined>;
  /**
   * Begins to let go what waits for its turn, of an endpoint with a ceiling. It must be held before.
   * @returns the run of the release that begins with it; undefined when there is one under way, or when the endpoint takes
   *   nothing: then what is held goes out when that is over.
   */
  letOut(key: TargetKey, nowMs: number): Promise<number | undefined>;
  /**
   * Takes turns of an endpoint with a ceiling.
   * @param wanted so many, at least 1.
   * @returns with `turns`, what the row remembers as far as is known: the next `before`. None are granted either when many
   *   others take turns at the same time: then it is asked again a moment later; and when the endpoint takes nothing any more,
   *   as after a 429: then there is none to wait for, and `waitMs` is infinite.
   * @throws when the table refuses.
   */
  takeTurns(
    key: TargetKey,
    wanted: TurnsWanted,
    nowMs: number,
  ): Promise<Pick<Turns, 'granted' | 'waitMs'> & { turns?: string | undefined }>;
  /** Rows of any subscriptions, by `targetName`; a healthy endpoint has none. May be a moment old. */
  load(keys: readonly TargetKey[]): Promise<Map<string, EndpointHealth>>;
  /**
   * Forgets the endpoint: its subscription is deleted. Not while its circuit is open or being let go: recovery finds what
   * is held by it, and forgets it afterwards.
   * @returns false when it was left to recovery.
   */
  forget(key: TargetKey): Promise<boolean>;
}
