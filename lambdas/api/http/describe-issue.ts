import type { z } from 'zod';
import { listWords } from '../../domain/near-name.ts';

const KINDS: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  record: 'an object',
  object: 'an object',
};
const UNITS: Record<string, string> = { string: ' characters', array: ' items' };

/**
 * The words for a breach of a schema that has none of its own: what was expected and what kind of value came. Never the
 * value itself, which may be long, or a secret.
 * @returns undefined where zod's own words have to do.
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `expected ${kindOf(issue.expected)}, got ${kindOfValue(issue.input)}`;
    case 'invalid_value':
      return describeChoice(issue.values, issue.input);
    case 'too_big':
      return `expected at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'too_small':
      return `expected at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    default:
      return undefined;
  }
}

/** A word that is none of the list, or a value of another kind that may look like one of it, as 200 does like "200". */
function describeChoice(values: readonly unknown[], input: unknown): string {
  const words = `${values.length > 1 ? 'one of ' : ''}${listWords(values.map(String), input)}`;
  const isText = typeof input === 'string' || values.some((value) => typeof value !== 'string');
  return isText ? `expected ${words}` : `expected ${words}, as text, got ${kindOfValue(input)}`;
}

/**
 * What breaks a union: the breaches inside the one shape that the value was meant to have, or, when it has the kind of
 * none, all the kinds that it may have.
 */
export function describeUnion(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  const meant = issue.errors.filter((errors) => !errors.some((error) => isOtherKind(error)));
  if (meant.length === 1) return meant[0]!.map((error) => ({ ...error, path: [...issue.path, ...error.path] }));
  const kinds = issue.errors.flat().flatMap((error) => (isOtherKind(error) ? [kindOf(error.expected)] : []));
  if (kinds.length === 0) return [issue];
  return [{ ...issue, message: `expected ${[...new Set(kinds)].join(' or ')}` }];
}

function isOtherKind(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueInvalidType {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function kindOf(expected: string): string {
  return KINDS[expected] ?? expected;
}

function kindOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return kindOf(typeof value);
}
