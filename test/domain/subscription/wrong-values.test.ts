import { describe, expect, it } from 'vitest';
import { readSubscription } from '../../../lambdas/domain/subscription/read-subscription.ts';

// What people type into a row for signing, delivery and paused: understood, or a problem that names the attribute. The other
// attributes: read-subscription.test.ts and auth.test.ts. The same through the API: test/api/wrong-values.test.ts.

const read = (change: object) =>
  readSubscription(
    { organization: 'acme', id: 'sub_1', url: 'https://hooks.example.com/', ...change },
    { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set(['visit.ended']) },
  );

const UNDERSTOOD: [attribute: string, typed: unknown, meant: unknown][] = [
  ['signing', 'v1a', 'v1a'],
  ['signing', ' V1A ', 'v1a'],
  ['signing', ['both'], 'both'],
  ['signing', new Set(['v1']), 'v1'],
  ['signing', null, undefined],
  ['signing', ' ', undefined],
  ['delivery', 'pull', 'pull'],
  ['delivery', ' PULL ', 'pull'],
  ['delivery', ['Push'], 'push'],
  ['paused', true, true],
  ['paused', ' TRUE ', true],
  ['paused', 'no', false],
  ['paused', 1, true],
  ['paused', '0', false],
  ['paused', ['yes'], true],
];

const EXPECTED: Record<string, RegExp> = {
  signing: /^signing: expected v1, v1a, both, got .*; choose one/,
  delivery: /^delivery: expected push or pull, got .*; choose one/,
  paused: /^paused: expected true or false, got .*; choose one/,
};
const COMMON: unknown[] = [2, {}, [], ['v1', 'v1a'], 'null', 'maybe', { S: 'v1' }, '{"S":"v1"}', new Uint8Array(1)];
const WRONG: Record<string, unknown[]> = {
  signing: [...COMMON, 'v2', 'hmac', 'ed25519', 'v1,v1a', 'none', true, 1],
  delivery: [...COMMON, null, '', ' ', 'poll', 'both', 'push,pull', true, 1],
  paused: [...COMMON, null, '', ' ', 'until monday', '2027-01-31', 'paused', -1, [true, false], { BOOL: true }],
};

describe('what somebody typed into a row', () => {
  it.each(UNDERSTOOD)('for %s, %j, is understood as %s', (attribute, typed, meant) => {
    const answer = read({ [attribute]: typed });

    expect(answer.ok).toBe(true);
    expect(answer.ok && answer.subscription[attribute as 'signing']).toBe(meant);
  });

  it.each(
    Object.entries(WRONG).flatMap(([attribute, all]) => all.map((typed): [string, unknown] => [attribute, typed])),
  )('for %s, %j, is a problem that names it', (attribute, typed) => {
    const answer = read({ [attribute]: typed });

    expect(answer.ok ? 'understood' : answer.problem).toMatch(EXPECTED[attribute]!);
  });
});
