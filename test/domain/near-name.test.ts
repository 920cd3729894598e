import { describe, expect, it } from 'vitest';
import { listWords, nearName } from '../../lambdas/domain/near-name.ts';

const KNOWN = [
  'url',
  'active',
  'events',
  'account',
  'timeout_seconds',
  'rate_per_second',
  'heal_hours',
  'since',
  'until',
];

describe('the name that was meant', () => {
  it.each([
    ['timout_seconds', 'timeout_seconds'],
    ['timeoutSeconds', 'timeout_seconds'],
    ['timeout', 'timeout_seconds'],
    ['Rate-Per-Second', 'rate_per_second'],
    ['acount', 'account'],
    ['event', 'events'],
    ['ulr', undefined],
    ['uri', 'url'],
    ['activ', 'active'],
  ])('by %s is %s', (name, meant) => {
    expect(nearName(name, KNOWN)).toBe(meant);
  });

  it.each(['', '_', '日本語', 'x', 'colour', 'retries', 'a'.repeat(100_000)])('by %j is none of them', (name) => {
    expect(nearName(name, KNOWN)).toBeUndefined();
  });

  it('is not guessed where two begin with it', () => {
    expect(nearName('rate', ['rate_per_second', 'rate_per_minute'])).toBeUndefined();
  });
});

describe('a list of words in an error', () => {
  const MANY = Array.from({ length: 60 }, (_, n) => `visit.kind${n}`).concat('shift.ended');

  it('is whole where it is short', () => {
    expect(listWords(['a', 'b'], 'c')).toBe('a, b');
  });

  it.each(['shift.endd', 'shift.endeds'])('begins with what is most like %s', (got) => {
    expect(listWords(MANY, got)).toMatch(/^shift\.ended, .*, … \(61 in all\)$/);
  });

  it.each([undefined, null, 5, {}, '', 'a'.repeat(100_000)])('is as short for %j', (got) => {
    expect(listWords(MANY, got).length).toBeLessThan(230);
  });
});
