import type { PosthornEvent } from './event.ts';
import { toAsciiJson } from './json/ascii.ts';
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
 */
export function encodeDeliveryMessage(encodedEvent: string, fields: Omit<DeliveryMessage, 'event' | 'v'>): string {
  return joinMessage(encodedEvent, { v: 1, ...fields });
}

function joinMessage(encodedEvent: string, fields: { v: 1 }): string {
  return `{"event":${encodedEvent},${toAsciiJson(JSON.stringify(fields)).slice(1)}`;
}

/** Reads a body from the queue `events`. */
export function decodeEventMessage(body: string): Decoded<EventMessage> {
  return decode(body, { only: 'string?', traceparent: 'string?' });
}

/** Reads a body from the queues `deliveries`. */
export function decodeDeliveryMessage(body: string): Decoded<DeliveryMessage> {
  return decode(body, {
    subscription_id: 'string',
    format: 'string',
    queued_ms: 'number',
    recheck: 'boolean?',
    even_if_inactive: 'boolean?',
    replay: 'string?',
    probe: 'boolean?',
    released: 'boolean?',
    traceparent: 'string?',
  });
}

/** Body for the queue `recovery`. */
export function encodeRecoveryMessage(message: RecoveryMessage): string {
  return toAsciiJson(JSON.stringify(message));
}

/** What each kind of job for recovery must have. */
const JOB_RULES: Record<RecoveryMessage['job']['kind'], Record<string, Rule>> = {
  look: { organization: 'string', subscription_id: 'string' },
  release: { organization: 'string', subscription_id: 'string', run: 'number' },
  replay: { replay_id: 'string' },
  deactivated: { organization: 'string', subscription_id: 'string', why: 'string', since_ms: 'number' },
};

/** Reads a body from the queue `recovery`. */
export function decodeRecoveryMessage(body: string): Decoded<RecoveryMessage> {
  const parsed = parse(body);
  if (!parsed.ok) return parsed;
  const { job } = parsed.message;
  if (!isObject(job)) return poison('expected job to be an object');
  const rules = Object.entries(JOB_RULES).find(([kind]) => kind === job.kind)?.[1];
  if (!rules) return poison(`expected job.kind to be one of ${Object.keys(JOB_RULES).join(', ')}`);
  const wrong = firstWrong(parsed.message, { step: 'number', cursor: 'string?' }) ?? firstWrong(job, rules, 'job.');
  return wrong === undefined ? { ok: true, message: parsed.message as unknown as RecoveryMessage } : poison(wrong);
}

/** Type of a member; `?`: it may be absent. */
type Rule = 'string' | 'number' | 'string?' | 'boolean?';

const EVENT_RULES: Record<keyof PosthornEvent, Rule> = {
  id: 'string',
  organization: 'string',
  account: 'string?',
  type: 'string',
  triggering_location: 'string',
  resource_id: 'string?',
  enqueued_ms: 'number',
  data: 'string?',
};

/** Checks what a wrong or foreign message would break further on, no more: our own stages wrote it. */
function decode<T extends EventMessage | DeliveryMessage>(
  body: string,
  rules: Record<Exclude<keyof T, 'v' | 'event'>, Rule>,
): Decoded<T> {
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

function firstWrong(value: Record<string, unknown>, rules: Record<string, Rule>, path = ''): string | undefined {
  for (const [name, rule] of Object.entries(rules)) {
    const member = value[name];
    const fits = member === undefined ? rule.endsWith('?') : typeof member === rule.replace('?', '');
    if (!fits) return `expected ${path}${name} to be of type ${rule}, got ${typeof member}`;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function poison(reason: string): { ok: false; reason: string } {
  return { ok: false, reason: `message cannot be read: ${reason}` };
}
