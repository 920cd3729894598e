import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { subscriptionInput } from '../../lambdas/api/subscriptions/schema.ts';
import { check } from '../../lambdas/api/http/validate.ts';
import type { Problem } from '../../lambdas/domain/problem.ts';

const VALID = { organization: 'org_1', url: 'https://hooks.example.com/' };

function problemOf(value: unknown, schema: z.ZodType = subscriptionInput, prefix: '' | '?' = ''): Problem | undefined {
  try {
    check(schema, value, prefix);
  } catch (error) {
    return error as Problem;
  }
  return undefined;
}

/** What is wrong with a subscription's body, as its sender reads it. */
function errorsOf(body: unknown) {
  return problemOf(body)?.errors ?? [];
}

describe('the words for a breach of a schema', () => {
  it.each([
    ['a missing member', { organization: 'org_1' }, '/url', 'is required'],
    ['no object', 5, '', 'expected an object, got a number'],
    ['a list for an object', { ...VALID, headers: [] }, '/headers', 'expected an object, got a list'],
    ['null', { ...VALID, active: null }, '/active', 'expected true or false, got null'],
    ['a text for a switch', { ...VALID, active: 'yes' }, '/active', 'expected true or false, got text'],
    ['a fraction', { ...VALID, timeout_seconds: 1.5 }, '/timeout_seconds', 'expected a whole number, got a fraction'],
    ['a number too small', { ...VALID, timeout_seconds: 0 }, '/timeout_seconds', 'expected at least 1'],
    ['a number too large', { ...VALID, timeout_seconds: 31 }, '/timeout_seconds', 'expected at most 30'],
    ['no ceiling at all', { ...VALID, rate_per_second: 0 }, '/rate_per_second', 'expected at least 1'],
    ['too high a ceiling', { ...VALID, rate_per_second: 1001 }, '/rate_per_second', 'expected at most 1000'],
    [
      'a text too long',
      { ...VALID, description: 'x'.repeat(1025) },
      '/description',
      'expected at most 1024 characters',
    ],
    ['a word outside its list', { ...VALID, success: '3xx' }, '/success', 'expected one of 200, 2xx'],
    ['a number for a word', { ...VALID, success: 200 }, '/success', 'expected one of 200, 2xx, as text, got a number'],
    [
      'too many headers',
      { ...VALID, headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, 'v'])) },
      '/headers',
      'must have at most 20 headers, not 21',
    ],
    [
      'headers too long together',
      { ...VALID, headers: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`x-${n}`, 'v'.repeat(900)])) },
      '/headers',
      'must have at most 8192 bytes together, not 9030',
    ],
    [
      'a header without a name',
      { ...VALID, headers: { '': 'v' } },
      '/headers/',
      "may hold only letters, digits and !#$%&'*+-.^_`|~",
    ],
    ['a header that is no text', { ...VALID, headers: { 'x-a': 5 } }, '/headers/x-a', 'expected text, got a number'],
  ])('for %s', (_, body, pointer, detail) => {
    expect(errorsOf(body)).toContainEqual({ pointer, detail });
  });

  it.each([
    ['is misspelt', { timout_seconds: 5 }, '/timout_seconds', 'is unknown; did you mean timeout_seconds?'],
    ['is the beginning of a known one', { timeout: 5 }, '/timeout', 'is unknown; did you mean timeout_seconds?'],
    ['is like no other', { colour: 5 }, '/colour', 'is unknown; leave it out'],
    [
      'lies inside another',
      { auth: { type: 'basic', usernam: 'a', password: 'b' } },
      '/auth/usernam',
      'is unknown; did you mean username?',
    ],
    ['is __proto__', JSON.parse('{"__proto__":1}') as object, '/__proto__', 'is unknown; leave it out'],
  ])('for a member that %s, beside all else that is wrong', (_, members, pointer, detail) => {
    const errors = errorsOf({ organization: 'a b', active: 1, ...members });

    expect(errors).toContainEqual({ pointer, detail });
    expect(errors.map((error) => error.pointer)).toEqual(expect.arrayContaining(['/organization', '/active', '/url']));
  });

  it('for 20,000 unknown members are a few, soon, and repeat little of them', () => {
    const members = Array.from({ length: 20_000 }, (_, n) => [`${'timeout_second'.repeat(10)}${n}`, n] as const);

    const { errors = [] } = problemOf({ ...VALID, ...Object.fromEntries(members) })!.toBody();

    expect(errors).toHaveLength(51);
    expect(Math.max(...errors.map(({ pointer, detail }) => pointer.length + detail.length))).toBeLessThan(150);
  });

  it.each([
    ['is misspelt', { staet: 'active' }, '?staet', 'is unknown; did you mean state?'],
    ['is like no other', { colour: 'red' }, '?colour', 'is unknown; leave it out'],
  ])('for a parameter of a query that %s', (_, query, pointer, detail) => {
    const schema = z.strictObject({ state: z.string().optional(), limit: z.string().optional() });

    expect(problemOf(query, schema, '?')?.errors).toEqual([{ pointer, detail }]);
  });

  it.each([
    ['no kind that it may have', 5, '/events', /^expected text or a list$/],
    ['an empty list', [], '/events', /at least one pattern/],
    ['a list with one that is no text', ['*', 5], '/events/1', /^expected text, got a number$/],
    ['a list with one that is unknown', ['*', 'visit.nope'], '/events/1', /"visit.nope" is not in the catalogue/],
    ['a list too long', Array(101).fill('*'), '/events', /^expected at most 100 items$/],
  ])('for events with %s', (_, events, pointer, detail) => {
    expect(errorsOf({ ...VALID, events })).toEqual([{ pointer, detail: expect.stringMatching(detail) as string }]);
  });
});
