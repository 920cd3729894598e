import { compareDecimals } from './decimal.ts';
import type { Leaf } from './event-tree.ts';

/** What one element of a pattern's list asks of a field. */
export type Condition =
  /** The field is there, as a leaf, or is not. */
  { exists: boolean } | { test: (leaf: Leaf) => boolean };

/** Something wrong with a filter. */
export class FilterError extends Error {
  /** JSON Pointer (RFC 6901) inside the filter. */
  readonly pointer: string;
  /** @param detail what was expected; the value that came is named by {@link shown}. */
  constructor(pointer: string, detail: string) {
    super(detail);
    this.pointer = pointer;
  }
}

/** EventBridge compares numbers of a pattern between these, with six digits after the point (aws/event-ruler, README). */
const LARGEST = 5e9;
const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const OPERATORS: Readonly<Record<string, (value: unknown, pointer: string) => Condition>> = {
  prefix: (value, pointer) => edge(value, pointer, (text, part) => text.startsWith(part)),
  suffix: (value, pointer) => edge(value, pointer, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (value, pointer) => {
    const wanted = folded(asString(value, pointer));
    return { test: ({ kind, text }) => kind === 'string' && folded(text) === wanted };
  },
  'anything-but': anythingBut,
  exists: (value, pointer) => {
    if (typeof value !== 'boolean') throw new FilterError(pointer, `expected true or false, got ${shown(value)}`);
    return { exists: value };
  },
  numeric: (value, pointer) => ({ test: numeric(value, pointer) }),
};

/** Operators that an `anything-but` may turn round, as EventBridge's do. */
const TURNED = ['prefix', 'suffix', 'equals-ignore-case'];

/**
 * Reads one element of a pattern's list: a value that the field must have, or an operator.
 * @throws FilterError
 */
export function readCondition(value: unknown, pointer: string): Condition {
  if (value === null || typeof value !== 'object') return { test: equals(value, pointer) };
  const [name, ...others] = Object.keys(value);
  if (Array.isArray(value) || name === undefined || others.length > 0) {
    throw new FilterError(pointer, `expected a value, or an object with one operator, got ${shown(value)}`);
  }
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator) {
    const all = Object.keys(OPERATORS).join(', ');
    throw new FilterError(pointer, `expected one of the operators ${all}, got ${shown(name)}`);
  }
  return operator((value as Record<string, unknown>)[name], `${pointer}/${name}`);
}

/**
 * Exactly this value. A number by its digits: an event's 300.0 is not 300, as in EventBridge ("EventBridge uses string
 * representation", user guide, event pattern syntax); `numeric` compares by value.
 */
function equals(value: unknown, pointer: string): (leaf: Leaf) => boolean {
  if (typeof value === 'string') return ({ kind, text }) => kind === 'string' && text === value;
  if (typeof value === 'number') {
    const digits = asDigits(value, pointer);
    return ({ kind, text }) => kind === 'number' && text === digits;
  }
  if (value === null || typeof value === 'boolean') {
    const word = String(value);
    return ({ kind, text }) => kind !== 'string' && text === word;
  }
  throw new FilterError(pointer, `expected text, a number, true, false or null, got ${shown(value)}`);
}

function edge(value: unknown, pointer: string, holds: (text: string, part: string) => boolean): Condition {
  const inner = onlyMember(value, 'equals-ignore-case');
  if (inner !== undefined) {
    const part = folded(asString(inner, `${pointer}/equals-ignore-case`));
    return { test: ({ kind, text }) => kind === 'string' && holds(folded(text), part) };
  }
  const part = asString(value, pointer);
  return { test: ({ kind, text }) => kind === 'string' && holds(text, part) };
}

/** Any leaf but these. A field that is not there has none, and does not match. */
function anythingBut(value: unknown, pointer: string): Condition {
  const turned = TURNED.find((name) => onlyMember(value, name) !== undefined);
  const refused = listed(turned === undefined ? value : onlyMember(value, turned), pointer).map((one) => {
    const condition = turned === undefined ? { test: equals(one, pointer) } : OPERATORS[turned]!(one, pointer);
    if ('exists' in condition || one === null || typeof one === 'boolean') {
      throw new FilterError(pointer, `expected text, numbers, or one of ${TURNED.join(', ')}, got ${shown(one)}`);
    }
    return condition.test;
  });
  return { test: (leaf) => !refused.some((test) => test(leaf)) };
}

function listed(value: unknown, pointer: string): unknown[] {
  if (!Array.isArray(value)) return [value];
  const kinds = new Set(value.map((one) => typeof one));
  if (value.length > 0 && kinds.size === 1) return value;
  throw new FilterError(pointer, 'expected at least one value, and only texts or only numbers');
}

function numeric(value: unknown, pointer: string): (leaf: Leaf) => boolean {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 4)) {
    throw new FilterError(
      pointer,
      `expected [comparison, number], once or twice, such as [">", 0, "<=", 5], got ${shown(value)}`,
    );
  }
  const [first, limit, second, otherLimit] = value as unknown[];
  const one = comparison(first, limit, pointer);
  if (value.length === 2) return one;
  if (!/^>=?$/.test(String(first)) || !/^<=?$/.test(String(second))) {
    throw new FilterError(pointer, 'expected a lower and then an upper limit, such as [">", 0, "<=", 5]');
  }
  if (Number(limit) >= Number(otherLimit)) {
    throw new FilterError(
      pointer,
      `expected a lower limit below the upper one, got ${shown(limit)} and ${shown(otherLimit)}`,
    );
  }
  const two = comparison(second, otherLimit, pointer);
  return (leaf) => one(leaf) && two(leaf);
}

function comparison(name: unknown, limit: unknown, pointer: string): (leaf: Leaf) => boolean {
  const holds = typeof name === 'string' && Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
  if (!holds) {
    throw new FilterError(pointer, `expected one of ${Object.keys(COMPARISONS).join(' ')}, got ${shown(name)}`);
  }
  if (typeof limit !== 'number') throw new FilterError(pointer, `expected a number, got ${shown(limit)}`);
  const digits = asDigits(limit, pointer);
  return ({ kind, text }) => kind === 'number' && holds(compareDecimals(text, digits));
}

function asDigits(value: number, pointer: string): string {
  const digits = String(value);
  if (Math.abs(value) <= LARGEST && /^-?\d+(\.\d{1,6})?$/.test(digits)) return digits;
  const expected = 'a number from -5000000000 to 5000000000 with at most 6 digits after the point';
  throw new FilterError(pointer, `expected ${expected}, got ${shown(value)}`);
}

function asString(value: unknown, pointer: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new FilterError(pointer, `expected text of at least one character, got ${shown(value)}`);
}

function onlyMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value).length === 1 ? (value as Record<string, unknown>)[name] : undefined;
}

/** Both cases of a letter as one: ß is not folded into ss, as in EventBridge, which compares letter by letter. */
function folded(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/** A value as an error names it: its kind, or at most 40 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    const count = Object.keys(value).length;
    return count === 0 ? 'an empty object' : `an object with ${count} ${count === 1 ? 'key' : 'keys'}`;
  }
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
