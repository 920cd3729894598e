import { expect, it } from 'vitest';
import { createApiKey, hashApiKey } from '../../lambdas/runtime/api-key.ts';
import { isApiKey } from '../../lambdas/domain/api-key.ts';
import { randomFraction } from '../../lambdas/runtime/random.ts';

it('gives numbers from 0 to below 1, beyond one pool of them, none twice in a row', () => {
  const numbers = Array.from({ length: 1000 }, randomFraction);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(990);
});

it('makes API keys that are recognised, differ, and are found by their hash', () => {
  const [first, second] = [createApiKey(), createApiKey()];
  expect(isApiKey(first.key)).toBe(true);
  expect(first.key).not.toBe(second.key);
  expect(hashApiKey(first.key)).toBe(first.hash);
  expect(first.hash).toMatch(/^[0-9a-f]{64}$/);
});
