import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId, type Attempt, type Outcome } from '../../lambdas/domain/delivery/attempt.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createTriedEventStore } from '../../lambdas/stores/dynamodb/events-by-attempt.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import type { AttemptStore } from '../../lambdas/stores/attempts.ts';
import type { EventStore } from '../../lambdas/stores/events.ts';
import type { TriedEventFilter, TriedEventStore } from '../../lambdas/stores/events-by-attempt.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;

let tables: Tables;
let attempts: AttemptStore;
let events: EventStore;
let store: TriedEventStore;
beforeAll(async () => {
  tables = await startTables();
  const now = () => NOW;
  attempts = createAttemptStore(tables.dynamoDb, tables.table('Attempts'), { retentionDays: 90, now });
  events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now });
  store = createTriedEventStore(tables.dynamoDb, tables.table('Attempts'), events, attempts, { now });
});
afterAll(() => tables.close());

let made = 0;
const fresh = (prefix: string): string => `${prefix}_${(made += 1)}`;
/** An event's id, so many minutes before now. */
const eventAt = (minutes: number): string => `evt_${ulid(NOW - minutes * MINUTE)}`;

/** Logs the tries of a delivery, in this order. */
async function log(
  { organization, subscription, event }: { organization: string; subscription: string; event: string },
  outcomes: Outcome[],
  more: Partial<Attempt> = {},
): Promise<void> {
  const lines = outcomes.map((outcome, n) => {
    const attempted_ms = (more.attempted_ms ?? NOW - MINUTE) + n;
    return {
      id: attemptId(ulid(attempted_ms), event, subscription),
      event_id: event,
      subscription_id: subscription,
      organization,
      type: 'visit.ended',
      attempt: n + 1,
      outcome,
      url: 'https://hooks.example.com/',
      format: 'standard' as const,
      ...more,
      attempted_ms,
    };
  });
  expect(await attempts.append(lines)).toEqual([]);
}

/** Every page of a list. Bounded: a cursor that never ends fails the test. */
async function all(filter: TriedEventFilter, limit = 100): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 100; pages++) {
    const page = await store.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next;
    if (cursor === undefined) return ids;
  }
  throw new Error('Expected an end of the list within 100 pages.');
}

describe('events tried for a subscription', () => {
  it('come newest first, each once, over any number of pages', async () => {
    const [organization, subscription] = [fresh('org'), fresh('sub')];
    const events = [5, 4, 3, 2, 1].map(eventAt);
    for (const event of events) await log({ organization, subscription, event }, ['failed', 'failed', 'delivered']);
    await log({ organization, subscription: fresh('sub'), event: eventAt(3) }, ['delivered']);

    const newestFirst = events.toReversed();
    for (const limit of [1, 2, 5, 100]) expect(await all({ subscription }, limit)).toEqual(newestFirst);
    expect(await all({ organization, subscription }, 2)).toEqual(newestFirst);
  });

  it('are chosen by the latest outcome alone', async () => {
    const [organization, subscription] = [fresh('org'), fresh('sub')];
    const [mended, broken, waiting] = [eventAt(3), eventAt(2), eventAt(1)];
    await log({ organization, subscription, event: mended }, ['failed', 'exhausted', 'delivered']);
    await log({ organization, subscription, event: broken }, ['failed', 'exhausted']);
    await log({ organization, subscription, event: waiting }, ['failed']);

    expect(await all({ subscription, outcome: ['exhausted'] }, 1)).toEqual([broken]);
    expect(await all({ subscription, outcome: ['failed', 'delivered'] })).toEqual([waiting, mended]);
  });

  it('are chosen by type, and by the time of the event, both ends included', async () => {
    const [organization, subscription] = [fresh('org'), fresh('sub')];
    const [first, second, third] = [eventAt(3), eventAt(2), eventAt(1)];
    await log({ organization, subscription, event: first }, ['delivered']);
    await log({ organization, subscription, event: second }, ['delivered'], { type: 'shift.created' });
    await log({ organization, subscription, event: third }, ['delivered']);

    expect(await all({ subscription, type: 'shift.created' })).toEqual([second]);
    expect(await all({ subscription, since_ms: NOW - 2 * MINUTE })).toEqual([third, second]);
    expect(await all({ subscription, until_ms: NOW - 2 * MINUTE })).toEqual([second, first]);
    expect(await all({ subscription, since_ms: NOW, until_ms: NOW - MINUTE })).toEqual([]);
  });

  it('of another organization are nobody’s, without a cursor that tells of them', async () => {
    const [organization, subscription] = [fresh('org'), fresh('sub')];
    for (const minutes of [3, 2, 1]) await log({ organization, subscription, event: eventAt(minutes) }, ['failed']);

    expect(await store.list({ organization: fresh('org'), subscription }, { limit: 1 })).toEqual({ items: [] });
  });

  it('are not those whose lines have expired', async () => {
    const [organization, subscription] = [fresh('org'), fresh('sub')];
    await log({ organization, subscription, event: eventAt(1) }, ['delivered'], {
      attempted_ms: NOW - 91 * 86_400_000,
    });

    expect(await all({ subscription })).toEqual([]);
  });
});

