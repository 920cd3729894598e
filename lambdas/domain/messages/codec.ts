import type { PosthornEvent } from '../event.ts';
import { toAsciiJson } from '../json/ascii.ts';
import type { DeliveryFields } from './deliveries.ts';
import type { DeliveryMessage, EventMessage, RecoveryMessage } from './messages.ts';

// Bodies are ASCII: SQS refuses U+FFFE and U+FFFF and counts bytes, and 262,144 bytes of request become at most three
// times as many (two bytes of UTF-8 become `\uXXXX`), so every event fits SQS's 1 MiB. `data` travels as one string.

/** What a stage gets for a body: the message, or why it can never be processed. */
export type Decoded<T> = { ok: true; message: T } | { ok: false; reason: string };

/** An event as ASCII JSON, made once per event and put into the message of each of its deliveries. */
export function encodeEvent(event: PosthornEvent): string {
  return toAsciiJson(JSON.stringify(event));
}

/** Body for the queue `events`. */
export function encodeEventMessage({ event, ...fields }: EventMessage): string {
  return joinMessage(encodeEvent(event), fields);
}

/**
 * Body for the queues `deliveries`. Costs the same for a large event as for a small one, apart from the copy.
 * @param encodedEvent from {@link encodeEvent}
 * @param fields from deliveries.ts
 */
export function encodeDeliveryMessage(encodedEvent: string, fields: DeliveryFields): string {
  return joinMessage(encodedEvent, { v: 1, ...fields });
}

function joinMessage(encodedEvent: string, fields: { v: 1 }): string {
  return `{"event":${encodedEvent},${toAsciiJson(JSON.stringify(fields)).slice(1)}`;
}

/** Reads a body from the queue `events`. */
export function decodeEventMessage(body: string): Decoded<EventMessage> {
  return decode(body, EVENT_MESSAGE_RULES);
}

/** Reads a body from the queues `deliveries`. */
export function decodeDeliveryMessage(body: string): Decoded<DeliveryMessage> {
  return decode(body, DELIVERY_MESSAGE_RULES);
}

/** Body for the queue `recovery`. */
export function encodeRecoveryMessage(message: RecoveryMessage): string {
  return toAsciiJson(JSON.stringify(message));
}

/** Reads a body from the queue `recovery`. */
export function decodeRecoveryMessage(body: string): Decoded<RecoveryMessage> {
  const parsed = parse(body);
  if (!parsed.ok) return parsed;
  const { job } = parsed.message;
  if (!isObject(job)) return poison('expected job to be an object');
  const rules = Object.entries(JOB_RULES).find(([kind]) => kind === job.kind)?.[1];
  if (!rules) return poison(`expected job.kind to be one of ${Object.keys(JOB_RULES).join(', ')}`);
  const wrong = firstWrong(parsed.message, RECOVERY_RULES) ?? firstWrong(job, rules, 'job.');
  return wrong === undefined ? { ok: true, message: parsed.message as unknown as RecoveryMessage } : poison(wrong);
}

/** Type of a member; `?`: it may be absent. */
type Type = 'string' | 'number' | 'string?' | 'number?' | 'boolean?';

/** What a member must be. Made once: a sender reads 18 of them for each delivery. */
interface Rule {
  name: string;
  type: Type;
  typeof: string;
  optional: boolean;
}

function rulesOf<Names extends string>(types: Record<Names, Type>): readonly Rule[] {
  return Object.entries<Type>(types).map(([name, type]) => ({
    name,
    type,
    typeof: type.replace('?', ''),
    optional: type.endsWith('?'),
  }));
}

const EVENT_RULES = rulesOf<keyof PosthornEvent>({
  id: 'string',
  organization: 'string',
  account: 'string?',
  type: 'string',
  triggering_location: 'string',
  resource_id: 'string?',
  enqueued_ms: 'number',
  data: 'string?',
  sample: 'boolean?',
});
const EVENT_MESSAGE_RULES = rulesOf<Exclude<keyof EventMessage, 'v' | 'event'>>({
  only: 'string?',
  trouble_ms: 'number?',
  traceparent: 'string?',
});
const DELIVERY_MESSAGE_RULES = rulesOf<Exclude<keyof DeliveryMessage, 'v' | 'event'>>({
  subscription_id: 'string',
  format: 'string',
  queued_ms: 'number',
  recheck: 'boolean?',
  even_if_inactive: 'boolean?',
  replay: 'string?',
  probe: 'boolean?',
  heal: 'boolean?',
  automatic: 'number?',
  released: 'boolean?',
  due_ms: 'number?',
  resumed_ms: 'number?',
  tries: 'number?',
  first_ms: 'number?',
  trouble_ms: 'number?',
  traceparent: 'string?',
});
const RECOVERY_RULES = rulesOf<Exclude<keyof RecoveryMessage, 'v' | 'job'>>({ step: 'number', trouble_ms: 'number?' });
/** What each kind of job for recovery must have. */
const JOB_RULES: Record<RecoveryMessage['job']['kind'], readonly Rule[]> = {
  look: rulesOf({ organization: 'string', subscription_id: 'string' }),
  heal: rulesOf({ organization: 'string', subscription_id: 'string' }),
  release: rulesOf({ organization: 'string', subscription_id: 'string', run: 'number' }),
  replay: rulesOf({ replay_id: 'string', organization: 'string?', asked_ms: 'number?' }),
  purge: rulesOf({ purge_id: 'string', organization: 'string' }),
  deactivated: rulesOf({ organization: 'string', subscription_id: 'string', why: 'string', since_ms: 'number' }),
};

/** Checks what a wrong or foreign message would break further on, no more: our own stages wrote it. */
function decode<T extends EventMessage | DeliveryMessage>(body: string, rules: readonly Rule[]): Decoded<T> {
  const parsed = parse(body);
  if (!parsed.ok) return parsed;
  const { message } = parsed;
  if (!isObject(message.event)) return poison('expected event to be an object');
  const wrong = firstWrong(message, rules) ?? firstWrong(message.event, EVENT_RULES, 'event.');
  return wrong === undefined ? { ok: true, message: message as unknown as T } : poison(wrong);
}

/** What every message is: JSON, an object, of this version. */
function parse(body: string): Decoded<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return poison('expected JSON');
  }
  if (!isObject(value)) return poison('expected an object');
  if (value.v !== 1) return poison('expected v: 1; a newer version wrote this');
  return { ok: true, message: value };
}

function firstWrong(value: Record<string, unknown>, rules: readonly Rule[], path = ''): string | undefined {
  for (const rule of rules) {
    const member = value[rule.name];
    if (member === undefined ? rule.optional : typeof member === rule.typeof) continue;
    return `expected ${path}${rule.name} to be of type ${rule.type}, got ${typeof member}`;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function poison(reason: string): { ok: false; reason: string } {
  return { ok: false, reason: `message cannot be read: ${reason}` };
}
