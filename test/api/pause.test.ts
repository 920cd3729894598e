import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { startApi, type TestApi } from '../support/api.ts';

// What the API does for a pause and its end. No guard, sender and recovery run here.

let api: TestApi;
const released: (TargetKey & { run: number })[] = [];
beforeAll(async () => {
  api = await startApi({ release: async (key, run) => void released.push({ ...key, run }) });
});
afterAll(() => api.close());

interface View {
  id: string;
  paused?: boolean;
  health: { state: string; since?: string; held?: { count: number; at_least?: boolean } };
}

let made = 0;
async function aSubscription(organization = 'org_1'): Promise<string> {
  const body = { organization, url: `https://hooks.example.com/${(made += 1)}` };
  return (await api.call<View>('POST', '/v1/subscriptions', { body })).body.id;
}

const call = (id: string, what: 'pause' | 'resume') => api.call<View>('POST', `/v1/subscriptions/${id}/${what}`);
const get = async (id: string) => (await api.call<View>('GET', `/v1/subscriptions/${id}`)).body;
const item = async (table: 'Subscriptions' | 'EndpointHealth', Key: Record<string, string>) =>
  (await api.tables.dynamoDb.send(new GetCommand({ TableName: api.tables.table(table), Key }))).Item;
const circuitOf = async (id: string) => (await item('EndpointHealth', { subscription: id }))?.circuit as unknown;

async function hold(subscription: string, count: number, organization = 'org_1'): Promise<void> {
  const store = createHeldStore(api.tables.dynamoDb, api.tables.table('HeldDeliveries'));
  const rows = Array.from({ length: count }, (_, n) => ({
    subscription,
    organization,
    event_id: `evt_${ulid(Date.now() - count + n)}`,
    held_ms: Date.now(),
    message: '{}',
  }));
  expect(await store.put(rows)).toEqual([]);
}

describe('a pause', () => {
  it('is written into the row and the circuit, and shown with how many are held', async () => {
    const id = await aSubscription();
    await hold(id, 7);

    const { status, body } = await call(id, 'pause');

    expect(status).toBe(200);
    expect(body).toMatchObject({ id, active: true, paused: true, health: { state: 'paused', held: { count: 7 } } });
    expect(Date.parse(body.health.since!)).toBeGreaterThan(Date.now() - 60_000);
    expect(await item('Subscriptions', { organization: 'org_1', id })).toMatchObject({ paused: true });
    expect(await circuitOf(id)).toBe('paused');
    const { body: list } = await api.call<{ data: View[] }>('GET', '/v1/subscriptions?organization=org_1');
    const listed = list.data.find((one) => one.id === id)!;
    expect([listed.paused, listed.health.state, listed.health.held]).toEqual([true, 'paused', undefined]);
  });

  it('that is over lets go what was held', async () => {
    const id = await aSubscription();
    await call(id, 'pause');

    const { status, body } = await call(id, 'resume');

    expect([status, body.paused, body.health.state]).toEqual([200, undefined, 'releasing']);
    expect(released.filter(({ subscription }) => subscription === id)).toEqual([
      { organization: 'org_1', subscription: id, run: expect.any(Number) as number },
    ]);
  });

  it('and its end are each recorded once, however often they are asked for', async () => {
    const id = await aSubscription();

    for (const what of ['pause', 'pause', 'resume', 'resume'] as const) expect((await call(id, what)).status).toBe(200);

    expect((await api.trail(id)).map(({ action, changed }) => [action, changed])).toEqual([
      ['subscription.created', expect.anything()],
      ['subscription.paused', ['paused']],
      ['subscription.resumed', ['paused']],
    ]);
    expect(released.filter(({ subscription }) => subscription === id)).toHaveLength(1);
  });

  it('outlasts other changes', async () => {
    const id = await aSubscription();
    await call(id, 'pause');

    await api.call('PATCH', `/v1/subscriptions/${id}`, { body: { url: 'https://other.example.com/', active: true } });

    expect(await get(id)).toMatchObject({ paused: true, health: { state: 'paused' } });
    expect(await circuitOf(id)).toBe('paused');
  });

  it('of a row that somebody typed is shown before its circuit follows', async () => {
    const Item = { organization: 'org_1', id: await aSubscription(), url: 'https://a.example.com/', paused: 'yes' };
    await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item }));

    expect(await get(Item.id)).toMatchObject({ paused: true, health: { state: 'paused', held: { count: 0 } } });
  });

  it('of a row with another organization’s id leaves that one’s endpoint alone', async () => {
    const id = await aSubscription('org_owner');
    const Item = { organization: 'org_other', id, url: 'https://b.example.com/' };
    await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item }));
    await hold(id, 3, 'org_owner');
    const key = await api.key(['organization'], 'org_other');

    const paused = await api.call<View>('POST', `/v1/subscriptions/${id}/pause`, { key });

    expect(paused.body.health.held).toEqual({ count: 0 });
    expect(await circuitOf(id)).toBeUndefined();
    expect((await get(id)).paused).toBeUndefined();
  });
});
