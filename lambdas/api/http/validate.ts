import { escapePointer } from '../../domain/json/pointer.ts';
import type { z } from 'zod';
import { MAX_JSON_DEPTH, scanJson } from '../../domain/json/scan.ts';
import { nearName } from '../../domain/near-name.ts';
import { ERRORS_SHOWN, Problem, type ProblemDetail } from '../../domain/problem.ts';
import { describeIssue, describeUnion } from './describe-issue.ts';

/** Characters of the caller's own names that an answer repeats at most. */
const ECHO_LIMIT = 60;

/**
 * The value of a body. Duplicate keys are refused: whichever of two URLs won, somebody would have meant the other.
 * @throws Problem `malformed-json`
 */
export function parseBody(text: string): unknown {
  const scan = scanJson(text, { maxDepth: MAX_JSON_DEPTH });
  if (!scan.ok) {
    throw new Problem('malformed-json', 'Expected one JSON object.', [{ pointer: scan.pointer, detail: scan.message }]);
  }
  return JSON.parse(text) as unknown;
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
 * @param more what else is wrong with it, by rules that a schema cannot know.
 * @throws Problem `invalid-request` naming every place that is wrong.
 */
export function check<T extends z.ZodType>(
  schema: T,
  value: unknown,
  prefix: '' | '?',
  more: readonly ProblemDetail[] = [],
): z.output<T> {
  const known: Known = new Map();
  const error = (issue: z.core.$ZodRawIssue): string | undefined => {
    if (issue.code === 'unrecognized_keys') known.set(issue.keys, namesOf(issue.inst));
    return describeIssue(issue);
  };
  const result = schema.safeParse(value, { error });
  const path = pathToProto(value);
  if (result.success && path === undefined && more.length === 0) return result.data;
  const errors = (result.error?.issues ?? []).flatMap((issue) => toDetails(issue, prefix, known)).concat(more);
  const pointer = path && pointerTo(path, prefix);
  // A schema that is not strict drops it without a word, and the caller would think that it was set.
  if (pointer !== undefined && !errors.some((one) => one.pointer === pointer))
    errors.push({ pointer, detail: unknown('', []) });
  throw new Problem(
    'invalid-request',
    prefix === '' ? 'The body is not valid. See errors.' : 'The query is not valid. See errors.',
    errors,
  );
}

/** The names that a schema knows, by the list of those that it does not. */
type Known = Map<readonly string[], readonly string[]>;

/** @param schema that found unknown names. */
function namesOf(schema: unknown): string[] {
  const shape = (schema as { shape?: object } | undefined)?.shape;
  return Object.keys(shape ?? {});
}

function toDetails(issue: z.core.$ZodIssue, prefix: '' | '?', known: Known): ProblemDetail[] {
  if (issue.code === 'invalid_union') {
    return describeUnion(issue).flatMap((one) =>
      one.code === 'invalid_union' ? [toDetail(one, prefix)] : toDetails(one, prefix, known),
    );
  }
  if (issue.code === 'unrecognized_keys') {
    const names = known.get(issue.keys) ?? [];
    return issue.keys.map((key, n) => ({
      pointer: pointerTo([...issue.path, key], prefix),
      // No more are shown; a body can hold 20,000 of them.
      detail: unknown(key, n < ERRORS_SHOWN ? names : []),
    }));
  }
  return [toDetail(issue, prefix)];
}

/** @param known names of which one may have been meant. */
function unknown(name: string, known: readonly string[]): string {
  const meant = nearName(name, known);
  return meant === undefined ? 'is unknown; leave it out' : `is unknown; did you mean ${meant}?`;
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
