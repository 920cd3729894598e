import { ulid } from '../support/ulid.ts';
import { isThrottled } from '../../lambdas/aws/throttled.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { decodeDeliveryMessage, decodeEventMessage, encodeEventMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeadLetter, DeliveryMessage, EventMessage } from '../../lambdas/domain/messages/messages.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import type { FanOutDeps, Lane, LogFields } from '../../lambdas/fan-out/ports.ts';
import { createComeBack } from '../../lambdas/queues/come-back.ts';
import { gravesOf } from '../support/graves.ts';
import { handedOut, takeInHand } from '../support/in-hand.ts';
import type { Match } from '../../lambdas/stores/events.ts';

export const NOW = Date.UTC(2026, 0, 31, 12);

export const event = (fields: Partial<PosthornEvent> = {}): PosthornEvent => ({
  id: `evt_${ulid(NOW)}`,
  organization: 'acme',
  type: 'visit.ended',
  triggering_location: 'API',
  enqueued_ms: NOW - 250,
  data: '{"id":9007199254740993,"note":"é"}',
  ...fields,
});

export const row = (id: string, fields: SubscriptionRow = {}): SubscriptionRow => ({
  organization: 'acme',
  id,
  url: `https://hooks.example.com/${id}`,
  ...fields,
});

/** What DynamoDB says of a table or key that is too busy. */
export const throttled = () =>
  Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });

/** The message of an event as Lambda hands it over; its id is the event's. */
export const received = (one: PosthornEvent, fields: Omit<EventMessage, 'v' | 'event'> = {}) => ({
  messageId: one.id,
  body: encodeEventMessage({ v: 1, event: one, ...fields }),
});

export function eventMessage(body: string): EventMessage {
  const decoded = decodeEventMessage(body);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.message;
}

export function delivery(body: string): DeliveryMessage {
  const decoded = decodeDeliveryMessage(body);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.message;
}

/** What a queue was asked to take; `refuse` decides which of them it does not. */
export interface FakeQueue {
  calls: { body: string; group: string }[][];
  refuse: (entry: { body: string; group: string }, call: number) => boolean;
}

/** Fan-out with everything around it in memory. */
export function world(rows: SubscriptionRow[], overrides: Partial<FanOutDeps> = {}) {
  const recorded = new Map<string, readonly Match[]>();
  const queues: Record<Lane, FakeQueue> = {
    fast: { calls: [], refuse: () => false },
    slow: { calls: [], refuse: () => false },
  };
  const lines: { level: string; message: string; fields: LogFields }[] = [];
  const counts = new Map<string, number>();
  const dead: DeadLetter[] = [];
  /** What came back, in new messages. */
  const again: { body: string; group: string; delaySeconds?: number }[] = [];
  /** How many of those SQS does not take. */
  const refusals = { again: 0 };
  /** Messages that the end of a batch left in the queue. */
  const stayed: string[] = [];
  const waited: number[] = [];
  const slow = new Set<string>();
  const reads: string[] = [];
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  const queue = (fake: FakeQueue) => ({
    send: async (entries: readonly { body: string; group: string }[]) => {
      fake.calls.push([...entries]);
      return new Set(entries.flatMap((entry, index) => (fake.refuse(entry, fake.calls.length) ? [index] : [])));
    },
  });
  const toDeadLetters: FanOutDeps['toDeadLetters'] = async (letters) => {
    dead.push(...letters);
    return new Set();
  };
  const deps: FanOutDeps = {
    subscriptions: {
      async *pages(organization) {
        reads.push(organization);
        yield rows.filter((one) => one.organization === organization);
      },
      get: async (organization, id) => rows.find((one) => one.organization === organization && one.id === id),
    },
    events: {
      record: async (one, matches) => {
        const before = recorded.get(one.id);
        if (!before) recorded.set(one.id, matches);
        return { matches: before ?? matches, first: !before };
      },
    },
    graves: gravesOf(),
    lanes: { load: async () => ({ isSlow: ({ subscription }) => slow.has(subscription) }) },
    queues: { fast: queue(queues.fast), slow: queue(queues.slow) },
    toDeadLetters,
    take: takeInHand({ end: async (stay = []) => void stayed.push(...stay) }),
    comeBack: createComeBack({
      send: async (entries) => {
        again.push(...entries.slice(refusals.again));
        return new Set(Array.from({ length: refusals.again }, (_, index) => index));
      },
      toDeadLetters,
      logger: { info: log('info'), warn: log('warn'), error: log('error') },
      now: () => NOW,
      random: () => 0.5,
    }),
    rules: { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set(['visit.ended', 'shift.created']) },
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    metrics: { count: (name, n) => void counts.set(name, (counts.get(name) ?? 0) + n), milliseconds: () => undefined },
    errorFields: (error) => ({ error: (error as Error).name }),
    now: () => NOW,
    isThrottled,
    random: () => 0.5,
    sleep: async (ms) => void waited.push(ms),
    ...overrides,
  };
  const fanOut = createFanOut(deps);
  return {
    run: (messages: { messageId: string; body: string }[], outOfTime = () => false) =>
      fanOut(messages.map(handedOut), outOfTime),
    /** Deliveries that a lane took, in order. */
    sent: (lane: Lane = 'fast') =>
      queues[lane].calls.flatMap((call, index) =>
        call.filter((entry) => !queues[lane].refuse(entry, index + 1)).map(({ body }) => delivery(body)),
      ),
    queues,
    recorded,
    lines,
    counts,
    dead,
    again,
    /** Ids of the events that came back. */
    cameBack: () => again.map(({ body }) => eventMessage(body).event.id),
    deps,
    refusals,
    stayed,
    waited,
    slow,
    reads,
  };
}

export const goesTo = (deliveries: DeliveryMessage[]) => deliveries.map((one) => one.subscription_id).sort();
