import type { Chance } from '../simulation/random.ts';

/** What a customer's server makes of one request. */
export interface Reply {
  /** Milliseconds until its answer; `Infinity` when there is none. */
  ms: number;
  success: boolean;
}

/** A customer's server. @param nowMs when the request is made. */
export type Endpoint = (nowMs: number) => Reply;

/** Answers within half and one and a half times the mean. */
export function healthy(chance: Chance, meanMs: number): Endpoint {
  return () => ({ ms: meanMs * (0.5 + chance.next()), success: true });
}

/** Takes the connection and never answers. */
export const hanging: Endpoint = () => ({ ms: Infinity, success: false });

/** Answers 503 at once between two times, and is healthy before and after. */
export function downBetween(fromMs: number, untilMs: number, otherwise: Endpoint): Endpoint {
  return (nowMs) => (nowMs >= fromMs && nowMs < untilMs ? { ms: 50, success: false } : otherwise(nowMs));
}
