/** A time of steady posting, and what is to come of it. */
export interface Phase {
  apiUrl: string;
  /** The producer's API key. */
  key: string;
  organization: string;
  /** Accounts of the events, in turn. */
  accounts: string[];
  posts: number;
  perSecond: number;
  /** Paths that take requests and do not answer before the phase is over. */
  hanging: string[];
  /** Deliveries to wait for after the last post. */
  expected: number;
  /** Longest wait for them, milliseconds. */
  patienceMs: number;
}

/** Deliveries that endpoints answered, each once. */
export interface PhaseResult {
  /** First and last post, milliseconds since the epoch. */
  startedMs: number;
  endedMs: number;
  arrivals: { path: string; atMs: number; ageMs: number }[];
}

/** @param share from 0 to 1. @returns NaN without numbers. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