describe('events of an organization with a failure', () => {
  it('are those of which a delivery stands like this now, each once', async () => {
    const organization = fresh('org');
    const [mended, half, broken] = [eventAt(3), eventAt(2), eventAt(1)];
    const [one, two] = [fresh('sub'), fresh('sub')];
    await log({ organization, subscription: one, event: mended }, ['failed', 'exhausted', 'delivered']);
    await log({ organization, subscription: one, event: half }, ['failed', 'delivered']);
    await log({ organization, subscription: two, event: half }, ['failed', 'exhausted']);
    await log({ organization, subscription: one, event: broken }, ['failed']);
    await log({ organization, subscription: two, event: broken }, ['failed']);

    for (const limit of [1, 100]) {
      expect(await all({ organization, outcome: ['failed', 'exhausted'] }, limit)).toEqual([broken, half]);
    }
    expect(await all({ organization, outcome: ['exhausted'] })).toEqual([half]);
    expect(await all({ organization, outcome: ['gone'] })).toEqual([]);
    expect(await all({ organization: fresh('org'), outcome: ['failed'] })).toEqual([]);
  });

  it('are all found though one event alone fills more than a page reads', async () => {
    const organization = fresh('org');
    const [older, wide, newer] = [eventAt(3), eventAt(2), eventAt(1)];
    await log({ organization, subscription: fresh('sub'), event: newer }, ['failed']);
    // The one that still fails comes last in the index: it was tried first.
    await log({ organization, subscription: fresh('sub'), event: wide }, ['failed'], {
      attempted_ms: NOW - 5 * MINUTE,
    });
    const subscription = fresh('sub');
    const many = Array.from({ length: 2600 }, () => 'failed' as const);
    await log({ organization, subscription, event: wide }, [...many, 'delivered']);
    await log({ organization, subscription: fresh('sub'), event: older }, ['failed']);

    expect(await all({ organization, outcome: ['failed'] })).toEqual([newer, wide, older]);
    expect(await all({ subscription, outcome: ['failed'] })).toEqual([]);
  });
});

