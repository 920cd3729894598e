import { invalidAttributeName, invalidAttributeValue, invalidParameter } from './errors.ts';
import { isObject } from './input.ts';

/** Attributes of a queue as SQS keeps them: everything is a string. */
export type Attributes = Record<string, string>;

/** What the attributes mean, in milliseconds, bytes and counts. */
export interface QueueSettings {
  visibilityMs: number;
  delayMs: number;
  retentionMs: number;
  waitMs: number;
  /** Largest message, in bytes, attributes included. */
  maxBytes: number;
  redrive: { targetArn: string; maxReceiveCount: number } | undefined;
  contentBasedDeduplication: boolean;
}

type Check = (value: string) => string | undefined;

const between =
  (min: number, max: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `expected a whole number from ${min} to ${max}.`;
const boolean: Check = (value) => (value === 'true' || value === 'false' ? undefined : 'expected true or false.');
const anything: Check = () => undefined;
const json: Check = (value) => (isObject(parse(value)) ? undefined : 'expected a JSON object.');
const oneOf =
  (...names: string[]): Check =>
  (value) =>
    names.includes(value) ? undefined : `expected one of ${names.join(', ')}.`;

/** Every attribute that can be set, with its rule (SQS API reference, SetQueueAttributes). */
const CHECKS = new Map<string, Check>([
  ['DelaySeconds', between(0, 900)],
  ['MaximumMessageSize', between(1024, 1_048_576)],
  ['MessageRetentionPeriod', between(60, 1_209_600)],
  ['ReceiveMessageWaitTimeSeconds', between(0, 20)],
  ['VisibilityTimeout', between(0, 43_200)],
  ['Policy', anything],
  ['RedrivePolicy', json],
  ['RedriveAllowPolicy', json],
  ['KmsMasterKeyId', anything],
  ['KmsDataKeyReusePeriodSeconds', between(60, 86_400)],
  ['SqsManagedSseEnabled', boolean],
  ['FifoQueue', boolean],
  ['ContentBasedDeduplication', boolean],
  ['DeduplicationScope', oneOf('messageGroup', 'queue')],
  ['FifoThroughputLimit', oneOf('perQueue', 'perMessageGroupId')],
]);

const DEFAULTS: Attributes = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
};

/**
 * Attributes as they came, checked, and as strings: CloudFormation gives numbers, booleans and objects where the API
 * knows only strings. An empty string removes.
 * @throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue.
 */
export function readAttributes(given: Record<string, unknown>): Attributes {
  const attributes: Attributes = {};
  for (const [name, raw] of Object.entries(given)) {
    assertKnownAttribute(name);
    if (raw === undefined || raw === null) continue;
    const value = textOf(raw);
    const problem = value === '' ? undefined : CHECKS.get(name)!(value);
    if (problem !== undefined) throw invalidAttributeValue(name, value, problem);
    attributes[name] = value;
  }
  if (attributes.RedrivePolicy) redriveOf(attributes.RedrivePolicy);
  return attributes;
}

/** @throws InvalidAttributeName when no queue can have it. */
export function assertKnownAttribute(name: string): void {
  if (!CHECKS.has(name)) throw invalidAttributeName(name);
}

/** Whether two values mean the same, e.g. policies whose keys are in another order. */
export const sameValue = (a: string, b: string): boolean => canonical(a) === canonical(b);

/** The attributes that a queue shows: what was set over the defaults. */
export const withDefaults = (set: Attributes): Attributes => ({ ...DEFAULTS, ...set });

export function settingsOf(set: Attributes): QueueSettings {
  const all = withDefaults(set);
  const number = (name: string): number => Number(all[name]);
  return {
    visibilityMs: number('VisibilityTimeout') * 1000,
    delayMs: number('DelaySeconds') * 1000,
    retentionMs: number('MessageRetentionPeriod') * 1000,
    waitMs: number('ReceiveMessageWaitTimeSeconds') * 1000,
    maxBytes: number('MaximumMessageSize'),
    redrive: all.RedrivePolicy ? redriveOf(all.RedrivePolicy) : undefined,
    contentBasedDeduplication: all.ContentBasedDeduplication === 'true',
  };
}

function redriveOf(policy: string): { targetArn: string; maxReceiveCount: number } {
  const { deadLetterTargetArn, maxReceiveCount } = parse(policy) as Record<string, unknown>;
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count) || count < 1 || count > 1000) {
    throw invalidParameter(
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: expected deadLetterTargetArn and a maxReceiveCount from 1 to 1000.`,
    );
  }
  return { targetArn: deadLetterTargetArn, maxReceiveCount: count };
}

const textOf = (raw: unknown): string =>
  typeof raw === 'string' ? raw : isObject(raw) ? JSON.stringify(raw) : String(raw);

function canonical(text: string): string {
  const parsed = text.startsWith('{') ? parse(text) : undefined;
  return parsed === undefined ? text : JSON.stringify(sorted(parsed));
}

function sorted(value: unknown): unknown {
  if (!isObject(value)) return Array.isArray(value) ? value.map(sorted) : value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === 'maxReceiveCount' ? Number(item) : sorted(item),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
