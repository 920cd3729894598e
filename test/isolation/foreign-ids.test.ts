import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf } from '../support/open-api.ts';
import { startTenants, type TenantRequest, type Tenants } from '../support/tenants.ts';
import { ACTIONS } from './actions.ts';
import { foreignRequests } from './foreign.ts';
import { World, type Organization } from './world.ts';

// Every route of the description with organization A's key and every kind of id of B.

let tenants: Tenants;
let world: World;
let a: Organization;
let b: Organization;

beforeAll(async () => {
  tenants = await startTenants();
});
afterAll(() => tenants.close());

async function meet(accounts: number): Promise<void> {
  world = await World.create(tenants, await operationsOf(tenants), 2, accounts);
  [a, b] = world.organizations as [Organization, Organization];
  for (const caller of [a, b]) {
    for (const pick of [0, 1, 2]) await ACTIONS.subscribe!({ world, caller, target: caller, pick, variant: 1 });
    for (const variant of [1, 2]) await ACTIONS.deliver!({ world, caller, target: caller, pick: 0, variant });
    for (const pick of [0, 1, 2]) await ACTIONS.replay!({ world, caller, target: caller, pick, variant: 1 });
    for (const pick of [0, 1, 2, 3]) await ACTIONS.list!({ world, caller, target: caller, pick, variant: 7 });
  }
}

describe.each([
  ['organization', 0],
  ['account of the same organization', 2],
])("another %s's ids", (_whose, accounts) => {
  beforeAll(() => meet(accounts));

  it('are named in every place where a request can name one', () => {
    const places = foreignRequests(world, a, b, 0).map(({ operation, what }) => `${operation} ${what}`);
    for (const { name, path, query, isPublic } of world.operations.filter((one) => !one.isPublic)) {
      expect(isPublic).toBe(false);
      if (path.includes('{'))
        expect(
          places.filter((place) => place.startsWith(`${name} `)),
          name,
        ).not.toEqual([]);
      const foreign = ['subscription', 'cursor', ...(accounts > 0 ? [] : ['organization'])];
      for (const parameter of query.filter((one) => foreign.includes(one))) {
        expect(places).toContain(`${name} ${parameter}`);
      }
    }
  });

  it('are answered exactly like ids that do not exist: status, headers and body', async () => {
    const requests = foreignRequests(world, a, b, 0);
    expect(requests.length).toBeGreaterThan(15);
    for (const { foreign, missing } of requests) await world.same(a, foreign, missing);
  });

  it('change nothing when they are written to', async () => {
    const read = async (): Promise<unknown> =>
      Promise.all(
        [
          '/v1/subscriptions',
          '/v1/events',
          '/v1/attempts',
          '/v1/replays',
          `/v1/subscriptions/${b.ids.subscription[0]}/secret`,
        ].map(async (path) => (await tenants.call({ method: 'GET', path, key: b.key })).text),
      );
    const before = await read();
    for (const { foreign } of foreignRequests(world, a, b, 0)) {
      if (foreign.method !== 'GET') await world.ask(a, foreign);
    }
    expect(await read()).toEqual(before);
  });

  it.each(['getSubscription', 'getEvent', 'getAttempt', 'getReplay', 'getSecret'])(
    '%s: but their owner is answered',
    async (name) => {
      const { foreign } = foreignRequests(world, a, b, 0).find(({ operation }) => operation === name)!;
      expect((await tenants.call({ ...foreign, key: b.key })).status).toBe(200);
    },
  );
});

describe("another organization's idempotency key", () => {
  beforeAll(() => meet(0));

  it('is as free as one that nobody used', async () => {
    const post = (owner: Organization, key: string, data: unknown): TenantRequest => ({
      method: 'POST',
      path: '/v1/events',
      key: owner.producerKey,
      headers: { 'idempotency-key': key },
      body: { organization: owner.organization, type: 'visit.ended', data },
    });
    const own = ({ id }: Record<string, unknown>) => world.own(a, 'event', String(id));
    const theirs = await tenants.call(post(b, 'visit-28540', {}));
    expect(theirs.status).toBe(202);

    const used = await world.ask(a, post(a, 'visit-28540', { other: true }), own);
    const unused = await world.ask(a, post(a, 'visit-28541', { other: true }), own);

    expect(used.status).toBe(202);
    expect(used.headers).toEqual(unused.headers);
    expect(Object.keys(JSON.parse(used.text) as object)).toEqual(Object.keys(JSON.parse(unused.text) as object));
    expect(JSON.parse(used.text)).not.toMatchObject(JSON.parse(theirs.text) as object);
  });
});

