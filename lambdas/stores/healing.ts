import type { EndpointHealth } from '../domain/endpoint/health.ts';
import type { TargetKey } from './delivery-targets.ts';

/** An exhausted delivery that is to be tried again. */
export interface Exhausted {
  event: string;
  /** When the first try is due, milliseconds. */
  dueMs: number;
  /** Until when it is tried at all, milliseconds. */
  untilMs: number;
}

/** The next try, claimed. */
export interface HealTry {
  /** Its event. */
  event: string;
  /** How many were made with it, and when the one after is due, milliseconds. */
  tries: number;
  nextMs: number;
}

/**
 * What the table `EndpointHealth` remembers about exhausted deliveries. Each change is one conditional write, so that of two
 * at a time one happens.
 */
export interface HealingStore {
  /**
   * Notes that a delivery is exhausted. Its line in the log must be written before: an automatic replay that begins
   * meanwhile goes by the log.
   */
  note(key: TargetKey, exhausted: Exhausted): Promise<void>;
  /**
   * The endpoint has taken something: asks for an automatic replay of all that is exhausted.
   * @param replay its id.
   * @param before not if the one before was asked for later than this, milliseconds.
   * @returns false when nothing is to be healed, or somebody has asked already.
   */
  askReplay(key: TargetKey, replay: string, before: number, nowMs: number): Promise<boolean>;
  /** Claims the next try. @param read the row as it was read. @returns false when it is not as it was read any more. */
  claimTry(read: EndpointHealth, next: HealTry): Promise<boolean>;
  /** Nothing before this event is exhausted any more. @param read the row as it was read. */
  moveOn(read: EndpointHealth, toEvent: string): Promise<void>;
  /** The automatic replay has begun. */
  begun(subscription: string, replay: string): Promise<void>;
  /**
   * Nothing is to be tried again any more. @param read the row as it was read: what was noted since stays.
   * @returns false when something was.
   */
  end(read: EndpointHealth): Promise<boolean>;
  /** The next automatic replay may begin. @param read the row as it was read. */
  forgetReplay(read: EndpointHealth): Promise<void>;
}
