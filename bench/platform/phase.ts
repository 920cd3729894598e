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
  /** Paths of which they are: what comes elsewhere beside does not end the phase. @default all */
  awaited?: string[];
  /** Longest wait for them, milliseconds. */
  patienceMs: number;
}

/** Deliveries that endpoints answered, each once. */
export interface PhaseResult {
  /** First and last post, milliseconds since the epoch. */
  startedMs: number;
  endedMs: number;
  arrivals: { path: string; atMs: number; ageMs: number }[];
  /** Posts that were answered by a 5xx, and posts whose connection broke, each try. */
  refused: number;
  cut: number;
}

/** How an endpoint answers that does not always answer 200. */
export type Manner =
  /** Never, before the phase is over. */
  | { kind: 'hangs' }
  /** With 500 to its first requests. */
  | { kind: 'fails'; first: number }
  /** With 429 beyond so many in a second. */
  | { kind: 'takes'; perSecond: number }
  /** With 503 and `Retry-After`, but every so manieth request with 200. */
  | { kind: 'asks'; seconds: number; every: number };

/** A request to such an endpoint. */
export interface SeenRequest {
  atMs: number;
  id: string;
  /** 0: none before the phase was over. */
  status: number;
}

/** A phase cut into windows by the time of arrival: the 99th percentile of each, milliseconds. */
export function percentilesByWindow({ startedMs, endedMs, arrivals }: PhaseResult, windowMs: number): number[] {
  // Those that came late count, in windows of their own.
  const lastMs = arrivals.reduce((last, { atMs }) => Math.max(last, atMs), endedMs);
  const count = Math.floor((lastMs - startedMs) / windowMs) + 1;
  const windows = Array.from({ length: count }, (): number[] => []);
  for (const { atMs, ageMs } of arrivals) windows[Math.floor((atMs - startedMs) / windowMs)]?.push(ageMs);
  return windows.filter((ages) => ages.length > 0).map((ages) => percentile(ages, 0.99));
}

/** @param share from 0 to 1. @returns NaN without numbers. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
