import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import type { AttemptFilter, AttemptStore } from '../../lambdas/stores/attempts.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import type { EventStore } from '../../lambdas/stores/events.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let tables: Tables;
let store: AttemptStore;
let events: EventStore;
let clock = NOW;

beforeAll(async () => {
  tables = await startTables();
  const now = () => clock;
  events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now });
  store = createAttemptStore(tables.dynamoDb, tables.table('Attempts'), { retentionDays: 90, events, now });
});
afterAll(() => tables.close());
afterEach(() => (clock = NOW));

let made = 0;
/** Names that no other test uses. */
const fresh = (prefix: string): string => `${prefix}_${(made += 1)}`;

function attempt(change: Partial<Attempt> & { eventMs?: number } = {}): Attempt {
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
async function listAll(filter: AttemptFilter, limit = 100): Promise<{ pages: Attempt[][]; ids: string[] }> {
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
async function recorded(organization: string, count: number, subscriptions: string[]): Promise<Attempt[]> {
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

describe('an attempt', () => {
  it('comes back as it was written, by its id', async () => {
    const one = attempt({
      outcome: 'failed',
      reason: 'status 500',
      status: 500,
      response_headers: { 'content-type': 'text/plain' },
      response_body: 'ünavailable',
      response_truncated: true,
      next_attempt_ms: NOW,
      replay: 'rpl_1',
    });
    expect(await store.append([one])).toEqual([]);
    expect(await store.get(one.id)).toEqual(one);
  });

  it('is not found by an id that is none, or is unknown', async () => {
    expect(await store.get('att_x')).toBeUndefined();
    expect(await store.get(attempt().id)).toBeUndefined();
  });

  it('takes less than 1 KB for an ordinary 200, so that it costs one write', async () => {
    const one = attempt({
      event_id: `evt_${ulid(NOW)}`,
      subscription_id: `sub_${ulid(NOW)}`,
      organization: 'org_8f2a91c4d5e6',
      url: 'https://api.customer-hospital.example.com/integrations/posthorn/webhooks?tenant=8f2a91',
      request_headers: {
        Authorization: '***',
        'content-type': 'application/json',
        'user-agent': 'Posthorn/0.1.0',
        'webhook-id': `evt_${ulid(NOW)}`,
        'webhook-timestamp': '1700000000',
        'webhook-signature': 'v1,K5oZfz***',
      },
      response_headers: { 'content-type': 'application/json', date: 'Sat, 31 Jan 2026 12:00:00 GMT' },
      response_body: '{"ok":true}',
      timings_ms: { dns: 1.2, connect: 12.3, tls: 24.5, first_byte: 80.1, total: 81.2 },
    });
    await store.append([one]);
    const { Items } = await tables.dynamoDb.send(
      new ScanCommand({
        TableName: tables.table('Attempts'),
        FilterExpression: 'subscription = :s',
        ExpressionAttributeValues: { ':s': one.subscription_id },
      }),
    );
    expect(Buffer.byteLength(JSON.stringify(Items![0]))).toBeLessThan(1024);
  });

  it('disappears on the day its retention ends, though DynamoDB deletes it later', async () => {
    const one = attempt({ outcome: 'failed' });
    await store.append([one]);
    clock = one.attempted_ms + 90 * DAY + 1000;
    expect(await store.get(one.id)).toBeUndefined();
    expect(await store.latest(one.subscription_id, one.event_id)).toBeUndefined();
    expect(await store.ofDelivery(one.subscription_id, one.event_id)).toEqual([]);
    expect((await store.list({ subscription: one.subscription_id }, { limit: 10 })).items).toEqual([]);
  });
});

describe('append', () => {
  it('writes more than one call of DynamoDB takes', async () => {
    const subscription_id = fresh('sub');
    const all = Array.from({ length: 60 }, () => attempt({ subscription_id }));
    expect(await store.append(all)).toEqual([]);
    expect((await listAll({ subscription: subscription_id })).ids).toHaveLength(60);
  });

  it('tries again what DynamoDB left unprocessed, and returns what it never took', async () => {
    const all = Array.from({ length: 3 }, () => attempt());
    let calls = 0;
    const stubborn = {
      send: async (command: {
        input: { RequestItems: Record<string, { PutRequest: { Item: { subscription: string } } }[]> };
      }) => {
        calls += 1;
        const [table, requests] = Object.entries(command.input.RequestItems)[0]!;
        const refused = requests.filter(({ PutRequest }) => PutRequest.Item.subscription !== all[0]!.subscription_id);
        return {
          UnprocessedItems:
            calls < 2 ? { [table]: requests } : refused.length > 0 ? { [table]: refused.slice(0, 1) } : {},
        };
      },
    } as unknown as DynamoDBDocumentClient;
    const left = await createAttemptStore(stubborn, 'Attempts', { retentionDays: 90 }).append(all, Date.now() + 500);
    expect(left).toEqual([all[1]]);
    expect(calls).toBeGreaterThan(2);
  });

  it('loses only the attempt that DynamoDB finds invalid', async () => {
    const all = [attempt(), attempt({ response_body: 'x'.repeat(500_000) }), attempt()];
    expect(await store.append(all)).toEqual([all[1]]);
    expect(await store.get(all[2]!.id)).toEqual(all[2]);
  });

  it('returns everything, and does not throw, when DynamoDB cannot be reached before the deadline', async () => {
    const unreachable = { send: () => Promise.reject(new Error('ECONNREFUSED')) } as unknown as DynamoDBDocumentClient;
    const all = [attempt(), attempt()];
    const left = await createAttemptStore(unreachable, 'Attempts', { retentionDays: 90 }).append(all, Date.now());
    expect(left).toEqual(all);
  });

  it('are not asked for twice without permission, and the error is told with how many lines it concerns', async () => {
    const error = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    let calls = 0;
    const forbidden = {
      send: () => {
        calls += 1;
        return Promise.reject(error);
      },
    } as unknown as DynamoDBDocumentClient;
    const told: unknown[] = [];
    const options = { retentionDays: 90, refused: (...about: unknown[]) => void told.push(about) };
    const all = [attempt(), attempt()];

    expect(await createAttemptStore(forbidden, 'Attempts', options).append(all)).toEqual(all);

    expect(calls).toBe(1);
    expect(told).toEqual([[error, 2]]);
  });

  it('keep whose fault it was', async () => {
    const one = attempt({ outcome: 'failed', fault: 'platform' });
    await store.append([one]);
    expect(await store.get(one.id)).toMatchObject({ fault: 'platform' });
    const latest = await store.latestBetween(one.subscription_id, one.event_id, one.event_id);
    expect(latest.get(one.event_id)).toMatchObject({ outcome: 'failed', fault: 'platform' });
  });
});

describe('the attempts of a delivery', () => {
  it('come oldest first; the newest is found alone', async () => {
    const first = attempt({ outcome: 'failed', attempted_ms: NOW - 3 * MINUTE });
    const { event_id, subscription_id } = first;
    const second = attempt({ event_id, subscription_id, attempt: 2, attempted_ms: NOW - 2 * MINUTE });
    const other = attempt({ subscription_id, attempted_ms: NOW - MINUTE });
    await store.append([second, other, first]);
    expect(await store.ofDelivery(subscription_id, event_id)).toEqual([first, second]);
    expect(await store.latest(subscription_id, event_id)).toEqual(second);
    expect(await store.latest(subscription_id, `${event_id}X`)).toBeUndefined();
  });
});

describe('the log of a subscription', () => {
  it('has the newest event first, then the newest attempt, in pages without gap or repetition', async () => {
    const subscription_id = fresh('sub');
    const older = attempt({
      subscription_id,
      outcome: 'failed',
      eventMs: NOW - 10 * MINUTE,
      attempted_ms: NOW - 9 * MINUTE,
    });
    const retried = attempt({ subscription_id, event_id: older.event_id, attempt: 2, attempted_ms: NOW - MINUTE });
    const newer = attempt({ subscription_id, eventMs: NOW - 5 * MINUTE, attempted_ms: NOW - 4 * MINUTE });
    await store.append([older, retried, newer]);
    const expected = [newer.id, retried.id, older.id];
    for (const limit of [1, 2, 3, 100]) {
      expect((await listAll({ subscription: subscription_id }, limit)).ids).toEqual(expected);
    }
  });

  it('is filtered by outcome, type and the time of the attempt', async () => {
    const subscription_id = fresh('sub');
    const old = attempt({ subscription_id, attempted_ms: NOW - 60 * MINUTE, outcome: 'failed' });
    const late = attempt({ subscription_id, event_id: old.event_id, attempted_ms: NOW - 5 * MINUTE });
    const other = attempt({ subscription_id, type: 'visit.created', attempted_ms: NOW - 30 * MINUTE });
    await store.append([old, late, other]);
    const ids = async (filter: AttemptFilter) => (await listAll({ subscription: subscription_id, ...filter })).ids;
    expect(await ids({ outcome: ['failed', 'gone'] })).toEqual([old.id]);
    expect(await ids({ type: 'visit.created' })).toEqual([other.id]);
    expect(await ids({ since_ms: NOW - 10 * MINUTE })).toEqual([late.id]);
    expect(await ids({ until_ms: NOW - 20 * MINUTE })).toEqual([other.id, old.id]);
    expect(await ids({ since_ms: NOW - 40 * MINUTE, until_ms: NOW - 20 * MINUTE })).toEqual([other.id]);
  });

  it('stays shut to another organization', async () => {
    const one = attempt();
    await store.append([one]);
    const { subscription_id: subscription } = one;
    expect((await listAll({ subscription, organization: 'other' })).ids).toEqual([]);
    expect((await listAll({ subscription, organization: 'acme' })).ids).toEqual([one.id]);
  });

  it('is read in bounded pages, however few attempts the filter lets through', async () => {
    const subscription_id = fresh('sub');
    const all = Array.from({ length: 2600 }, (_, i) => attempt({ subscription_id, attempted_ms: NOW - i * 1000 }));
    all[2599]!.outcome = 'gone';
    await store.append(all);
    const { pages, ids } = await listAll({ subscription: subscription_id, outcome: ['gone', 'held'] });
    expect(ids).toEqual([all[2599]!.id]);
    expect(pages.length).toBe(2);

    // A cursor would tell a stranger that there is a log, and name its events.
    expect(await store.list({ subscription: subscription_id, organization: 'other' }, { limit: 50 })).toEqual({
      items: [],
    });
  });

  it('of a single delivery comes in pages too: an endpoint that is down is probed with it thousands of times', async () => {
    const first = attempt({ outcome: 'held', attempted_ms: NOW - 60 * MINUTE });
    const { event_id, subscription_id: subscription } = first;
    const probes = Array.from({ length: 120 }, (_, i) =>
      attempt({ event_id, subscription_id: subscription, outcome: 'held', attempted_ms: NOW - i * 1000 }),
    );
    const others = [0, 120].map((minutes) =>
      attempt({ subscription_id: subscription, attempted_ms: NOW - minutes * MINUTE }),
    );
    await store.append([first, ...probes, ...others]);
    const { pages, ids } = await listAll({ subscription, event: event_id }, 50);
    expect(ids).toEqual([...probes, first].map(({ id }) => id));
    expect(pages.map(({ length }) => length)).toEqual([50, 50, 21]);
    expect((await listAll({ subscription, event: event_id, organization: 'other' })).ids).toEqual([]);
  });

  it.each(['x', '', 'e30', Buffer.from('{"key":5}').toString('base64url')])('refuses the cursor %j', async (cursor) => {
    await expect(store.list({ subscription: 'sub_1' }, { limit: 1, cursor })).rejects.toMatchObject({
      problem: 'malformed-request',
    });
  });

  it('takes a foreign place in a cursor for the end or the start, never for an error', async () => {
    const cursor = Buffer.from(JSON.stringify({ key: '\u0001' })).toString('base64url');
    expect(await store.list({ subscription: 'sub_1' }, { limit: 1, cursor })).toEqual({ items: [] });
  });
});

describe('the log of an organization', () => {
  it('goes event by event, newest first, through what each matched', async () => {
    const organization = fresh('org');
    const all = await recorded(organization, 25, [fresh('sub'), fresh('sub'), fresh('sub')]);
    const expected = all.map(({ id }) => id);
    for (const limit of [7, 100]) expect((await listAll({ organization }, limit)).ids).toEqual(expected);
  });

  it('is filtered by type and outcome', async () => {
    const organization = fresh('org');
    const all = await recorded(organization, 6, [fresh('sub')]);
    const ids = all.filter(({ type }) => type === 'visit.ended').map(({ id }) => id);
    expect((await listAll({ organization, type: 'visit.ended' })).ids).toEqual(ids);
    expect((await listAll({ organization, outcome: ['delivered'] })).ids).toHaveLength(6);
    expect((await listAll({ organization, outcome: ['skipped'] })).ids).toEqual([]);
  });

  it('finds its failures without walking, also through pages', async () => {
    const organization = fresh('org');
    const failures = (['failed', 'exhausted', 'gone'] as const).map((outcome, i) =>
      attempt({ organization, outcome, eventMs: NOW - i * MINUTE, attempted_ms: NOW - i * MINUTE }),
    );
    await store.append([...failures, attempt({ organization, outcome: 'delivered' }), attempt({ outcome: 'failed' })]);
    const all = ['failed', 'exhausted', 'gone'] as const;
    for (const limit of [1, 10]) {
      expect((await listAll({ organization, outcome: [...all] }, limit)).ids).toEqual(failures.map(({ id }) => id));
    }
    expect((await listAll({ organization, outcome: ['exhausted'] })).ids).toEqual([failures[1]!.id]);
  });

  it('keeps successes out of the index of failures', async () => {
    await store.append([attempt(), attempt({ outcome: 'held' })]);
    const { Items } = await tables.dynamoDb.send(
      new ScanCommand({ TableName: tables.table('Attempts'), IndexName: 'failures' }),
    );
    expect(new Set(Items!.map(({ outcome }) => outcome as string))).not.toContain('delivered');
    expect(Items!.some(({ outcome }) => outcome === 'held')).toBe(false);
  });

  it('shows all organizations to a caller who names none', async () => {
    const organization = fresh('org');
    const all = await recorded(organization, 3, [fresh('sub')]);
    const { ids } = await listAll({});
    expect(ids.filter((id) => all.some((one) => one.id === id))).toEqual(all.map(({ id }) => id));
  });

  it('shows many attempts of one delivery through pages smaller than they are', async () => {
    const organization = fresh('org');
    const [first] = await recorded(organization, 1, [fresh('sub')]);
    const { event_id, subscription_id } = first!;
    const more = Array.from({ length: 4 }, (_, i) =>
      attempt({ organization, event_id, subscription_id, attempt: 1, attempted_ms: NOW + i * 1000 }),
    );
    await store.append(more);
    const expected = [...more.reverse(), first!].map(({ id }) => id);
    for (const limit of [1, 2]) expect((await listAll({ organization }, limit)).ids).toEqual(expected);
  });
});

describe('a page of answers that JSON makes six times as long', () => {
  const BYTES_OF_AN_ANSWER = 6_000_000;

  it.each([['of a subscription'], ['of an organization']])('fits into an answer of Lambda: %s', async (which) => {
    const [organization, subscription] = [fresh('org'), fresh('sub')];
    const all = await recorded(organization, 100, [subscription]);
    for (const one of all) one.response_body = '\u0001'.repeat(16_384);
    await store.append(all);

    const filter = which === 'of a subscription' ? { subscription } : { organization };
    const { pages, ids } = await listAll(filter);

    expect(ids).toEqual(all.map(({ id }) => id));
    // Lambda hands the answer on as text inside JSON: quoted twice.
    for (const page of pages) expect(JSON.stringify(JSON.stringify(page)).length).toBeLessThan(BYTES_OF_AN_ANSWER);
  });
});

describe('rows that this version did not write', () => {
  it('show what they have', async () => {
    const subscription = fresh('sub');
    const Item = {
      subscription,
      event_attempt: 'evt_1#01D0QDWPZ0VISITENDED000001',
      outcome: 'delivered',
      expires_at: NOW / 1000 + 60,
    };
    await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('Attempts'), Item }));
    expect((await store.list({ subscription }, { limit: 1 })).items[0]).toMatchObject({
      event_id: 'evt_1',
      outcome: 'delivered',
    });
  });
});

