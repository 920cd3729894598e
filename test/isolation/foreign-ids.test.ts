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
  world = await World.create(tenants, await operationsOf(tenants), 2);
  [a, b] = world.organizations as [Organization, Organization];
  for (const caller of [a, b]) {
    for (const pick of [0, 1, 2]) await ACTIONS.subscribe!({ world, caller, target: caller, pick, variant: 1 });
    for (const variant of [1, 2]) await ACTIONS.deliver!({ world, caller, target: caller, pick: 0, variant });
    for (const pick of [0, 1, 2]) await ACTIONS.replay!({ world, caller, target: caller, pick, variant: 1 });
    for (const pick of [0, 1, 2, 3]) await ACTIONS.list!({ world, caller, target: caller, pick, variant: 7 });
  }
});
afterAll(() => tenants.close());

describe("another organization's ids", () => {
  it('are named in every place where a request can name one', () => {
    const places = foreignRequests(world, a, b, 0).map(({ operation, what }) => `${operation} ${what}`);
    for (const { name, path, query, isPublic } of world.operations.filter((one) => !one.isPublic)) {
      expect(isPublic).toBe(false);
      if (path.includes('{'))
        expect(
          places.filter((place) => place.startsWith(`${name} `)),
          name,
        ).not.toEqual([]);
      for (const parameter of query.filter((one) => ['organization', 'subscription', 'cursor'].includes(one))) {
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
  it('is as free as one that nobody used', async () => {
    const post = (owner: Organization, key: string, data: unknown): TenantRequest => ({
      method: 'POST',
      path: '/v1/events',
      key: owner.producerKey,
      headers: { 'idempotency-key': key },
      body: { organization: owner.name, type: 'visit.ended', data },
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

describe('a subscription id that somebody typed into a row of another organization', () => {
  it('leads neither to the secrets nor to the log of its owner', async () => {
    const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
    const [id] = b.ids.subscription;
    const Item = { organization: a.name, id, url: 'https://hooks.example.com/typed' };
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
