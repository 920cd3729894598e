import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { createRunStore } from '../../lambdas/stores/dynamodb/runs.ts';
import { startApi, type TestApi } from '../support/api.ts';

// The real tables; queues and CloudWatch are doubled: test/queues/overview.test.ts and test/runtime/watch.test.ts have them.

const NOW = Date.parse('2026-03-05T09:15:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

let api: TestApi;
let nowMs: number;
beforeEach(async () => {
  nowMs = NOW;
  api = await startApi({ now: () => nowMs });
  api.deps.held = heldStore();
});
afterEach(() => api.close());

const status = async () => (await api.call('GET', '/v1/status')).body;
const put = (health: Partial<EndpointHealth>) =>
  api.tables.dynamoDb.send(
    new PutCommand({
      TableName: api.tables.table('EndpointHealth'),
      Item: { organization: 'org_1', failures: 20, ...health },
    }),
  );
const heldStore = () => createHeldStore(api.tables.dynamoDb, api.tables.table('HeldDeliveries'), { now: () => nowMs });
const hold = (subscription: string, count: number) =>
  heldStore().put(
    Array.from({ length: count }, (_, n) => ({
      subscription,
      event_id: `evt_${n}`,
      organization: 'org_1',
      held_ms: NOW,
      message: '{"event":{"data":{}}}',
    })),
  );

describe('the status', () => {
  it('of a platform where nothing has happened yet says so', async () => {
    expect(await status()).toEqual({
      at: iso(NOW),
      last_event_at: null,
      queues: [],
      dead_letters: { customers: 0, ours: 0, queues: [] },
      held: { down: 0, throttled: 0, paused: 0, releasing: 0, is_complete: true, endpoints: [] },
      stuck: null,
      schedules: [
        { name: 'look-after', last_run_at: null },
        { name: 'reconcile', last_run_at: null },
      ],
      alarms: null,
    });
  });

  it('counts what is held by the state of its endpoint, most first, and says what comes next', async () => {
    await put({ subscription: 'sub_down', circuit: 'open', opened_ms: NOW - 60_000, probed_ms: NOW - 10_000 });
    await put({ subscription: 'sub_throttled', circuit: 'throttled', opened_ms: NOW, throttled_until_ms: NOW + 5000 });
    await put({ subscription: 'sub_back', circuit: 'releasing', opened_ms: NOW, release_ms: NOW });
    await put({ subscription: 'sub_slow', slow_until_ms: NOW + 60_000 });
    await hold('sub_down', 3);
    await hold('sub_throttled', 7);
    await hold('sub_back', 2);
    await put({ subscription: 'sub_off', circuit: 'open', opened_ms: NOW - 60_000, deactivated_ms: NOW - 1000 });
    await hold('sub_off', 4);
    await put({ subscription: 'sub_paused', circuit: 'paused', paused_ms: NOW - 5000 });
    await hold('sub_paused', 1);

    const { held } = await status();
    const about = { organization: 'org_1', next_probe_at: null, gives_up_at: null };
    expect(held).toEqual({
      down: 7,
      throttled: 7,
      paused: 1,
      releasing: 2,
      is_complete: true,
      endpoints: [
        {
          ...about,
          subscription_id: 'sub_throttled',
          state: 'throttled',
          held: 7,
          since: iso(NOW),
          next_probe_at: iso(NOW + 5000),
        },
        { ...about, subscription_id: 'sub_off', state: 'down', held: 4, since: iso(NOW - 60_000) },
        {
          ...about,
          subscription_id: 'sub_down',
          state: 'down',
          held: 3,
          since: iso(NOW - 60_000),
          next_probe_at: iso(NOW + 50_000),
          gives_up_at: iso(NOW - 60_000 + 5 * 86_400_000),
        },
        { ...about, subscription_id: 'sub_back', state: 'releasing', held: 2, since: iso(NOW) },
        { ...about, subscription_id: 'sub_paused', state: 'paused', held: 1, since: iso(NOW - 5000) },
      ],
    });
  });

  it("tells customers' dead letters from the platform's own", async () => {
    api.deps.status.deadLetters = () =>
      Promise.resolve([
        { name: 'deliveries', count: 500, looked: { ours: 4, of: 100 } },
        { name: 'events', count: 2 },
      ]);

    expect((await status()).dead_letters).toEqual({
      customers: 496,
      ours: 6,
      queues: [
        { name: 'deliveries', customers: 496, ours: 4, looked_at: 100 },
        { name: 'events', customers: 0, ours: 2, looked_at: 2 },
      ],
    });
  });

  it('tells how long the oldest message has waited, 0 in an empty queue, null where nobody knows', async () => {
    const queue = { waiting: 5, in_flight: 1, delayed: 0 };
    api.deps.status.queues = () =>
      Promise.resolve([
        { name: 'events', ...queue, oldestSeconds: 12 },
        { name: 'deliveries', ...queue },
        { name: 'recovery', waiting: 0, in_flight: 0, delayed: 0, oldestSeconds: 40 },
      ]);

    const { queues } = (await status()) as { queues: { oldest_seconds: number | null }[] };
    expect(queues.map(({ oldest_seconds }) => oldest_seconds)).toEqual([12, null, 0]);
  });

  it('tells the last event, the last run of each schedule, what was stuck, and which alarms ring', async () => {
    const event = api.deps.ids.event();
    await api.deps.events.record(
      { ...event, organization: 'org_1', type: 'visit.ended', triggering_location: 'API', data: '{}' },
      [],
    );
    const runs = createRunStore(api.tables.dynamoDb, api.tables.table('Replays'));
    await runs.note('look-after', { at_ms: NOW - 30_000 });
    await runs.note('reconcile', { at_ms: NOW - 90_000, stuck: 2 });
    const alarm = (name: string, since_ms: number) => ({ name, description: 'x', since_ms });
    api.deps.status.alarms = () => Promise.resolve([alarm('young', NOW - 1), alarm('old', NOW - 9)]);

    expect(await status()).toMatchObject({
      last_event_at: iso(event.enqueued_ms),
      stuck: { found: 2, at: iso(NOW - 90_000) },
      schedules: [
        { name: 'look-after', last_run_at: iso(NOW - 30_000) },
        { name: 'reconcile', last_run_at: iso(NOW - 90_000) },
      ],
      alarms: [{ name: 'old', description: 'x', since: iso(NOW - 9) }, { name: 'young' }],
    });
    // Those rows are no replays.
    expect((await api.call('GET', '/v1/replays')).body.data).toEqual([]);
  });

  it('leaves out what cannot be read now, and says the rest', async () => {
    const fail = () => Promise.reject(new Error('throttled'));
    Object.assign(api.deps.status, { queues: fail, deadLetters: fail, alarms: fail, runs: { load: fail } });
    const { status: code, body } = await api.call('GET', '/v1/status');

    expect(code).toBe(200);
    expect(body).toMatchObject({ queues: null, dead_letters: null, alarms: null, schedules: null, stuck: null });
    expect(body.held).not.toBeNull();
  });

  it('is for those who look after the platform', async () => {
    const codes = await Promise.all(
      (['support', 'organization'] as const).map(async (scope) => {
        const key = await api.key([scope], scope === 'organization' ? 'org_1' : undefined);
        return (await api.call('GET', '/v1/status', { key })).status;
      }),
    );

    expect(codes).toEqual([200, 403]);
  });
});
