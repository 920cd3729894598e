import { escapePointer } from '../../json/pointer.ts';
import { FilterError, readCondition, shown, type Condition } from './conditions.ts';
import { FILTERED } from './event-tree.ts';

/**
 * Which events a subscription wants, beyond type and account, in the syntax of EventBridge's event patterns: a subset of
 * its operators, with its meaning. Sources: EventBridge user guide, "Event pattern syntax" and "Comparison operators";
 * aws/event-ruler, README.
 */
export type Filter = Record<string, unknown>;

const MAX_BYTES = 4096;
const MAX_DEPTH = 8;
const MAX_CONDITIONS = 50;

/** Conditions on the fields of one object, all of which must hold. */
export interface Pattern {
  /** Of the object in the event. */
  pointer: string;
  fields: { name: string; pointer: string; path: string[]; conditions: Condition[] }[];
  objects: { name: string; pattern: Pattern }[];
  /** Of each list, one must hold. */
  either: Pattern[][];
}

/** A filter as it is understood, or what is wrong with it: JSON Pointer (RFC 6901) inside it, and the words for it. */
export type ReadFilter = { ok: true; pattern: Pattern } | { ok: false; pointer: string; detail: string };

const read = new WeakMap<Filter, ReadFilter>();

/** Reads a filter, once for as long as the same object is used. */
export function readFilter(filter: Filter): ReadFilter {
  const before = read.get(filter);
  if (before) return before;
  const result = readAnew(filter);
  read.set(filter, result);
  return result;
}

function readAnew(filter: Filter): ReadFilter {
  try {
    const bytes = Buffer.byteLength(JSON.stringify(filter));
    if (bytes > MAX_BYTES) throw new FilterError('', `expected at most ${MAX_BYTES} bytes of JSON, got ${bytes}`);
    const count = { conditions: 0 };
    const pattern = readPattern(filter, { pointer: '', path: [], at: '' }, 1, count);
    return { ok: true, pattern };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { ok: false, pointer: error.pointer, detail: error.message };
  }
}

/** Where a pattern stands: in the filter (`at`), and what it is about in the event. */
interface Place {
  at: string;
  pointer: string;
  path: string[];
}

function readPattern(value: unknown, place: Place, depth: number, count: { conditions: number }): Pattern {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FilterError(place.at, `expected an object of fields, got ${shown(value)}`);
  }
  if (depth > MAX_DEPTH) throw new FilterError(place.at, `expected at most ${MAX_DEPTH} levels of nested objects`);
  const entries = Object.entries(value);
  if (entries.length === 0) throw new FilterError(place.at, 'expected at least one field, got an empty object');
  const pattern: Pattern = { pointer: place.pointer, fields: [], objects: [], either: [] };
  for (const [name, inner] of entries) {
    const at = `${place.at}/${escapePointer(name)}`;
    if (name === '$or') {
      pattern.either.push(readEither(inner, { ...place, at }, depth, count));
      continue;
    }
    if (place.path.length === 0 && !FILTERED.some((known) => known === name)) {
      throw new FilterError(at, `expected one of ${FILTERED.join(', ')}, $or, got ${shown(name)}`);
    }
    const there = { at, pointer: `${place.pointer}/${escapePointer(name)}`, path: [...place.path, name] };
    if (Array.isArray(inner)) {
      const { pointer, path } = there;
      pattern.fields.push({ name, pointer, path, conditions: readConditions(inner, at, count) });
    } else pattern.objects.push({ name, pattern: readPattern(inner, there, depth + 1, count) });
  }
  return pattern;
}

function readEither(value: unknown, place: Place, depth: number, count: { conditions: number }): Pattern[] {
  if (!Array.isArray(value) || value.length < 2) {
    throw new FilterError(place.at, `expected a list of at least two objects, got ${shown(value)}`);
  }
  return value.map((one, index) => readPattern(one, { ...place, at: `${place.at}/${index}` }, depth + 1, count));
}

function readConditions(list: unknown[], at: string, count: { conditions: number }): Condition[] {
  if (list.length === 0) throw new FilterError(at, 'expected at least one value or operator, got an empty list');
  count.conditions += list.length;
  if (count.conditions > MAX_CONDITIONS) {
    throw new FilterError(at, `expected at most ${MAX_CONDITIONS} values and operators in all`);
  }
  return list.map((one, index) => readCondition(one, `${at}/${index}`));
}
