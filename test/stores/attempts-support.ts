import { ulid } from '../support/ulid.ts';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import type { AttemptFilter, AttemptStore } from '../../lambdas/stores/attempts.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import type { EventStore } from '../../lambdas/stores/events.ts';
import { startTables, type Tables } from '../support/tables.ts';

export const NOW = Date.UTC(2026, 0, 31, 12);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export let tables: Tables;
export let store: AttemptStore;
export let events: EventStore;
let clock = NOW;

/** The tables of a file's tests, and a clock that stands at {@link NOW} when each begins. */
export function startLog(): void {
  beforeAll(async () => {
    tables = await startTables();
    const now = () => clock;
    events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now });
    store = createAttemptStore(tables.dynamoDb, tables.table('Attempts'), { retentionDays: 90, events, now });
  });
  afterAll(() => tables.close());
  afterEach(() => (clock = NOW));
}

export function setClock(ms: number): void {
  clock = ms;
}

let made = 0;
/** Names that no other test uses. */
export const fresh = (prefix: string): string => `${prefix}_${(made += 1)}`;

export function attempt(change: Partial<Attempt> & { eventMs?: number } = {}): Attempt {
  const { eventMs, ...fields } = change;
  const attempted_ms = fields.attempted_ms ?? NOW - MINUTE;
  const event_id = fields.event_id ?? `evt_${ulid(eventMs ?? attempted_ms)}`;
  const subscription_id = fields.subscription_id ?? fresh('sub');
  return {
    id: attemptId(ulid(attempted_ms), event_id, subscription_id),
    event_id,
    subscription_id,
    organization: 'acme',
    type: 'visit.ended',
    attempt: 1,
    attempted_ms,
    outcome: 'delivered',
    url: 'https://hooks.example.com/',
    format: 'standard',
    status: 200,
    request_headers: { 'webhook-id': event_id },
    timings_ms: { dns: 1.5, total: 20 },
    ...fields,
  };
}

/** Every page of a list. Bounded: a cursor that never ends fails the test. */
export async function listAll(filter: AttemptFilter, limit = 100): Promise<{ pages: Attempt[][]; ids: string[] }> {
  const pages: Attempt[][] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(filter, { limit, ...(cursor ? { cursor } : {}) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    pages.push(page.items);
    cursor = page.next;
  } while (cursor && pages.length < 100);
  expect(cursor).toBeUndefined();
  return { pages, ids: pages.flat().map(({ id }) => id) };
}

/** Events of an organization with what they matched, and one attempt for each delivery; newest event first. */
export async function recorded(organization: string, count: number, subscriptions: string[]): Promise<Attempt[]> {
  const all: Attempt[] = [];
  for (let i = 0; i < count; i++) {
    const enqueued_ms = NOW - (i + 1) * MINUTE;
    const event_id = `evt_${ulid(enqueued_ms)}`;
    await events.record(
      {
        id: event_id,
        organization,
        type: i % 2 ? 'visit.ended' : 'visit.created',
        triggering_location: 'API',
        enqueued_ms,
        data: '{}',
      },
      subscriptions.map((subscription) => ({ subscription, format: 'standard' as const })),
    );
    const type = i % 2 ? 'visit.ended' : 'visit.created';
    for (const subscription_id of subscriptions) {
      all.push(attempt({ organization, event_id, subscription_id, type, attempted_ms: enqueued_ms + 1000 }));
    }
  }
  expect(await store.append(all)).toEqual([]);
  return all;
}
