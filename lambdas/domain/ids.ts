import { monotonicFactory } from 'ulid';

/** Makes all ids; each is greater than every one made before it by the same process. */
export interface Ids {
  /** Id and time of acceptance of a new event; the id's ULID carries that very time. */
  event(): { id: string; enqueued_ms: number };
  /** A bare ULID: the part of an attempt's id that orders it, see attemptId. */
  attempt(): string;
  subscription(): string;
  /** Of credentials, by which a row names those that are used. */
  credentials(): string;
  apiKey(): string;
  /** Of a portal link. */
  portalLink(): string;
  replay(): string;
  purge(): string;
  /** Of a record in the audit trail. */
  audit(): string;
}

/**
 * @param sources.now milliseconds since the epoch. May jump back, as clocks do: times given out never decrease.
 * @param sources.random a number from 0 to below 1, hard to guess where ids must be.
 */
export function createIds(sources: { now: () => number; random: () => number }): Ids {
  const ulid = monotonicFactory(sources.random);
  // The library reads the clock by itself when it is given 0.
  let latest = 1;
  const next = (prefix: string): string => {
    latest = Math.max(latest, sources.now());
    return prefix + ulid(latest);
  };
  return {
    event: () => ({ id: next('evt_'), enqueued_ms: latest }),
    attempt: () => next(''),
    subscription: () => next('sub_'),
    credentials: () => next('crd_'),
    apiKey: () => next('key_'),
    portalLink: () => next('lnk_'),
    replay: () => next('rpl_'),
    purge: () => next('pur_'),
    audit: () => next('aud_'),
  };
}
