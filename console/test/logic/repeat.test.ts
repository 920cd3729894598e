import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/api/client.ts';
import { isRepeated, repeatDelay } from '../../src/api/repeat.ts';

/** Delays before each repetition of a question that always fails so, milliseconds. */
function delaysOf(error: Error): number[] {
  const delays: number[] = [];
  while (isRepeated(delays.length, error)) delays.push(repeatDelay(delays.length, error));
  return delays;
}

describe('a question that failed', () => {
  it('is repeated when it came too soon, after the time that the API asks for', () => {
    expect(delaysOf(new ApiError(429, 'Too many requests', [], 5))).toEqual([5000, 5000, 5000]);
  });

  it('is repeated after a second when the API does not say when', () => {
    expect(delaysOf(new ApiError(429, 'Too many requests'))).toEqual([1000, 1000, 1000]);
  });

  it('is not when that is longer than anybody looks at an empty page', () => {
    expect(delaysOf(new ApiError(429, 'Too many requests', [], 31))).toEqual([]);
  });

  it.each([0, 500, 503])('is repeated twice, later each time, after status %i', (status) => {
    expect(delaysOf(new ApiError(status, 'Failed'))).toEqual([1000, 2000]);
  });

  it('is repeated twice when the console itself failed', () => {
    expect(delaysOf(new TypeError('odd'))).toEqual([1000, 2000]);
  });

  it.each([400, 401, 403, 404, 409])('is not repeated after status %i, which would come again', (status) => {
    expect(delaysOf(new ApiError(status, 'Refused'))).toEqual([]);
  });
});
