import type { EndpointHealth, Told, ToldExhausted } from '../domain/endpoint/health.ts';
import type { TargetKey } from './delivery-targets.ts';

/** What is told, or was: how the endpoint is, or how many of its deliveries are exhausted. */
export interface Tellings {
  told: Told;
  told_exhausted: ToldExhausted;
}

/**
 * What the table `EndpointHealth` remembers of what an organization was told. Each change is one conditional write, so that
 * of two at a time one happens.
 */
export interface ToldStore {
  /** Adds exhausted deliveries. @param fromMs when the event of the first of them was accepted, milliseconds. */
  countExhausted(key: TargetKey, count: number, fromMs: number): Promise<void>;
  /**
   * Claims a telling before its event is queued: whoever dies in between has it queued by the next run.
   * @param read the row as it was read. @returns false when something was told, or counted, since.
   */
  claim<Name extends keyof Tellings>(read: EndpointHealth, name: Name, telling: Tellings[Name]): Promise<boolean>;
  /** Its event is queued. */
  queued(subscription: string, name: keyof Tellings, atMs: number): Promise<void>;
  /** Forgets what says nothing any more, unless something was told since. @param read the row as it was read. */
  forget(read: EndpointHealth, name: keyof Tellings): Promise<void>;
}
