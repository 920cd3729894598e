import { askedUntil, SLOW_MS, type Observation } from '../domain/endpoint/circuit.ts';
import { render, type Rendered } from '../domain/formats/index.ts';
import { isSuccess } from '../domain/delivery/outcome.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import { retryAfterSeconds } from '../domain/delivery/retry-after.ts';
import { credentialsFor, NO_CREDENTIALS } from '../domain/subscription/auth.ts';
import type { Subscription } from '../domain/subscription/subscription.ts';
import type { DeliveryTarget } from '../stores/delivery-targets.ts';
import { authorized, type Post } from './authorized.ts';
import { isDelivered, mayAlreadyBeDelivered } from './delivery.ts';
import type { ReceivedDelivery } from './delivery.ts';
import type { Answer, SenderDeps } from './ports.ts';
import { buildRequest, keysFor, wrongOfNewest } from '../domain/delivery/request.ts';

/** What came of one delivery. */
export interface Result {
  delivery: ReceivedDelivery;
  finding: Finding;
  url: string;
  /** When the request was made or the decision fell, milliseconds. */
  atMs: number;
  /** Its place in the delivery log, where others may go on with the delivery before the batch is settled. */
  ulid?: string;
  /** Absent when the row was not readable or not there. */
  subscription?: Subscription;
  target?: DeliveryTarget;
  /** Headers as the log shows them; absent when nothing was sent. */
  requestHeaders?: Record<string, string>;
  /** Bytes of the body; absent when nothing was sent. */
  requestBytes?: number;
  answer?: Answer;
}

/** Left of the function's time after the last request: for the log, the queue and the health rows. Milliseconds. */
export const RESERVE_MS = 5000;

/** Reason of an attempt that an unexpected error ended. */
export const INTERNAL = 'an error inside Posthorn; its log has the details';

/** It gets one within seconds, by the guard. */
export const NO_PRIVATE_KEY = 'the subscription has no Ed25519 key yet';

type PrepareDeps = Pick<SenderDeps, 'attempts' | 'settings' | 'resourceOf'>;
type SendDeps = Pick<
  SenderDeps,
  'attempts' | 'customers' | 'tokens' | 'settings' | 'resourceOf' | 'now' | 'logger' | 'errorFields'
>;

/** What a request needs of the batch that it belongs to. */
interface Ways {
  /** What is left of the function's time. */
  remainingMs: () => number;
  /** Of an endpoint with a ceiling: waits until each request may be made. @returns false when that takes too long. */
  takeTurn?: (() => Promise<boolean>) | undefined;
  /** Told when it begins and ends to wait for a name server. */
  onNames?: (waiting: boolean) => void;
}

class NoTurn extends Error {}

/**
 * Makes the request of one delivery, if it is due. Never rejects: what fails here is this delivery's finding.
 */
export async function send(
  delivery: ReceivedDelivery,
  subscription: Subscription,
  target: DeliveryTarget,
  deps: SendDeps,
  { remainingMs, takeTurn, onNames }: Ways,
): Promise<Result> {
  const result = (finding: Finding, more: Partial<Result> = {}): Result => ({
    delivery,
    finding,
    url: subscription.url,
    atMs: deps.now(),
    subscription,
    target,
    ...more,
  });
  try {
    const rendered = await prepare(delivery, deps);
    if ('kind' in rendered) return result(rendered);
    const { event } = delivery.message;
    let atMs = deps.now();
    const { keys, asymmetric } = keysFor(subscription, target.secrets, atMs);
    if (keys.length === 0) return result({ kind: 'no-secret', wrong: wrongOfNewest(target.secrets) });
    if (asymmetric?.length === 0) return result({ kind: 'platform', reason: NO_PRIVATE_KEY });
    const timeoutMs = subscription.timeout_seconds * 1000;
    const spareMs = remainingMs() - RESERVE_MS - timeoutMs;
    if (spareMs < 0) return result({ kind: 'no-time' });
    const { auth, url } = subscription;
    const credentials = auth && credentialsFor(auth, target.credentials, url);
    if (auth && !credentials) return result({ kind: 'unreadable', problem: NO_CREDENTIALS });
    const { version } = deps.settings;
    const post: Post = async (header, leftMs) => {
      if (takeTurn) {
        if (!(await takeTurn())) throw new NoTurn();
        // The wait has taken of the time in which it has to be answered.
        if (remainingMs() - RESERVE_MS < leftMs) throw new NoTurn();
        atMs = deps.now();
      }
      const request = buildRequest(event.id, subscription, rendered, keys, {
        nowMs: deps.now(),
        version,
        credentials: header,
        asymmetric,
      });
      const { headers, body, loggedHeaders } = request;
      // What the function has left beyond the endpoint's time makes up for what it was late itself.
      const graceMs = Math.max(remainingMs() - RESERVE_MS - leftMs, 0);
      const answer = await deps.customers.post({ url, headers, body, timeoutMs: leftMs, graceMs, onNames });
      return { answer, loggedHeaders, requestBytes: body.byteLength };
    };
    const { answer, loggedHeaders, requestBytes } = credentials
      ? await authorized(post, { ref: auth.ref, credentials, timeoutMs, spareMs }, deps)
      : await post(undefined, timeoutMs);
    return result(toFinding(answer, deps.now()), { atMs, requestHeaders: loggedHeaders, requestBytes, answer });
  } catch (error) {
    if (error instanceof NoTurn) return result({ kind: 'no-turn' });
    deps.logger.error('unexpected error while sending', {
      event_id: delivery.message.event.id,
      ...deps.errorFields(error),
    });
    return result({ kind: 'platform', reason: INTERNAL });
  }
}