describe('a subscription of the whole organization', () => {
  beforeAll(() => meet(2));

  it('is not there for an account, nor are its calls of events that both have', async () => {
    const whole = await tenants.key(['organization'], a.organization);
    const made = await tenants.call({
      method: 'POST',
      path: '/v1/subscriptions',
      key: whole,
      body: { url: 'https://hooks.example.com/whole' },
    });
    const { id } = JSON.parse(made.text) as { id: string };
    const [own] = a.ids.subscription;
    const both = [own!, id];
    const { event, attempts } = await tenants.delivered(a.organization, both, '{}', 'r_1', a.account, [
      a.account,
      undefined,
    ]);
    const get = async (path: string, key = a.key) => {
      const { status, text } = await tenants.call({ method: 'GET', path, key });
      return { status, text, body: JSON.parse(text) as Record<string, unknown> };
    };

    const shown = await get(`/v1/events/${event}`);
    expect(shown.body).toMatchObject({ id: event, matched: 1, deliveries: [{ subscription_id: own }] });
    for (const path of [`/v1/subscriptions/${id}`, `/v1/subscriptions/${id}/secret`, `/v1/attempts/${attempts[1]}`]) {
      expect((await get(path)).status, path).toBe(404);
      expect((await get(path, whole)).status, path).toBe(200);
    }
    for (const path of [
      '/v1/subscriptions',
      '/v1/events',
      '/v1/events?outcome=failed',
      '/v1/events?status=5xx',
      '/v1/events?resource_id=r_1&outcome=failed',
      `/v1/events?subscription=${id}`,
      '/v1/attempts',
      '/v1/attempts?outcome=failed',
      '/v1/attempts?resource_id=r_1',
      `/v1/attempts?subscription=${id}`,
    ]) {
      const { status, text } = await get(path);
      expect(status, path).toBe(200);
      expect(text, path).not.toContain(id);
    }
    // The event failed at the organization's own endpoint alone.
    expect((await get('/v1/events?outcome=failed')).text).not.toContain(event);
    expect((await get('/v1/events?outcome=failed', whole)).text).toContain(event);
    const redeliver = { method: 'POST', path: `/v1/deliveries/${event}/${id}/redeliver` };
    expect((await tenants.call({ ...redeliver, key: a.key })).status).toBe(404);
  });
});

describe('a subscription that was moved from one account to another', () => {
  beforeAll(() => meet(2));

  it('shows and sends the new account nothing of the old one', async () => {
    const whole = await tenants.key(['organization'], a.organization);
    const [id] = b.ids.subscription;
    const { event, attempts } = await tenants.delivered(b.organization, [id!], '{}', 'r_1', b.account);
    const change = { method: 'PATCH', path: `/v1/subscriptions/${id}`, body: { account: a.account } };
    expect((await tenants.call({ ...change, key: b.key })).status).toBe(403);
    expect((await tenants.call({ ...change, key: b.key, body: { account: null } })).status).toBe(403);
    const moved = { account: a.account, url: 'https://hooks.example.com/moved' };
    expect((await tenants.call({ ...change, key: whole, body: moved })).status).toBe(200);

    const ask = (method: string, path: string, body?: unknown) => tenants.call({ method, path, key: a.key, body });
    expect((await ask('GET', `/v1/subscriptions/${id}`)).status).toBe(200);
    expect((await ask('GET', `/v1/attempts/${attempts[0]}`)).status).toBe(404);
    expect((await ask('POST', `/v1/deliveries/${event}/${id}/redeliver`)).status).toBe(404);
    expect((await ask('GET', `/v1/attempts?subscription=${id}`)).text).not.toContain(event);
    const replay = await ask('POST', `/v1/subscriptions/${id}/replay?dry_run=true`, { outcomes: ['delivered'] });
    expect(JSON.parse(replay.text)).toEqual({ count: 0 });
  });
});

describe('a subscription id that somebody typed into a row of another organization', () => {
  beforeAll(() => meet(0));

  it('leads neither to the secrets nor to the log of its owner', async () => {
    const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
    const [id] = b.ids.subscription;
    const Item = { organization: a.organization, id, url: 'https://hooks.example.com/typed' };
    await tenants.tables.dynamoDb.send(new PutCommand({ TableName: tenants.tables.table('Subscriptions'), Item }));
    const ask = (method: string, path: string) => tenants.call({ method, path, key: a.key });
    const bCalls = async () =>
      (await tenants.call({ method: 'GET', path: `/v1/subscriptions/${id}/secret`, key: b.key })).text;
    const before = await bCalls();

    expect((await ask('GET', `/v1/subscriptions/${id}/secret`)).status).toBe(404);
    expect((await ask('POST', `/v1/subscriptions/${id}/rotate-secret`)).status).toBe(404);
    expect(JSON.parse((await ask('GET', `/v1/attempts?subscription=${id}`)).text)).toEqual({
      data: [],
      next_cursor: null,
    });
    expect((await ask('DELETE', `/v1/subscriptions/${id}`)).status).toBe(204);
    expect(await bCalls()).toBe(before);
  });
});
