import { escapePointer } from '../domain/json/pointer.ts';
import type { Catalogue } from '../domain/catalogue/index.ts';
import { OWNER_PATTERN, PING, TRIGGERING_LOCATIONS, type PosthornEvent } from '../domain/event.ts';
import { isOperational, OPERATIONAL_SERVICE } from '../domain/operational.ts';
import type { JsonMember } from '../domain/json/json.ts';
import { scanJson, type JsonFailure } from '../domain/json/scan.ts';
import { Problem, type ProblemDetail } from '../domain/problem.ts';

/** An event as the producer sent it: valid, without the id and time that acceptance gives it. */
export type EventDraft = Omit<PosthornEvent, 'id' | 'enqueued_ms'>;

/** Levels of objects and arrays in a whole request body (docs/design.md §17.13). */
export const MAX_DEPTH = 64;
const MAX_RESOURCE_ID = 128;
/** Unknown fields named one by one; the rest is counted. A body could hold 40,000 of them. */
const MAX_UNKNOWN_FIELDS = 10;
/** Characters of a field's name or value that an error quotes. */
const MAX_QUOTE = 40;

const FIELDS = new Set(['organization', 'account', 'type', 'triggering_location', 'resource_id', 'data']);

/** Where the text stands in the request: its pointer and how many levels may lie in it. */
export interface Place {
  /** '' for a request that is one event, `/events/3` in a batch. */
  pointer: string;
  maxDepth: number;
}

/**
 * Reads one event and checks every rule of docs/design.md §5; `data` stays the text that it was.
 * @returns the event, or one problem that names all that is wrong: `malformed-json`, or `invalid-request`.
 */
export function readEvent(catalogue: Catalogue, text: string, place: Place): EventDraft | Problem {
  const scan = scanJson(text, { maxDepth: place.maxDepth });
  if (!scan.ok) return scanProblem(scan, place.pointer);
  if (!scan.members) {
    return invalid([{ pointer: place.pointer, detail: `Expected an event as a JSON object, got ${scan.kind}.` }]);
  }
  const reader = new FieldReader(scan.members, place.pointer);
  const draft = readFields(reader, catalogue);
  reader.refuseUnknown();
  return reader.errors.length > 0 ? invalid(reader.errors) : draft;
}

/** The problem for a failed scan: text that is not JSON is malformed; JSON that is ambiguous or too deep is invalid. */
export function scanProblem(scan: JsonFailure, pointer: string): Problem {
  const errors = [{ pointer: pointer + scan.pointer, detail: `${scan.message} (at character ${scan.offset})` }];
  return scan.problem === 'syntax'
    ? new Problem('malformed-json', 'Expected one JSON document (RFC 8259). See errors for where it breaks.', errors)
    : invalid(errors);
}

function invalid(errors: ProblemDetail[]): Problem {
  return new Problem('invalid-request', 'The event was not accepted. See errors for what to change.', errors);
}

function readFields(reader: FieldReader, catalogue: Catalogue): EventDraft {
  const organization = reader.owner('organization', true);
  const account = reader.owner('account', false);
  const type = reader.string('type', true);
  const triggeringLocation = reader.string('triggering_location', false) ?? 'API';
  const resourceId = reader.string('resource_id', false);
  const data = reader.object('data');

  const location = TRIGGERING_LOCATIONS.find((known) => known === triggeringLocation);
  if (!location) {
    const expected = TRIGGERING_LOCATIONS.join(', ');
    reader.fail('triggering_location', `Expected one of ${expected}, got ${quote(triggeringLocation)}.`);
  }
  if (resourceId !== undefined && resourceId.length > MAX_RESOURCE_ID) {
    reader.fail('resource_id', `Expected at most ${MAX_RESOURCE_ID} characters, got ${resourceId.length}.`);
  }
  if (type !== undefined) checkType(reader, catalogue, type, data);
  return {
    organization: organization ?? '',
    account,
    type: type ?? '',
    triggering_location: location ?? 'API',
    resource_id: resourceId,
    data,
  };
}

/** The type must be a catalogue type that producers may publish, and `data` must fit its schema. */
function checkType(reader: FieldReader, catalogue: Catalogue, type: string, data: string | undefined): void {
  if (type === PING) {
    reader.fail('type', 'Expected another type: pings are not published but requested at /v1/subscriptions/{id}/ping.');
  } else if (isOperational(type)) {
    reader.fail('type', `Expected another type: the platform alone publishes ${OPERATIONAL_SERVICE}.…, of endpoints.`);
  } else if (!catalogue.get(type)) {
    const nearest = catalogue.nearest(type);
    reader.fail('type', `Expected a type from the catalogue, got ${quote(type)}. Nearest: ${nearest.join(', ')}.`);
  } else if (data !== undefined) {
    reader.add(catalogue.validateData(type, data));
  }
}

/** Takes typed fields out of an object and collects what is wrong with them. */
class FieldReader {
  readonly errors: ProblemDetail[] = [];
  readonly #members: Map<string, JsonMember>;
  readonly #pointer: string;

  constructor(members: Map<string, JsonMember>, pointer: string) {
    this.#members = members;
    this.#pointer = pointer;
  }

  fail(field: string, detail: string): void {
    this.errors.push({ pointer: `${this.#pointer}/${field}`, detail });
  }

  /** Adds problems whose pointers start at the event. */
  add(problems: ProblemDetail[]): void {
    for (const { pointer, detail } of problems) this.errors.push({ pointer: this.#pointer + pointer, detail });
  }

  string(field: string, required: boolean): string | undefined {
    const raw = this.#raw(field, 'string', required);
    return raw === undefined ? undefined : (JSON.parse(raw) as string);
  }

  owner(field: string, required: boolean): string | undefined {
    const value = this.string(field, required);
    if (value === undefined || OWNER_PATTERN.test(value)) return value;
    this.fail(field, `Expected 1 to 64 characters of A-Z a-z 0-9 _ -, got ${quote(value)}.`);
    return undefined;
  }

  /** Verbatim text of a required object. */
  object(field: string): string | undefined {
    return this.#raw(field, 'object', true);
  }

  refuseUnknown(): void {
    const unknown = [...this.#members.keys()].filter((name) => !FIELDS.has(name));
    const expected = `Expected only ${[...FIELDS].join(', ')}.`;
    for (const name of unknown.slice(0, MAX_UNKNOWN_FIELDS)) {
      const short = name.length <= MAX_QUOTE;
      const pointer = short ? `/${escapePointer(name)}` : '';
      const got = short ? 'Unknown field.' : `Unknown field with a name of ${name.length} characters.`;
      this.errors.push({ pointer: this.#pointer + pointer, detail: `${got} ${expected}` });
    }
    const more = unknown.length - MAX_UNKNOWN_FIELDS;
    if (more > 0) this.errors.push({ pointer: this.#pointer, detail: `${more} more unknown fields. ${expected}` });
  }

  #raw(field: string, kind: JsonMember['kind'], required: boolean): string | undefined {
    const member = this.#members.get(field);
    if (member?.kind === kind) return member.raw;
    if (member) this.fail(field, `Expected ${kind}, got ${member.kind}.`);
    else if (required) this.fail(field, `Expected this field, of type ${kind}; it is missing.`);
    return undefined;
  }
}

function quote(value: string): string {
  return JSON.stringify(value.length > MAX_QUOTE ? `${value.slice(0, MAX_QUOTE).toWellFormed()}…` : value);
}