describe('exhausted deliveries of a subscription', () => {
  const deliveries = async (...lines: Partial<Attempt>[][]): Promise<{ subscription: string; ids: string[] }> => {
    const subscription_id = fresh('sub');
    const ids = lines.map((_, n) => `evt_${ulid(NOW - (lines.length - n) * MINUTE)}`);
    const attempts = lines.flatMap((of, n) =>
      of.map((line, k) => attempt({ subscription_id, event_id: ids[n]!, attempted_ms: NOW - MINUTE + k, ...line })),
    );
    await store.append(attempts);
    return { subscription: subscription_id, ids };
  };
  const exhausted = { outcome: 'exhausted' as const, status: 503 };

  it('are those whose newest line says so, oldest first, from an event on', async () => {
    const { subscription, ids } = await deliveries(
      [exhausted],
      [{ outcome: 'failed' }, exhausted],
      [exhausted, { outcome: 'delivered' }],
      [{ ...exhausted, automatic: 1 }],
    );

    const page = await store.exhausted(subscription, ids[1]!);

    expect(page.found).toMatchObject([
      { event_id: ids[1], status: 503 },
      { event_id: ids[3], automatic: 1 },
    ]);
    expect(page.next).toBeUndefined();
  });

  it('are none that are over, that failed for a reason of ours, or that are pings', async () => {
    const { subscription, ids } = await deliveries(
      [{ ...exhausted, final: true }],
      [{ ...exhausted, fault: 'platform' }],
      [{ ...exhausted, type: 'ping' }],
    );

    expect((await store.exhausted(subscription, ids[0]!)).found).toEqual([]);
  });

  it('are found in a long log page by page, and a delivery whose lines two pages hold is judged by its newest', async () => {
    const { subscription, ids } = await deliveries(
      ...Array.from({ length: 60 }, () => [exhausted, exhausted, exhausted, { outcome: 'delivered' as const }]),
      [exhausted],
    );

    const first = await store.exhausted(subscription, ids[0]!);
    expect(first.found).toEqual([]);
    const second = await store.exhausted(subscription, first.next!);

    expect(second.found.map(({ event_id }) => event_id)).toEqual([ids.at(-1)]);
    expect(second.next).toBeUndefined();
  });
});
