import { randomBytes } from 'node:crypto';
import { parseSecret, signStandard } from '../../lambdas/domain/secrets/signature.ts';
import type { Call } from '../call-api.ts';
import { finding, look, until, type Finding } from './findings.ts';
import type { Receiver } from './receiver.ts';

/** Owns whatever the verification makes, so that nobody's subscriptions see its event. */
export const ORGANIZATION = 'posthorn-verification';

/** As the API shows it. */
interface Attempt {
  id: string;
  attempt: number;
  attempted_at: string;
  outcome: string;
  status?: number;
  reason?: string;
  next_attempt_at?: string;
  request?: { headers?: Record<string, string>; body?: string };
  response?: { body?: string };
}

export interface Verification {
  /** With the key of an administrator. */
  call: Call;
  /** The same with another key. */
  callWith(key: string): Call;
  receiver: Receiver;
}

/** The first deliveries of a cold Posthorn take some seconds; a minute is a fault. */
const SOON = { forMs: 60_000, everyMs: 500 };
/** For so long a retry is waited for at most. Milliseconds. */
const LONGEST_RETRY_MS = 300_000;
/** The key that publishes ends by itself, should this be interrupted. Milliseconds. */
const KEY_LIFE_MS = 3_600_000;
/** The log keeps so much of `webhook-signature`: `v1,` and six characters. */
const LOGGED_SIGNATURE = 9;

/**
 * Publishes one event and follows it to two endpoints, one that takes it and one that refuses it; whatever it makes for that
 * is deleted afterwards.
 * @returns what it found, and the event's id once there is one.
 */
export async function deliver(verification: Verification): Promise<{ findings: Finding[]; eventId?: string }> {
  const { call, receiver } = verification;
  const made: string[] = [];
  const make = async <T extends { id: string }>(path: string, body: object): Promise<T> => {
    const one = await call<T>('POST', path, body);
    made.push(`${path}/${one.id}`);
    return one;
  };
  const findings: Finding[] = [];
  let eventId: string | undefined;
  try {
    const taking = await make('/v1/subscriptions', subscriptionTo(receiver.url));
    const refusing = await make('/v1/subscriptions', subscriptionTo(receiver.refusing));
    const rights = {
      scopes: ['events:write'],
      organization: ORGANIZATION,
      expires_at: new Date(Date.now() + KEY_LIFE_MS).toISOString(),
      description: 'npm run verify-deployment',
    };
    const { key } = await make<{ id: string; key: string }>('/v1/api-keys', rights);
    eventId = await publish(verification.callWith(key));
    findings.push(finding('event', 'accepted', eventId, true));
    findings.push(...(await look('delivery', 'delivered', () => delivered(call, taking.id))));
    findings.push(...(await look('retry', 'tried again', () => triedAgain(call, refusing.id))));
  } catch (error) {
    const what = eventId === undefined ? 'event' : 'delivery';
    findings.push(finding(what, 'accepted', error instanceof Error ? error.message : String(error), false));
  } finally {
    findings.push(...(await look('what was made for this', 'deleted', () => remove(call, made))));
  }
  return { findings, ...(eventId === undefined ? {} : { eventId }) };
}

function subscriptionTo(url: string): object {
  return { organization: ORGANIZATION, url, events: 'visit.updated', description: 'npm run verify-deployment' };
}

/** Traced, so that the log has a line of each stage. @returns the event's id. */
async function publish(call: Call): Promise<string> {
  const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const event = { organization: ORGANIZATION, type: 'visit.updated', data: { id: 'verification' } };
  return (await call<{ id: string }>('POST', '/v1/events', event, { traceparent })).id;
}

async function remove(call: Call, paths: readonly string[]): Promise<Finding[]> {
  for (const path of paths) await call('DELETE', path);
  return [finding('what was made for this', 'deleted', `${paths.length} deleted`, true)];
}

async function attemptsOf(call: Call, subscription: string): Promise<Attempt[]> {
  const { data } = await call<{ data: Attempt[] }>('GET', `/v1/attempts?subscription=${subscription}&limit=10`);
  return data;
}

async function delivered(call: Call, subscription: string): Promise<Finding[]> {
  const found = await until(SOON, async () =>
    (await attemptsOf(call, subscription)).find(({ outcome }) => outcome === 'delivered'),
  );
  if (!found) {
    const [latest] = await attemptsOf(call, subscription);
    const said = latest ? saying(latest) : 'nothing in the delivery log after a minute';
    return [finding('delivery', 'delivered', said, false)];
  }
  return [
    finding('delivery', 'delivered', saying(found), true),
    ...(await look('signature', 'made with the secret', () => signed(call, subscription, found.id))),
  ];
}

/** What the receiver repeats is compared to the last character, else as much as the delivery log keeps. */
async function signed(call: Call, subscription: string, id: string): Promise<Finding[]> {
  const { secret } = await call<{ secret: string }>('GET', `/v1/subscriptions/${subscription}/secret`);
  const { request, response } = await call<Attempt>('GET', `/v1/attempts/${id}`);
  const { headers = {}, body = '' } = request ?? {};
  const seconds = Number(headers['webhook-timestamp']);
  const right = signStandard(headers['webhook-id'] ?? '', seconds, body, [parseSecret(secret)]);
  const isLogged = headers['webhook-signature']?.startsWith(right.slice(0, LOGGED_SIGNATURE)) ?? false;
  const isRepeated = response?.body?.includes(right) ?? false;
  const isOther = !isRepeated && /v1,[A-Za-z0-9+/]{43}=/.test(response?.body ?? '');
  const found = isOther
    ? 'the receiver repeats another one'
    : isRepeated
      ? 'the same, repeated by the receiver'
      : `${isLogged ? 'the same' : 'another'} in the delivery log, by its first 6 characters; the receiver repeats none`;
  return [finding('signature', 'made with the secret', found, isLogged && !isOther)];
}

async function triedAgain(call: Call, subscription: string): Promise<Finding[]> {
  const attempt = (n: number) => async () =>
    (await attemptsOf(call, subscription)).find(({ attempt: number }) => number === n);
  const first = await until(SOON, attempt(1));
  const noted = `${first ? saying(first) : 'nothing in the delivery log after a minute'}`;
  const isNoted = first?.outcome === 'failed' && first.status === 404 && first.next_attempt_at !== undefined;
  const refusal = finding('refusal', 'failed with 404, next attempt noted', noted, isNoted);
  if (!isNoted) return [refusal];
  const dueMs = Date.parse(first.next_attempt_at!) - Date.now();
  const forMs = Math.min(Math.max(dueMs, 0) + SOON.forMs, LONGEST_RETRY_MS);
  const second = await until({ ...SOON, forMs }, attempt(2));
  const found = second ? saying(second) : `no second attempt within ${Math.round(forMs / 1000)} s`;
  return [refusal, finding('retry', 'tried again', found, second !== undefined)];
}

function saying({ attempt, outcome, status, reason, attempted_at, next_attempt_at }: Attempt): string {
  const words = [`attempt ${attempt} ${outcome}`, status, status === undefined ? reason : undefined];
  const next = next_attempt_at === undefined ? [] : [`next at ${next_attempt_at}`];
  return [...words.filter((word) => word !== undefined), `at ${attempted_at}`, ...next].join(', ');
}
