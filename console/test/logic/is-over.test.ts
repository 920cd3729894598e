import { describe, expect, it } from 'vitest';
import { isOver } from '../../src/pages/deliveries/is-over.ts';

describe('a job that sends again', () => {
  it.each([
    ['running', 3, false],
    ['running', 0, false],
    ['done', 3, false],
    ['done', 0, true],
    ['cancelled', 3, true],
    ['cancelled', 0, true],
  ] as const)('that is %s with %i to come is over, and not asked about any more: %s', (state, remaining, over) => {
    expect(isOver({ state, remaining })).toBe(over);
  });
});
