import { escapePointer } from '../../domain/json/pointer.ts';
import type { z } from 'zod';
import { MAX_JSON_DEPTH, scanJson } from '../../domain/json/scan.ts';
import { Problem, type ProblemDetail } from '../../domain/problem.ts';
import { describeIssue, describeUnion } from './describe-issue.ts';

/** Characters of the caller's own names that an answer repeats at most. */
const ECHO_LIMIT = 60;

/**
 * The value of a body. Duplicate keys are refused: whichever of two URLs won, somebody would have meant the other.
 * @throws Problem `malformed-json`, `invalid-request` for a member `__proto__`
 */
export function parseBody(text: string): unknown {
  const scan = scanJson(text, { maxDepth: MAX_JSON_DEPTH });
  if (!scan.ok) {
    throw new Problem('malformed-json', 'Expected one JSON object.', [{ pointer: scan.pointer, detail: scan.message }]);
  }
  const value = JSON.parse(text) as unknown;
  const path = pathToProto(value);
  // The schemas would drop it without a word, and the caller would think that it was set.
  if (path) {
    throw new Problem('invalid-request', 'The body is not valid. See errors.', [
      { pointer: pointerTo(path, ''), detail: 'is unknown; leave it out' },
    ]);
  }
  return value;
}

/** Where a member is called `__proto__`; undefined if none is. As deep as the scanner lets JSON be. */
function pathToProto(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') return [name];
    const path = pathToProto(member);
    if (path) return [name, ...path];
  }
  return undefined;
}

/**
 * Checks a value against its schema.
 * @param prefix `''` for a body, `'?'` for a query.
 * @throws Problem `invalid-request` naming every place that is wrong.
 */
export function check<T extends z.ZodType>(schema: T, value: unknown, prefix: '' | '?'): z.output<T> {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => toDetails(issue, prefix));
  throw new Problem(
    'invalid-request',
    prefix === '' ? 'The body is not valid. See errors.' : 'The query is not valid. See errors.',
    errors,
  );
}

function toDetails(issue: z.core.$ZodIssue, prefix: '' | '?'): ProblemDetail[] {
  if (issue.code === 'invalid_union') {
    return describeUnion(issue).flatMap((one) =>
      one.code === 'invalid_union' ? [toDetail(one, prefix)] : toDetails(one, prefix),
    );
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key], prefix),
      detail: 'is unknown; leave it out',
    }));
  }
  return [toDetail(issue, prefix)];
}

function toDetail(issue: z.core.$ZodIssue, prefix: '' | '?'): ProblemDetail {
  return { pointer: pointerTo(issue.path, prefix), detail: issue.message.slice(0, 300) };
}

function pointerTo(path: readonly PropertyKey[], prefix: '' | '?'): string {
  if (prefix === '?') return `?${shorten(String(path[0] ?? ''))}`;
  return path.map((part) => `/${escapePointer(shorten(String(part)))}`).join('');
}

function shorten(text: string): string {
  return text.length > ECHO_LIMIT ? `${text.slice(0, ECHO_LIMIT)}…` : text;
}
