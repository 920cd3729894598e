import { toNumber } from '../../stores/dynamodb/attribute-values.ts';

// DynamoDB's attribute values as JSON, which is how its protocol and its streams carry them: for what the stores write and
// for all that anyone may have typed into a table. The same as the SDK's marshall and unmarshall with documentOptions, at a fifth of the cost.

export type Plain = Record<string, unknown>;
/** An attribute value: its type's name and its content. */
type Value = Record<string, unknown>;

/** What only the SDK can write: dates, sets, numbers that are none. */
export class Unwritable extends Error {}

/** @throws Unwritable. Members that are undefined are left out. */
export function toAttributes(item: Plain): Record<string, Value> {
  const attributes: Record<string, Value> = {};
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) set(attributes, name, toValue(value));
  }
  return attributes;
}

function toValue(value: unknown): Value {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      // Not for NaN, and not for integers that may not be exact.
      if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) break;
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      if (value === null) return { NULL: true };
      if (Array.isArray(value)) return { L: value.filter((one) => one !== undefined).map(toValue) };
      if (value instanceof Uint8Array)
        return { B: Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') };
      if (Object.getPrototypeOf(value) === Object.prototype) return { M: toAttributes(value as Plain) };
  }
  throw new Unwritable('Expected a string, number, boolean, bytes, a list or a plain object');
}

/**
 * Binary becomes bytes, sets become Sets, numbers what {@link toNumber} makes of them. A value of no known type stays as it
 * is, for whoever reads it to say what is wrong with it: one odd value in one row costs no other row its reading. (`{}`
 * is one, sent for an empty map: https://github.com/awslabs/amazon-dynamodb-local-samples/issues/37.)
 */
export function fromAttributes(attributes: Record<string, object>): Plain {
  const item: Plain = {};
  for (const name of Object.keys(attributes)) set(item, name, fromValue(attributes[name] as Value));
  return item;
}

function fromValue(value: Value): unknown {
  try {
    return readValue(value);
  } catch {
    return value;
  }
}

/** @throws TypeError */
function readValue(value: Value): unknown {
  for (const type of Object.keys(value)) {
    const content = value[type];
    switch (type) {
      case 'S':
      case 'BOOL':
        return content;
      case 'N':
        return toNumber(content as string);
      case 'M':
        return fromAttributes(content as Record<string, Value>);
      case 'L':
        return (content as Value[]).map(fromValue);
      case 'NULL':
        return null;
      case 'B':
        return bytes(content as string);
      case 'SS':
        return new Set(content as string[]);
      case 'NS':
        return new Set((content as string[]).map(toNumber));
      case 'BS':
        return new Set((content as string[]).map(bytes));
    }
  }
  throw new TypeError(`Expected an attribute value of DynamoDB, got one of type ${Object.keys(value).join()}`);
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** A member may have any name: assigning to this one would change the object's prototype instead. */
function set(object: Plain, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
  else object[name] = value;
}
