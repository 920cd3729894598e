import { describe, expect, it } from 'vitest';
import { comesBackIn, GIVEN_UP_AFTER_MS } from '../../../lambdas/domain/delivery/trouble.ts';

/** Waits, in seconds, of something whose trouble does not end. */
function waits(random: number): number[] {
  const all: number[] = [];
  let lastedMs = 0;
  for (let next = comesBackIn(0, random); next !== undefined; next = comesBackIn(lastedMs, random)) {
    all.push(next);
    lastedMs += next * 1000;
  }
  return all;
}

describe('what is in trouble for a reason of ours', () => {
  it('comes back after 30 s, 1, 2, 5, 10, 10 … minutes', () => {
    expect(waits(0).slice(0, 8)).toEqual([30, 60, 120, 300, 600, 600, 600, 600]);
  });

  it('keeps that order whatever the jitter, and never waits longer than SQS can delay a message', () => {
    const longest = waits(0.999);
    expect(longest.slice(0, 6)).toEqual([36, 72, 144, 360, 720, 720]);
    expect(Math.max(...longest)).toBeLessThanOrEqual(900);
  });

  it('goes on for a day and is then given up', () => {
    const seconds = waits(0.5).reduce((sum, wait) => sum + wait);
    expect(seconds * 1000).toBeGreaterThanOrEqual(GIVEN_UP_AFTER_MS);
    expect(seconds * 1000).toBeLessThan(GIVEN_UP_AFTER_MS + 900_000);
    expect(comesBackIn(GIVEN_UP_AFTER_MS - 1, 0)).toBe(600);
    expect(comesBackIn(GIVEN_UP_AFTER_MS, 0)).toBeUndefined();
  });
});