describe('events by how their deliveries stand', () => {
  /** An event of a resource, with the outcomes of its delivery to each subscription. */
  async function event(
    { organization, minutes, resource_id }: { organization: string; minutes: number; resource_id?: string },
    deliveries: Record<string, [Outcome, number?][]>,
  ): Promise<string> {
    const id = eventAt(minutes);
    const fields = { organization, type: 'visit.ended', triggering_location: 'API' as const };
    await events.record(
      { id, ...fields, enqueued_ms: NOW - minutes * MINUTE, ...(resource_id === undefined ? {} : { resource_id }) },
      Object.keys(deliveries).map((subscription) => ({ subscription, format: 'standard' })),
    );
    for (const [subscription, tries] of Object.entries(deliveries)) {
      for (const [n, [outcome, status]] of tries.entries()) {
        const attempted_ms = NOW - MINUTE + n;
        await log({ organization, subscription, event: id }, [outcome], {
          attempted_ms,
          ...(status === undefined ? {} : { status }),
        });
      }
    }
    return id;
  }

  it('are found by any outcome and status of the latest attempt, both of the same delivery', async () => {
    const organization = fresh('org');
    const [one, two] = [fresh('sub'), fresh('sub')];
    const taken = await event(
      { organization, minutes: 4 },
      {
        [one]: [
          ['failed', 500],
          ['delivered', 200],
        ],
      },
    );
    const held = await event({ organization, minutes: 3 }, { [one]: [['held']], [two]: [['delivered', 204]] });
    const broken = await event({ organization, minutes: 2 }, { [one]: [['failed', 503]], [two]: [['failed', 404]] });
    await event({ organization, minutes: 1 }, { [one]: [] });

    for (const limit of [1, 2, 100]) {
      expect(await all({ organization, outcome: ['delivered'] }, limit)).toEqual([held, taken]);
      expect(await all({ organization, outcome: ['delivered', 'held', 'failed'] }, limit)).toEqual([
        broken,
        held,
        taken,
      ]);
      expect(await all({ organization, status: ['5xx'] }, limit)).toEqual([broken]);
      expect(await all({ organization, status: ['2xx', '404'] }, limit)).toEqual([broken, held, taken]);
      expect(await all({ organization, outcome: ['failed'], status: ['404'] }, limit)).toEqual([broken]);
      expect(await all({ organization, outcome: ['held'], status: ['204'] }, limit)).toEqual([]);
      expect(await all({ subscription: one, status: ['503', '200'] }, limit)).toEqual([broken, taken]);
      expect(await all({ subscription: one, status: ['404'] }, limit)).toEqual([]);
    }
  });

  it('are found by resource, subscription and outcome together', async () => {
    const organization = fresh('org');
    const [one, two] = [fresh('sub'), fresh('sub')];
    const resource_id = '28540';
    const older = await event({ organization, minutes: 4, resource_id }, { [one]: [['delivered', 200]] });
    const newer = await event({ organization, minutes: 3, resource_id }, { [one]: [['exhausted', 500]], [two]: [] });
    await event({ organization, minutes: 2, resource_id: '2854' }, { [one]: [['exhausted', 500]] });
    await event({ organization: fresh('org'), minutes: 1, resource_id }, { [one]: [['exhausted', 500]] });

    for (const limit of [1, 100]) {
      expect(await all({ organization, resource_id, subscription: one }, limit)).toEqual([newer, older]);
      expect(await all({ organization, resource_id, subscription: two }, limit)).toEqual([]);
      expect(await all({ organization, resource_id, outcome: ['exhausted'] }, limit)).toEqual([newer]);
      expect(await all({ organization, resource_id, status: ['200'], until_ms: NOW - 4 * MINUTE }, limit)).toEqual([
        older,
      ]);
    }
  });

  it('are all found though one event went to more subscriptions than a page looks up', async () => {
    const organization = fresh('org');
    const many = Object.fromEntries(Array.from({ length: 450 }, (): [string, []] => [fresh('sub'), []]));
    const last = fresh('sub');
    const wide = await event({ organization, minutes: 2 }, { ...many, [last]: [['delivered', 200]] });
    const next = await event({ organization, minutes: 3 }, { [last]: [['delivered', 200]] });

    for (const limit of [1, 100]) {
      expect(await all({ organization, outcome: ['delivered'] }, limit)).toEqual([wide, next]);
    }
  });

  it('know nothing of an equal id in another organization', async () => {
    const [organization, other] = [fresh('org'), fresh('org')];
    const subscription = fresh('sub');
    const id = await event({ organization, minutes: 2 }, { [subscription]: [] });
    await log({ organization: other, subscription, event: id }, ['delivered']);

    expect(await all({ organization, outcome: ['delivered'] })).toEqual([]);
  });
});

describe('a cursor', () => {
  it('that says nothing is refused', async () => {
    await expect(store.list({ subscription: 'sub_1' }, { limit: 1, cursor: 'x' })).rejects.toMatchObject({
      status: 400,
    });
  });
});
