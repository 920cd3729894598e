import { describe, expect, it } from 'vitest';
import { subscriptionInput } from '../../lambdas/api/subscriptions/schema.ts';
import { check } from '../../lambdas/api/http/validate.ts';
import type { Problem } from '../../lambdas/domain/problem.ts';

const VALID = { organization: 'org_1', url: 'https://hooks.example.com/' };

/** What is wrong with a subscription's body, as its sender reads it. */
function errorsOf(body: unknown) {
  try {
    check(subscriptionInput, body, '');
  } catch (error) {
    return (error as Problem).errors;
  }
  return [];
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
    ['a header that is no text', { ...VALID, headers: { 'x-a': 5 } }, '/headers/x-a', 'expected text, got a number'],
  ])('for %s', (_, body, pointer, detail) => {
    expect(errorsOf(body)).toContainEqual({ pointer, detail });
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
