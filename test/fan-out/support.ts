import { ulid } from 'ulid';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { decodeDeliveryMessage, encodeEventMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage, EventMessage } from '../../lambdas/domain/messages/messages.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import type { FanOutDeps, Lane, LogFields } from '../../lambdas/fan-out/ports.ts';
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

/** The message of an event as Lambda hands it over; its id is the event's. */
export const received = (one: PosthornEvent, fields: Omit<EventMessage, 'v' | 'event'> = {}) => ({
  messageId: one.id,
  body: encodeEventMessage({ v: 1, event: one, ...fields }),
});

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
  const dead: { body: string; reason: string }[] = [];
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
    lanes: { load: async () => ({ isSlow: ({ subscription }) => slow.has(subscription) }) },
    queues: { fast: queue(queues.fast), slow: queue(queues.slow) },
    toDeadLetters: async (messages) => {
      dead.push(...messages);
      return new Set();
    },
    rules: { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set(['visit.ended', 'shift.created']) },
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    meter: { count: (name, n) => void counts.set(name, (counts.get(name) ?? 0) + n), milliseconds: () => undefined },
    errorFields: (error) => ({ error: (error as Error).name }),
    now: () => NOW,
    sleep: async (ms) => void waited.push(ms),
    ...overrides,
  };
  const fanOut = createFanOut(deps);
  return {
    run: (messages: { messageId: string; body: string }[], outOfTime = () => false) => fanOut(messages, outOfTime),
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
    waited,
    slow,
    reads,
  };
}

export const goesTo = (deliveries: DeliveryMessage[]) => deliveries.map((one) => one.subscription_id).sort();
