import { z } from 'zod';
import { onlyFor } from '../../domain/messages/events.ts';
import { maySeePayloads, type Principal } from '../../domain/api-key.ts';
import { catalogue } from '../../domain/catalogue/index.ts';
import type { Attempt } from '../../domain/delivery/attempt.ts';
import { PING, type PosthornEvent, type TriggeringLocation } from '../../domain/event.ts';
import type { EventMessage } from '../../domain/messages/messages.ts';
import { isPulled } from '../../domain/subscription/begins-anew.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import { Problem } from '../../domain/problem.ts';
import type { AttemptStore } from '../../stores/attempts.ts';
import type { CountRepeats } from '../deliveries/repeats.ts';
import { redacted, viewCall, type RenderBody } from '../deliveries/view.ts';
import type { Auditor } from '../audit/audit.ts';
import { STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { route, type ApiAnswer, type Route } from '../http/route.ts';
import { LONGEST_WAIT_SECONDS, waiting, type WaitingDeps } from '../http/waiting.ts';
import { attemptView } from '../deliveries/schema.ts';
import { refuseBroken } from './sendable.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Hands a message to the queue `events`. @returns false when SQS did not take it. */
export type SendEvent = (message: EventMessage) => Promise<boolean>;

export interface PingDeps extends WaitingDeps {
  subscriptions: Subscriptions;
  attempts: Pick<AttemptStore, 'ofDelivery'>;
  record: Auditor;
  sendEvent: SendEvent;
  render: RenderBody;
  repeats: CountRepeats;
  newEvent(): { id: string; enqueued_ms: number };
  sleep(ms: number): Promise<void>;
}

/** How often the log is asked for the outcome while somebody waits, milliseconds. */
const POLL_MS = 200;

/** Whose ping it is: the subscription's organization and account. */
export interface PingTarget {
  organization: string;
  account: string | undefined;
  id: string;
}

/** The subscription of a row as a ping names it. */
export function pingTarget(row: SubscriptionRow): PingTarget {
  return { organization: String(row.organization), account: asText(row.account), id: String(row.id) };
}

/** Puts an event for one subscription into the pipeline, as if a producer had posted it, to try the subscription out. */
function createTest({ sendEvent, newEvent, record }: Pick<PingDeps, 'sendEvent' | 'newEvent' | 'record'>) {
  return async (
    principal: Principal,
    { organization, account, id }: PingTarget,
    what: Pick<PosthornEvent, 'type' | 'triggering_location' | 'data' | 'sample'>,
  ): Promise<PosthornEvent> => {
    const event: PosthornEvent = { ...newEvent(), organization, account, ...what };
    const action = what.sample ? 'sample.sent' : 'ping.sent';
    await record(principal, { action, type: 'subscription', id, organization, changed: [] });
    if (!(await sendEvent(onlyFor(id, event)))) {
      throw new Problem('unavailable', 'The event could not be queued. Send it again in a moment.');
    }
    return event;
  };
}

/** Puts a ping for one subscription into the pipeline. */
export function createPing(deps: Pick<PingDeps, 'sendEvent' | 'newEvent' | 'record'>) {
  const test = createTest(deps);
  return (principal: Principal, target: PingTarget, from: TriggeringLocation): Promise<PosthornEvent> =>
    test(principal, target, { type: PING, triggering_location: from });
}

const query = z.strictObject({
  wait: z
    .string()
    .regex(/^([0-9]|[12][0-9]|30)$/, 'expected a whole number of seconds from 0 to 30')
    .transform(Number)
    .default(0)
    .describe('Seconds to wait for the attempt, which is then in the answer; the wait is at most 10'),
});
const success = {
  status: 202,
  description: 'Queued; with `attempt` if the request waited for it and it came in time',
  schema: z.object({ event_id: z.string(), attempt: attemptView.optional() }),
};
/** Types of which there is an example. */
const SAMPLED = catalogue.types.filter(({ name, sample }) => name !== PING && sample !== null).map(({ name }) => name);

/** `POST /v1/subscriptions/{id}/ping` and `…/sample`. */
export function pingRoutes(deps: PingDeps): Route[] {
  const ping = createPing(deps);
  const test = createTest(deps);
  /** Sends to the caller's subscription, and waits for the attempt where the caller does. */
  const answer = async (
    principal: Principal,
    { id, wait }: { id: string; wait: number },
    send: (target: PingTarget) => Promise<PosthornEvent>,
  ): Promise<ApiAnswer> => {
    const row = await deps.subscriptions.find(principal, id);
    refuseBroken(row);
    const target = pingTarget(row);
    await deps.repeats(principal, 1);
    // What is fetched has no attempt to wait for.
    if (wait === 0 || isPulled(row)) return { status: 202, body: { event_id: (await send(target)).id } };
    const { event, attempt } = await waiting('ping', principal.keyId, deps, async () => {
      const sent = await send(target);
      return { event: sent, attempt: await firstAttempt(deps, target.id, sent.id, wait) };
    });
    const show = (): z.output<typeof attemptView> | undefined =>
      attempt && (maySeePayloads(principal) ? viewCall(attempt, event, deps.render) : redacted(attempt));
    return { status: 202, body: { event_id: event.id, attempt: show() } };
  };
  const from = (fromConsole: boolean): TriggeringLocation => (fromConsole ? 'DASHBOARD' : 'API');
  return [
    route({
      operation: 'pingSubscription',
      method: 'POST',
      path: '/v1/subscriptions/{id}/ping',
      summary: 'Send a ping through the real pipeline to this subscription only, even if it is inactive; tried once',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query,
      success,
      handle: ({ principal, params, query: { wait }, fromConsole }) =>
        answer(principal, { id: params.id!, wait }, (target) => ping(principal, target, from(fromConsole))),
    }),
    route({
      operation: 'sendSample',
      method: 'POST',
      path: '/v1/subscriptions/{id}/sample',
      summary: 'Send the example of an event type to this subscription only, marked as a sample in the log; tried once',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query,
      body: z.strictObject({ type: z.enum(SAMPLED).describe('An event type of the catalogue') }),
      success,
      handle: ({ principal, params, query: { wait }, body: { type }, fromConsole }) => {
        const data = JSON.stringify(catalogue.get(type)!.sample);
        return answer(principal, { id: params.id!, wait }, (target) =>
          test(principal, target, { type, triggering_location: from(fromConsole), data, sample: true }),
        );
      },
    }),
  ];
}

async function firstAttempt(
  { attempts, now, sleep }: PingDeps,
  subscription: string,
  eventId: string,
  waitSeconds: number,
): Promise<Attempt | undefined> {
  const until = now() + Math.min(waitSeconds, LONGEST_WAIT_SECONDS) * 1000;
  while (now() < until) {
    const [first] = await attempts.ofDelivery(subscription, eventId);
    if (first) return first;
    await sleep(POLL_MS);
  }
  return undefined;
}
