import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import type { EventStore, Match } from '../../lambdas/stores/events.ts';
import { startTables, type Tables } from '../support/tables.ts';

export const NOW = Date.UTC(2026, 0, 31, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export let tables: Tables;
export let store: EventStore;
let clock = NOW;

/** One table for all tests of a file. */
export function startEvents(): void {
  beforeAll(async () => {
    tables = await startTables();
    store = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now: () => clock });
  });
  afterAll(() => tables.close());
}

/** Runs with an empty table in the place of {@link store}'s. */
export async function withEmptyTable(act: () => Promise<void>): Promise<void> {
  const fresh = await startTables();
  const before = store;
  try {
    store = createEventStore(fresh.dynamoDb, fresh.table('Events'), { retentionDays: 30, now: () => clock });
    await act();
  } finally {
    store = before;
    await fresh.close();
  }
}

export function setClock(ms: number): void {
  clock = ms;
}

export const event = (fields: Partial<PosthornEvent> = {}): PosthornEvent => {
  const enqueued_ms = fields.enqueued_ms ?? NOW - 1_000;
  return {
    id: `evt_${ulid(enqueued_ms)}`,
    organization: 'acme',
    type: 'visit.ended',
    triggering_location: 'API',
    enqueued_ms,
    data: '{"id":9007199254740993}',
    ...fields,
  };
};

export const match = (i: number, format: Match['format'] = 'standard'): Match => ({
  subscription: `sub_${String(i).padStart(26, '0')}`,
  format,
});
export const matches = (count: number) =>
  Array.from({ length: count }, (_, i) => match(i, i % 3 === 0 ? 'envelope' : 'standard'));
export const sorted = (list: readonly Match[]) => [...list].sort((a, b) => (a.subscription < b.subscription ? -1 : 1));

/** Every page of a list. Bounded: a cursor that never ends fails the test. */
export async function listAll(filter: Parameters<EventStore['list']>[0], limit = 100) {
  const pages: PosthornEvent[][] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(filter, { limit, ...(cursor ? { cursor } : {}) });
    pages.push(page.items.map((item) => item.event));
    cursor = page.next;
  } while (cursor && pages.length < 100);
  expect(cursor).toBeUndefined();
  return { pages, ids: pages.flat().map(({ id }) => id) };
}

/** Every item of the table whose key begins with an event's id. */
export async function scanFor(id: string): Promise<Record<string, unknown>[]> {
  const pages = paginateScan(
    { client: tables.dynamoDb },
    {
      TableName: tables.table('Events'),
      FilterExpression: 'begins_with(id, :id)',
      ExpressionAttributeValues: { ':id': id },
    },
  );
  const items: Record<string, unknown>[] = [];
  for await (const { Items } of pages) items.push(...(Items ?? []));
  return items;
}
