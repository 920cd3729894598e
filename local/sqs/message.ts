import { createHash } from 'node:crypto';
import { invalidMessageContents, invalidParameter, invalidValue, missingParameter } from './errors.ts';
import { isObject, optionalInteger, optionalObject, optionalString, type Input } from './input.ts';
import type { Queue } from './queue-store.ts';

/** A message attribute as the JSON protocol carries it: binary values in base64. */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}

/** The content of one message to send; everything checked but its deduplication. */
export interface Content {
  body: string;
  attributes: Record<string, MessageAttribute>;
  systemAttributes: Record<string, MessageAttribute>;
  groupId: string | undefined;
  deduplicationId: string | undefined;
  delayMs: number;
  /** What counts against the size limits: body and message attributes, in bytes of UTF-8. */
  bytes: number;
}

/** Complement of what SQS allows (SQS API reference, SendMessage); a lone surrogate is outside as well. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const ATTRIBUTE_NAME = /^(?!AWS\.|Amazon\.)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/i;
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/;
/** Group and deduplication ids: letters, digits and ASCII punctuation. */
const TOKEN = /^[!-~]{1,128}$/;
const MOST_ATTRIBUTES = 10;

/**
 * Reads what is common to SendMessage and an entry of its batch.
 * @throws MissingParameter, InvalidParameterValue or InvalidMessageContents.
 */
export function readContent(queue: Queue, input: Input): Content {
  const body = optionalString(input, 'MessageBody');
  if (body === undefined || body === '') throw missingParameter('MessageBody');
  const attributes = readAttributes(input, 'MessageAttributes');
  const systemAttributes = readAttributes(input, 'MessageSystemAttributes');
  const texts = Object.values({ ...attributes, ...systemAttributes }).map((value) => value.StringValue ?? '');
  if ([body, ...texts].some((text) => FORBIDDEN.test(text))) throw invalidMessageContents();
  const unknown = Object.keys(systemAttributes).find((name) => name !== 'AWSTraceHeader');
  if (unknown !== undefined) throw invalidParameter(`Message system attribute name '${unknown}' is invalid.`);
  return {
    body,
    attributes,
    systemAttributes,
    groupId: readToken(input, 'MessageGroupId'),
    deduplicationId: readToken(input, 'MessageDeduplicationId'),
    delayMs: readDelay(queue, input),
    bytes: sizeOf(body, attributes),
  };
}

/** @throws InvalidParameterValue when one message is larger than its queue takes. */
export function assertFits(queue: Queue, content: Content): void {
  const limit = queue.settings.maxBytes;
  if (content.bytes > limit) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes, it has ${content.bytes}.`,
    );
  }
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/**
 * Digest of attributes: sorted by name, each as length and bytes of name and type, one byte for the kind, length and
 * bytes of the value (SQS developer guide, "Calculating the MD5 message digest for message attributes").
 */
export function md5OfAttributes(attributes: Record<string, MessageAttribute>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const value = attributes[name]!;
    const binary = value.DataType.startsWith('Binary');
    add(Buffer.from(name));
    add(Buffer.from(value.DataType));
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? Buffer.from(value.BinaryValue ?? '', 'base64') : Buffer.from(value.StringValue ?? ''));
  }
  return hash.digest('hex');
}

function readAttributes(input: Input, parameter: string): Record<string, MessageAttribute> {
  const given = optionalObject(input, parameter);
  const entries = Object.entries(given);
  if (entries.length > MOST_ATTRIBUTES) {
    throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, value: unknown): MessageAttribute {
  if (name.length > 256 || !ATTRIBUTE_NAME.test(name)) {
    throw invalidParameter(`The message attribute name '${name.slice(0, 80)}' is invalid.`);
  }
  const { DataType, StringValue, BinaryValue } = isObject(value) ? value : {};
  if (typeof DataType !== 'string' || DataType.length > 256 || !DATA_TYPE.test(DataType)) {
    throw invalidParameter(`The type of message attribute '${name}' must be String, Number or Binary.`);
  }
  const field = DataType.startsWith('Binary') ? 'BinaryValue' : 'StringValue';
  const content = field === 'BinaryValue' ? BinaryValue : StringValue;
  if (typeof content !== 'string' || content === '') {
    throw invalidParameter(`The message attribute '${name}' must contain a non-empty ${field}.`);
  }
  if (DataType.startsWith('Number') && !Number.isFinite(Number(content))) {
    throw invalidParameter(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  return { DataType, [field]: content };
}

function readToken(input: Input, name: string): string | undefined {
  const value = optionalString(input, name);
  if (value !== undefined && !TOKEN.test(value)) {
    throw invalidValue(
      name,
      value,
      `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
  return value;
}

function readDelay(queue: Queue, input: Input): number {
  const seconds = optionalInteger(input, 'DelaySeconds', 0, 900);
  if (seconds === undefined) return queue.settings.delayMs;
  if (queue.fifo && seconds > 0) {
    throw invalidValue('DelaySeconds', seconds, 'A FIFO queue has no delay per message, only one on the queue.');
  }
  return seconds * 1000;
}

function sizeOf(body: string, attributes: Record<string, MessageAttribute>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value.DataType);
    bytes += Buffer.byteLength(value.StringValue ?? '') + Buffer.byteLength(value.BinaryValue ?? '', 'base64');
  }
  return bytes;
}
