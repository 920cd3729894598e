import { describe, expect, it } from 'vitest';
import { firstPace, momentOf, nextMove } from '../../../lambdas/domain/endpoint/release.ts';
import type { ReleasePace } from '../../../lambdas/domain/messages/messages.ts';
import { seeded } from '../../../local/like-aws/latency.ts';

// An endpoint that takes so many in any second and answers 429 beyond, as most rate limits do. Messages come up to 30 ms late.

/** From a 429 to the first step of the next release: `Retry-After: 1` with jitter, in whole seconds of SQS, milliseconds. */
const PAUSE_MS = 2100;
const LATE_MS = 30;

/** Releases deliveries until the endpoint has taken them all. @returns seconds, and requests. */
function release(deliveries: number, limit: number): { seconds: number; requests: number } {
  const random = seeded(1);
  let nowMs = 0;
  let requests = 0;
  let left = deliveries;
  let taken: number[] = [];
  let pace = firstPace(undefined);
  let wentWell: ReleasePace | undefined;
  let count: number | undefined;
  while (left > 0) {
    const seen =
      count === undefined ? undefined : { settled: count, delivered: count, failed: 0, unanswered: 0, waiting: 0 };
    if (seen) wentWell = pace;
    const move = nextMove(pace, seen, 0);
    if (move.do !== 'release') throw new Error(`Expected a release, got ${move.do}`);
    ({ pace } = move);
    count = Math.min(move.count, left);
    const moments = Array.from(
      { length: count },
      (_, index) => nowMs + momentOf(index, pace.rate) + random() * LATE_MS,
    );
    let refusedMs: number | undefined;
    for (const atMs of moments.sort((a, b) => a - b)) {
      requests += 1;
      taken = taken.filter((ms) => atMs - ms < 1000);
      if (taken.length >= limit) {
        refusedMs = atMs;
        break;
      }
      taken.push(atMs);
      left -= 1;
    }
    nowMs = refusedMs === undefined ? nowMs + move.seconds * 1000 : refusedMs + PAUSE_MS;
    if (refusedMs === undefined) continue;
    pace = firstPace(wentWell);
    count = undefined;
  }
  return { seconds: nowMs / 1000, requests };
}

describe('the pace of a release to an endpoint that answers 429 beyond a rate', () => {
  it.each([2, 3, 5, 7, 10, 20, 50, 100])('comes close to %i a second, with hardly a request too many', (limit) => {
    const deliveries = limit * 240;

    const { seconds, requests } = release(deliveries, limit);

    expect(seconds).toBeLessThan(1.3 * 240);
    expect(requests).toBeLessThan(1.05 * deliveries);
  });
});
