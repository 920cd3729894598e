import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryDelays, retryAt } from '../../../lambdas/domain/delivery/retry-schedule.ts';

const DELAYS = [10, 60, 180] as const;
/** Longest time that a try may take: `timeout_seconds`. */
const LONGEST_TRY_MS = 30_000;

/** Seconds from a try that began and ended at 0 to the next. */
const wait = (attempt: number, random: number, retryAfter?: number): number =>
  retryAt(DELAYS, attempt, { firstMs: 0, beganMs: 0, endedMs: 0 }, retryAfter, random) / 1000;

/** When the four tries begin, in ms after the first, if each of them takes so long. */
function begins(triesMs: readonly number[], randoms: readonly number[]): number[] {
  const all = [0];
  for (const [index, tookMs] of triesMs.entries()) {
    const beganMs = all.at(-1)!;
    const times = { firstMs: 0, beganMs, endedMs: beganMs + tookMs };
    all.push(Math.max(retryAt(DELAYS, index + 1, times, undefined, randoms[index]!), times.endedMs));
  }
  return all;
}

describe('the retry schedule', () => {
  it('spreads each wait by 20 percent to both sides', () => {
    expect([1, 2, 3].map((attempt) => wait(attempt, 0))).toEqual([8, 48, 144]);
    expect([1, 2, 3].map((attempt) => Math.round(wait(attempt, 0.999999)))).toEqual([12, 72, 216]);
  });

  it('counts from the beginning of a try, so that a timeout adds nothing', () => {
    expect(begins([10_000, 10_000, 10_000], [0.5, 0.5, 0.5])).toEqual([0, 10_000, 70_000, 250_000]);
    expect(begins([30_000, 30_000, 30_000], [0.5, 0.5, 0.5])).toEqual([0, 30_000, 90_000, 270_000]);
  });

  it('lets the fourth try begin within 5 minutes of the first, whatever the timeouts and the jitter', () => {
    const took = fc.integer({ min: 0, max: LONGEST_TRY_MS });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(took, took, took), fc.tuple(random, random, random), (triesMs, randoms) => {
        // 5 s are left for SQS to hand the message out.
        expect(begins(triesMs, randoms).at(-1)).toBeLessThanOrEqual(295_000);
      }),
    );
  });

  it('does not hurry when the window is over, behind a long Retry-After', () => {
    const beganMs = 900_000;
    expect(retryAt(DELAYS, 3, { firstMs: 0, beganMs, endedMs: beganMs }, undefined, 0.5)).toBe(beganMs + 144_000);
  });

  it('lets Retry-After only raise the wait, up to 15 minutes, counted from the answer', () => {
    expect(wait(1, 0.5, 0)).toBe(10);
    expect(wait(1, 0, 100)).toBe(100);
    expect(wait(1, 0, 5000)).toBe(900);
    expect(retryAt(DELAYS, 1, { firstMs: 0, beganMs: 0, endedMs: 20_000 }, 100, 0)).toBe(120_000);
  });

  it('comes back after Retry-After within a fifth of it, so that those who were told the same do not come together', () => {
    expect([0, 0.5, 1].map((random) => wait(1, random, 100))).toEqual([100, 110, 120]);
    expect(wait(1, 1, 5000)).toBe(1080);
  });

  it('reads the setting', () => {
    expect(parseRetryDelays('10,60,180')).toEqual([10, 60, 180]);
    expect(parseRetryDelays('1, 1, 0.5')).toEqual([1, 1, 0.5]);
  });

  it.each(['', '10', '10,60', '10,60,180,300', '10,x,180', '10,-1,180', '10,60,901'])(
    'refuses the setting %j and says what it expected',
    (text) => {
      expect(() => parseRetryDelays(text)).toThrow(/expected 3 numbers of seconds/);
    },
  );
});
