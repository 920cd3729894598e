import { describe, expect, it } from 'vitest';
import { retryAfterSeconds } from '../../../lambdas/domain/delivery/retry-after.ts';

const NOW = Date.UTC(2026, 0, 31, 9, 15, 0, 0);

describe('retryAfterSeconds', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    [' 7 ', 7],
    ['900', 900],
    ['901', 900],
    ['9'.repeat(400), 900],
    ['Sat, 31 Jan 2026 09:17:00 GMT', 120],
    ['Sat, 31 Jan 2026 09:15:00 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Sat, 31 Jan 2099 09:15:00 GMT', 900],
    // The two older forms of RFC 9110 §5.6.7.
    ['Saturday, 31-Jan-26 09:17:00 GMT', 120],
    ['Sat Jan 31 09:17:00 2026', 120],
    ['Sun Feb  1 09:15:00 2026', 900],
    // Two digits: within 50 years they are to come, beyond that they are past.
    ['Thursday, 30-Jan-76 09:15:00 GMT', 900],
    ['Saturday, 01-Feb-76 09:15:00 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
  ])('reads %j as %d s', (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });

  it.each([
    [undefined],
    [''],
    ['soon'],
    ['-1'],
    ['+5'],
    ['1.5'],
    ['1e9'],
    ['0x10'],
    ['5, 99999999'],
    ['5 s'],
    ['٥'],
    ['2026-01-31T09:17:00Z'],
    ['Sat, 99 Jan 2026 09:17:00 GMT'],
    ['Saturday, 30-Feb-26 09:17:00 GMT'],
    ['Sat Jan 31 25:17:00 2026'],
    ['Sat Jan  0 09:17:00 2026'],
    ['Sat, 31-Jan-26 09:17:00 GMT'],
    ['Sat Jan 31 09:17:00 2026 GMT'],
  ])('ignores %j', (header) => {
    expect(retryAfterSeconds(header, NOW)).toBeUndefined();
  });

  it('rounds a date up to whole seconds', () => {
    expect(retryAfterSeconds('Sat, 31 Jan 2026 09:15:10 GMT', NOW + 1)).toBe(10);
  });
});
