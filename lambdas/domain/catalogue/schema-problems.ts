import type { OutputUnit, Schema } from '@cfworker/json-schema';
import type { ProblemDetail } from '../problem.ts';

/** More problems than this help nobody. */
const MOST_PROBLEMS = 20;
/** A pointer quotes keys, and an error at most 100 characters of the input. */
const LONGEST_POINTER = 100;
/** Keywords that only say "something inside is wrong"; what that is comes as a unit of its own. */
const WRAPPERS = new Set(['properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties', 'items']);
for (const keyword of ['prefixItems', 'additionalItems', 'unevaluatedItems', '$ref', 'allOf', 'if', 'dependentSchemas'])
  WRAPPERS.add(keyword);
/** Keywords whose inner units say why each of several forms did not fit: noise beside "none fits". */
const ALTERNATIVES = new Set(['anyOf', 'oneOf', 'contains', 'propertyNames']);

/**
 * Turns a validator's findings into problems. The validator's own texts are not used: some quote values.
 * @param base pointer to the validated value in the body.
 */
export function describeProblems(units: readonly OutputUnit[], schema: Schema, base: string): ProblemDetail[] {
  const problems: ProblemDetail[] = [];
  let inside: string | undefined;
  for (const unit of units) {
    if (inside !== undefined && unit.keywordLocation.startsWith(inside)) continue;
    if (WRAPPERS.has(unit.keyword)) continue;
    inside = ALTERNATIVES.has(unit.keyword) ? `${unit.keywordLocation}/` : undefined;
    if (problems.length < MOST_PROBLEMS) {
      const pointer = base + decodeURIComponent(unit.instanceLocation.slice(1));
      problems.push({
        pointer: shortened(pointer),
        detail: detailOf(unit, keywordValue(schema, unit.keywordLocation)),
      });
    }
  }
  return problems;
}

function detailOf(unit: OutputUnit, expected: unknown): string {
  if (unit.keyword === 'type') {
    const came = /^Instance type "(\w+)"/.exec(unit.error)?.[1] ?? 'something else';
    return `expected ${list(expected)}, got ${came}`;
  }
  if (unit.keyword === 'required') {
    return `expected the member ${/^[^"]*"(.+)"\.$/s.exec(unit.error)?.[1] ?? list(expected)}, got none`;
  }
  if (unit.keyword === 'enum' || unit.keyword === 'const') return `expected ${list(expected)}, got another value`;
  if (unit.keyword === 'false') return 'expected no member of this name, got one: remove it';
  const limit = typeof expected === 'number' || typeof expected === 'string' ? ` ${expected}` : '';
  return `expected a value that meets "${unit.keyword}${limit}" of the event type's schema, got another one`;
}

function list(expected: unknown): string {
  const all: unknown[] = Array.isArray(expected) ? expected : [expected];
  return all.map((one) => (typeof one === 'string' ? one : (JSON.stringify(one) ?? 'another type'))).join(' or ');
}

/** What the schema says at a keyword location such as `#/properties/start/type`; follows local references. */
function keywordValue(schema: Schema, location: string): unknown {
  let node: unknown = schema;
  for (const step of location.split('/').slice(1)) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    const next = (node as Record<string, unknown>)[name];
    const reference = name === '$ref' && typeof next === 'string' && next.startsWith('#') ? next : undefined;
    // A reference that leads to itself makes the validator fail long before.
    node = reference === undefined ? next : keywordValue(schema, reference);
  }
  return node;
}

/** The pointer, or the nearest ancestor that is short enough. */
function shortened(pointer: string): string {
  return pointer.length <= LONGEST_POINTER ? pointer : pointer.slice(0, pointer.lastIndexOf('/', LONGEST_POINTER));
}