/** The request of a delivery, whoever makes it; or a finding, if the delivery has ended and nothing is sent. */
export async function prepare(delivery: ReceivedDelivery, deps: PrepareDeps): Promise<Rendered | Finding> {
  if (await mustNotBeSent(delivery, deps)) return { kind: 'delivered-before' };
  const { event, format } = delivery.message;
  const rendered = render(event, format, {
    resource: deps.resourceOf(event.type),
    clinicV1StatusCodes: deps.settings.clinicV1StatusCodes,
    clinicV1Sunset: deps.settings.clinicV1Sunset,
  });
  return rendered.sent ? rendered : { kind: 'not-carried', reason: rendered.reason };
}

async function mustNotBeSent(delivery: ReceivedDelivery, { attempts }: PrepareDeps): Promise<boolean> {
  if (delivery.checked || !mayAlreadyBeDelivered(delivery)) return false;
  return isDelivered(delivery, await attempts.latest(delivery.key.subscription, delivery.message.event.id));
}

function toFinding(answer: Answer, nowMs: number): Finding {
  if (answer.kind === 'error') {
    return answer.ours
      ? { kind: 'platform', reason: answer.reason, ...(answer.class === 'timeout' && { wasSent: true }) }
      : { kind: 'unanswered', reason: answer.reason };
  }
  const wait = retryAfterSeconds(answer.headers['retry-after'], nowMs);
  return { kind: 'answered', status: answer.status, retryAfterSeconds: wait };
}

/**
 * A name server that takes longer lost a datagram or is in trouble itself, milliseconds: c-ares asks again after 250 ms at
 * the earliest, and a quarter of a second less is no excuse for an endpoint that never answers.
 */
const NAMES_MS = 250;

/** What a result says about its endpoint's health; undefined: nothing, because no request was made or none counts. */
export function observationOf({ answer, subscription, atMs }: Result): Observation | undefined {
  if (!answer || !subscription) return undefined;
  const answered = answer.kind === 'response';
  if (!answered && answer.ours) return undefined;
  // Our own waiting, for a name server or for a processor, says nothing about the endpoint: what it took of the attempt's time
  // was not the endpoint's to use.
  const { timings } = answer;
  const ownMs = Math.min((timings.dns ?? 0) + (timings.own_lag ?? 0), timings.total);
  const durationMs = timings.total - ownMs;
  // A 410 ends the subscription, and a request that cannot be put on the wire says nothing about the endpoint.
  if (answered ? answer.status === 410 : answer.class === 'invalid_request') return undefined;
  const endedMs = atMs + answer.timings.total;
  return {
    success: answered && isSuccess(answer.status, subscription.success),
    askedUntilMs: answered ? askedUntil(answer.status, waitOf(answer, endedMs), endedMs) : undefined,
    answered,
    hung: !answered && answer.class === 'timeout' && ((timings.dns ?? 0) < NAMES_MS || durationMs > SLOW_MS),
    durationMs,
  };
}

/** Whether its endpoint asks to be left alone. */
export function asksToWait(result: Result): boolean {
  return observationOf(result)?.askedUntilMs !== undefined;
}

/** Whether its endpoint belongs into the slow lane by it. */
export function tookLong(result: Result): boolean {
  const { hung = false, durationMs = 0 } = observationOf(result) ?? {};
  return hung || durationMs > SLOW_MS;
}

/** What it asks to wait, seconds, however long that is. */
function waitOf({ headers }: Extract<Answer, { kind: 'response' }>, endedMs: number): number | undefined {
  return retryAfterSeconds(headers['retry-after'], endedMs, Infinity);
}
