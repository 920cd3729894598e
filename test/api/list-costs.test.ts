import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attemptId, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { toItems } from '../../lambdas/stores/dynamodb/event-item.ts';
import { startApi, type TestApi } from '../support/api.ts';

// A page of a list reads as much whatever there is beside it: read units of each list, counted among so much, and among twice that.

/** More than any list reads at once, so that a list that reads all would read twice as much. */
const SIZE = 600;
/** Of what people make, and lists read one by one. */
const FEW = 120;
/** BatchWriteItem takes no more. */
const TOGETHER = 25;

const LISTS = [
  '/v1/events',
  '/v1/events?organization=big',
  '/v1/events?organization=big&type=shift.created',
  '/v1/events?organization=big&resource_id=28540',
  '/v1/events?resource_id=28540',
  '/v1/events?organization=big&outcome=exhausted',
  '/v1/events?organization=big&outcome=delivered',
  '/v1/events?organization=big&subscription=sub_0',
  '/v1/attempts',
  '/v1/attempts?subscription=sub_0',
  '/v1/attempts?organization=big',
  '/v1/attempts?organization=big&outcome=exhausted',
  '/v1/attempts?resource_id=28540',
  '/v1/deliveries',
  '/v1/deliveries?organization=big',
  '/v1/deliveries?organization=big&outcome=exhausted',
  '/v1/deliveries?organization=big&subscription=sub_0',
  '/v1/deliveries?outcome=exhausted',
  '/v1/deliveries?resource_id=28540',
  '/v1/subscriptions',
  '/v1/subscriptions?organization=big',
  '/v1/organizations?limit=10',
  '/v1/replays',
  '/v1/replays?organization=big',
  '/v1/audit',
  '/v1/api-keys',
];

const NOW = Date.now();
let api: TestApi;
const units: Record<string, number>[] = [];

beforeAll(async () => {
  api = await startApi();
  for (const round of [0, 1]) {
    await fill(round);
    units.push(await costs());
  }
});
afterAll(() => api.close());

async function costs(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const list of LISTS) {
    const before = api.tables.readUnits();
    const answer = await api.call('GET', list);
    expect(answer.status, list).toBe(200);
    found[list] = api.tables.readUnits() - before;
  }
  return found;
}

/** As much again of everything, older than what is there: so that the newest page is the same one. */
async function fill(round: number): Promise<void> {
  const events: object[] = [];
  const attempts: Attempt[] = [];
  for (let n = 0; n < SIZE; n++) {
    const at = NOW - 10_000 * (round * SIZE + n);
    const id = `evt_${ulid(at)}`;
    const owned = { organization: 'big', type: 'visit.ended', resource_id: '28540' };
    const event = { ...owned, id, triggering_location: 'API' as const, enqueued_ms: at, data: '{}' };
    const expiresAt = NOW / 1000 + 86_400;
    events.push(toItems(event, [{ subscription: 'sub_0', format: 'standard' }], { expiresAt, run: 'a' }).main);
    const url = 'https://hooks.example.com/a';
    const about = { ...owned, id: attemptId(ulid(at + 1), id, 'sub_0'), event_id: id, subscription_id: 'sub_0', url };
    attempts.push({
      ...about,
      attempt: 4,
      attempted_ms: at + 1,
      outcome: 'exhausted',
      format: 'standard',
      status: 500,
    });
  }
  for (let n = 0; n < SIZE; n += TOGETHER) await api.deps.attempts.append(attempts.slice(n, n + TOGETHER));
  await put('Events', events);
  const few = Array.from({ length: FEW }, (_, n) => round * FEW + n);
  const named = (n: number) => ({ id: `sub_${n}`, url: 'https://hooks.example.com/a', events: ['visit.*'] });
  await put(
    'Subscriptions',
    few.flatMap((n) => ['big', `org_${n}`].map((organization) => ({ organization, ...named(n) }))),
  );
  for (const n of few) {
    const replay = { organization: 'big', subscription: 'sub_0', since_ms: 0, until_ms: NOW, rate: 1, estimate: 0 };
    const none = { queued: 0, done: 0, failed: 0, step: 0, stepped_ms: 0 };
    await api.deps.replays.create({
      ...replay,
      ...none,
      id: `rpl_${ulid(NOW)}`,
      state: 'done',
      created_ms: NOW,
    });
    await api.key(['organization'], `org_${n}`);
  }
  for (let n = round * SIZE; n < (round + 1) * SIZE; n++) {
    const record = { actor: 'key_1', object_type: 'subscription', object_id: 'sub_0', organization: 'big' } as const;
    await api.deps.audit.append({
      ...record,
      id: `aud_${ulid(NOW - n)}`,
      action: 'ping.sent',
      changed: [],
    });
  }
}

async function put(table: 'Events' | 'Subscriptions', items: object[]): Promise<void> {
  for (let n = 0; n < items.length; n += TOGETHER) {
    const puts = items.slice(n, n + TOGETHER).map((Item) => ({ PutRequest: { Item } }));
    await api.tables.dynamoDb.send(new BatchWriteCommand({ RequestItems: { [api.tables.table(table)]: puts } }));
  }
}

it.skipIf(process.env.POSTHORN_TEST_DYNAMODB !== undefined).each(LISTS)(
  'a page of %s costs the same among twice as much',
  (list) => {
    const [among, amongTwice] = units.map((one) => one[list]!);

    expect(among).toBeGreaterThan(0);
    // Rows are not all of one length.
    expect(amongTwice).toBeLessThanOrEqual(among! * 1.1);
  },
);
