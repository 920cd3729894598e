import { describe, expect, it } from 'vitest';
import { parseRetryDelays, retryDelay } from '../../../lambdas/domain/delivery/retry-schedule.ts';

const DELAYS = [10, 60, 180] as const;

describe('the retry schedule', () => {
  it('spreads each wait by 20 percent to both sides', () => {
    expect([1, 2, 3].map((attempt) => retryDelay(DELAYS, attempt, undefined, 0))).toEqual([8, 48, 144]);
    expect([1, 2, 3].map((attempt) => retryDelay(DELAYS, attempt, undefined, 0.999999))).toEqual([12, 72, 216]);
  });

  it('keeps all tries inside 5 minutes, whatever the jitter', () => {
    const longest = [1, 2, 3].map((attempt) => retryDelay(DELAYS, attempt, undefined, 0.999999));
    expect(longest.reduce((sum, wait) => sum + wait)).toBeLessThanOrEqual(300);
  });

  it('gives whole seconds, as SQS wants them', () => {
    expect(retryDelay([1.5, 1.5, 1.5], 1, undefined, 0.3)).toBe(1);
  });

  it('lets Retry-After only raise the wait, up to 15 minutes', () => {
    expect(retryDelay(DELAYS, 1, 0, 0.5)).toBe(10);
    expect(retryDelay(DELAYS, 1, 100, 0.5)).toBe(100);
    expect(retryDelay(DELAYS, 1, 5000, 0.5)).toBe(900);
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
