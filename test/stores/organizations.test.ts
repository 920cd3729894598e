import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { createOrganizationStore } from '../../lambdas/stores/dynamodb/organizations.ts';
import type { OrganizationCounts, OrganizationStore } from '../../lambdas/stores/organizations.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = Date.parse('2026-01-31T09:15:00.123Z');
const DAY_MS = 86_400_000;

let tables: Tables;
let store: OrganizationStore;
beforeAll(async () => {
  tables = await startTables();
  const names = { subscriptions: tables.table('Subscriptions'), events: tables.table('Events') };
  store = createOrganizationStore(tables.dynamoDb, { tables: names, now: () => NOW });
  await subscribe('both', 3);
  await publish('both', 2);
  await subscribe('quiet', 205);
  await publish('unheard', 103);
  await publish('former', 1, NOW - 31 * DAY_MS);
  for (let n = 0; n < 12; n++) await subscribe(`org_${n}`, 1);
  for (let n = 0; n < 7; n++) await publish(`late_${n}`, 1);
  await publishToThousands('crowded');
});
afterAll(() => tables.close());

async function subscribe(organization: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    // Ids are typed by hand too, in any script.
    const Item = { organization, id: n === 0 ? 'Ωmega' : `sub_${n}`, url: 'https://a.example/' };
    await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('Subscriptions'), Item }));
  }
}

const event = (organization: string, at: number, data = '{}') => ({
  id: `evt_${ulid(at)}`,
  organization,
  type: 'visit.ended',
  triggering_location: 'API' as const,
  enqueued_ms: at,
  data,
});

async function publish(organization: string, count: number, at = NOW): Promise<void> {
  const events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now: () => at });
  for (let n = 0; n < count; n++) await events.record(event(organization, at - n * 1000), []);
}

/** So many that its matches take partitions of their own. */
async function publishToThousands(organization: string): Promise<void> {
  const events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now: () => NOW });
  const matches = Array.from({ length: 5_000 }, () => ({ subscription: `sub_${ulid()}`, format: 'standard' as const }));
  await events.record(event(organization, NOW, JSON.stringify('x'.repeat(250_000))), matches);
}

async function all(limit: number, wanted = (_: string) => true): Promise<Map<string, OrganizationCounts>> {
  const found: OrganizationCounts[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit, cursor }, wanted);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  const byName = new Map(found.map((one) => [one.organization, one]));
  expect(byName.size, 'each comes once').toBe(found.length);
  return byName;
}

describe('the organizations', () => {
  it.each([1, 3, 50])('are those with subscriptions or events, each once, in pages of %i', async (limit) => {
    const found = await all(limit);

    const many = [...Array(12).keys()].map((n) => `org_${n}`).concat([...Array(7).keys()].map((n) => `late_${n}`));
    expect([...found.keys()].sort()).toEqual(['both', 'crowded', 'quiet', 'unheard', ...many].sort());
  });

  it('come with what they have; events are counted to 100', async () => {
    const found = await all(50);

    expect(found.get('both')).toEqual({ organization: 'both', subscriptions: 3, events: 2, last_event_ms: NOW });
    expect(found.get('quiet')).toEqual({ organization: 'quiet', subscriptions: 205, events: 0 });
    expect(found.get('unheard')).toEqual({
      organization: 'unheard',
      subscriptions: 0,
      events: 100,
      last_event_ms: NOW,
    });
  });

  it('are found by name', async () => {
    expect([...(await all(2, (name) => name.startsWith('late'))).keys()]).toHaveLength(7);
  });

  it('are found by name on one page among a thousand with subscriptions', async () => {
    const many = await startTables();
    try {
      const names = { subscriptions: many.table('Subscriptions'), events: many.table('Events') };
      for (let n = 0; n < 1_000; n += 25) {
        const puts = Array.from({ length: 25 }, (_, i) => ({
          PutRequest: { Item: { organization: `many_${n + i}`, id: 'sub_1', url: 'https://a.example/' } },
        }));
        await many.dynamoDb.send(new BatchWriteCommand({ RequestItems: { [names.subscriptions]: puts } }));
      }
      const organizations = createOrganizationStore(many.dynamoDb, { tables: names, now: () => NOW });

      const { items, next } = await organizations.list({ limit: 11 }, (name) => /^many_99\d$/.test(name));

      expect([items.length, next]).toEqual([10, undefined]);
    } finally {
      await many.close();
    }
  });

  it('can be asked for one by one', async () => {
    expect(await store.get('both')).toMatchObject({ subscriptions: 3, events: 2 });
    expect(await store.get('nobody')).toBeUndefined();
  });

  it('are named without the partitions that hold further matches of an event', async () => {
    const names = await store.names(undefined, 1000);

    expect(names).toContain('crowded');
    expect(names.filter((name) => name.includes('#'))).toEqual([]);
  });
});
