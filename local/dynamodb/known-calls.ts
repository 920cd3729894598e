import db from 'dynalite/db/index.js';
import { isObject, plainItem } from './plain-values.ts';
import type { Input, Item } from './types.ts';

// dynalite takes longer to check an input, its expressions above all, than for the rest of a call; and a function's calls are the
// same thousands of times but for the values in them. So what it made of one is kept with places for the values, by all
// that its rules look at besides: every other member, and the type of each value of an expression.

const ATTRIBUTES = ['Item', 'Key', 'ExclusiveStartKey'];
const MOST_CALLS = 1000;
/** A longer one will hardly come again. */
const LONGEST_NAME = 4000;
/** Its rule looks at the value itself. */
const OF_VALUES = /attribute_type/;

/** A call without its values. */
export interface Skeleton {
  name: string;
  /** Copies of what an item consists of, by member. */
  attributes: Map<string, unknown>;
  values: Item;
}

/** The value of an expression that goes here. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

interface Known {
  /** With a {@link Place} for each value, without {@link Skeleton.attributes}. */
  data: Input;
  /** Names of values of which the first may not be greater. */
  bounds: [string, string][];
}

const known = new Map<string, Known>();

/** Undefined: a call that is looked at in full each time. */
export function skeletonOf(operation: string, input: Input): Skeleton | undefined {
  const attributes = new Map<string, unknown>();
  const bare: Input = { ...input };
  for (const member of ATTRIBUTES) {
    if (input[member] === undefined || input[member] === null) continue;
    const item = plainItem(input[member]);
    if (item === undefined) return undefined;
    attributes.set(member, item);
    bare[member] = true;
  }
  const values = plainItem(input['ExpressionAttributeValues'] ?? {});
  if (values === undefined || hasRuleOfValues(input)) return undefined;
  if (input['ExpressionAttributeValues'] !== undefined) bare['ExpressionAttributeValues'] = typesOf(values);
  if (input['RequestItems'] !== undefined) {
    const requests = plainRequests(input['RequestItems'], operation === 'batchWriteItem' ? plainWrites : plainReads);
    if (requests === undefined) return undefined;
    attributes.set('RequestItems', requests.copy);
    bare['RequestItems'] = requests.kinds;
  }
  const name = JSON.stringify([operation, bare]);
  return name.length <= LONGEST_NAME ? { name, attributes, values } : undefined;
}

/** What dynalite makes of a call of which it made the same before, but for the values; undefined: it has to be asked. */
export function madeBefore({ name, attributes, values }: Skeleton): Input | undefined {
  const call = known.get(name);
  if (!call || call.bounds.some(([low, high]) => db.compare('GT', values[low]!, values[high]!))) return undefined;
  const data = filled(call.data, values) as Input;
  for (const [member, copy] of attributes) data[member] = copy;
  return data;
}

/** Keeps what dynalite made of a call. */
export function remember({ name, attributes }: Skeleton, data: Input): void {
  if (known.size >= MOST_CALLS) known.clear();
  const names = new Map(
    Object.entries((data['ExpressionAttributeValues'] ?? {}) as Item).map(([one, value]) => [value as object, one]),
  );
  const call: Known = { data: {}, bounds: [] };
  for (const [member, made] of Object.entries(data)) {
    if (!attributes.has(member)) call.data[member] = withPlaces(made, names, call.bounds);
  }
  known.set(name, call);
}

function hasRuleOfValues(input: Input): boolean {
  return ['ConditionExpression', 'FilterExpression'].some((member) => OF_VALUES.test(String(input[member])));
}

function typesOf(values: Item): [name: string, type: string | undefined][] {
  return Object.entries(values).map(([name, value]) => [name, Object.keys(value)[0]]);
}

/** What is asked of a table, copied, and all of it that the rules look at besides. */
interface Requests {
  copy: unknown;
  kind: unknown;
}

function plainRequests(
  tables: unknown,
  plain: (asked: unknown) => Requests | undefined,
): { copy: object; kinds: object } | undefined {
  if (!isObject(tables)) return undefined;
  const copy: Record<string, unknown> = {};
  const kinds: Record<string, unknown> = {};
  for (const [table, asked] of Object.entries(tables)) {
    const requests = plain(asked);
    if (requests === undefined) return undefined;
    copy[table] = requests.copy;
    kinds[table] = requests.kind;
  }
  return { copy, kinds };
}

/** @returns undefined where a request is not one write of a plain item or key. */
function plainWrites(asked: unknown): Requests | undefined {
  const writes = Array.isArray(asked) ? asked.map(plainWrite) : [undefined];
  return writes.includes(undefined) ? undefined : { copy: writes, kind: writes.map((write) => Object.keys(write!)[0]) };
}

/** @returns undefined where there is more to a read than plain keys, or one comes twice. */
function plainReads(asked: unknown): Requests | undefined {
  if (!isObject(asked) || !Array.isArray(asked['Keys'])) return undefined;
  const { Keys: keys, ...more } = asked;
  if (Object.keys(more).some((name) => name !== 'ConsistentRead' || typeof more[name] !== 'boolean')) return undefined;
  const copies = (keys as unknown[]).map(plainItem);
  const names = new Set(copies.map((key) => key && JSON.stringify(Object.entries(key).sort())));
  if (copies.includes(undefined) || names.size < copies.length) return undefined;
  return { copy: { ...more, Keys: copies }, kind: copies.length };
}

function plainWrite(request: unknown): object | undefined {
  if (!isObject(request)) return undefined;
  const [kind, ...more] = Object.keys(request);
  const member = kind === 'PutRequest' ? 'Item' : kind === 'DeleteRequest' ? 'Key' : undefined;
  const write = kind === undefined ? undefined : request[kind];
  if (member === undefined || more.length > 0 || !isObject(write) || Object.keys(write).length !== 1) return undefined;
  const item = plainItem(write[member]);
  return item && { [kind!]: { [member]: item } };
}

function withPlaces(node: unknown, names: Map<object, string>, bounds: [string, string][]): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const name = names.get(node);
  if (name !== undefined) return new Place(name);
  if (Array.isArray(node)) return node.map((one) => withPlaces(one, names, bounds));
  const copy: Record<string, unknown> = {};
  for (const [member, one] of Object.entries(node)) {
    if (one !== undefined) copy[member] = withPlaces(one, names, bounds);
  }
  const between = copy['type'] === 'between' ? copy['args'] : undefined;
  if (Array.isArray(between) && between[1] instanceof Place && between[2] instanceof Place) {
    bounds.push([between[1].name, between[2].name]);
  }
  return copy;
}

/** Anew for each: updateItem writes into what it is given. */
function filled(node: unknown, values: Item): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (node instanceof Place) return values[node.name];
  if (Array.isArray(node)) return node.map((one) => filled(one, values));
  const copy: Record<string, unknown> = {};
  for (const member in node) copy[member] = filled((node as Record<string, unknown>)[member], values);
  return copy;
}
