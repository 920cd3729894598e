import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from '../../lambdas/domain/endpoint/health.ts';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import { createToldStore } from '../../lambdas/stores/dynamodb/endpoint-health/told.ts';
import type { CircuitStore } from '../../lambdas/stores/circuits.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import type { ToldStore } from '../../lambdas/stores/told.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_700_000_000_000;
const FAILURE = { reset: false, add: 1 };
const SUCCESS = { reset: true, add: 0 };

let tables: Tables;
let store: ToldStore;
let circuits: CircuitStore;
let health: EndpointHealthStore;
let made = 0;

beforeAll(async () => {
  tables = await startTables();
  const table = tables.table('EndpointHealth');
  store = createToldStore(tables.dynamoDb, table);
  circuits = createCircuitStore(tables.dynamoDb, table);
  health = createEndpointHealthStore(tables.dynamoDb, table);
});
afterAll(() => tables.close());

const failing: Told = { state: 'failing', at_ms: NOW, from_ms: NOW, due: { facts: { failures: 3 } } };

/** An endpoint that has failed. */
async function anEndpoint(failures = 3) {
  const key = { organization: 'acme', subscription: `sub_told_${(made += 1)}` };
  for (let n = 0; n < failures; n++) await health.apply(key, FAILURE, NOW);
  return { key, read: async () => (await circuits.get(key.subscription))! };
}

async function found(): Promise<string[]> {
  const ids = [];
  for await (const rows of circuits.all()) ids.push(...rows.map(({ subscription }) => subscription));
  return ids;
}

describe('what recovery looks at', () => {
  it('are endpoints that have failed three times, though their circuits are closed', async () => {
    const { key } = await anEndpoint(3);
    const few = await anEndpoint(2);

    expect(await found()).toContain(key.subscription);
    expect(await found()).not.toContain(few.key.subscription);
  });

  it('is an endpoint that is well again, until its organization has heard that, and for an hour', async () => {
    const { key, read } = await anEndpoint();
    await store.claim(await read(), 'told', failing);

    await health.apply(key, SUCCESS, NOW);

    expect(await read()).toMatchObject({ failures: 0, told: failing });
    expect(await found()).toContain(key.subscription);
    await store.forget(await read(), 'told');
    expect(await read()).toBeUndefined();
  });

  it('outlives another URL', async () => {
    const { key, read } = await anEndpoint();
    await store.claim(await read(), 'told', failing);

    await health.renew(key, NOW);

    expect(await read()).toMatchObject({ failures: 0, told: failing });
  });
});

describe('a telling', () => {
  it('is claimed by one of two runs, and once it is queued its facts are gone', async () => {
    const { key, read } = await anEndpoint();
    const row = await read();

    expect(await store.claim(row, 'told', failing)).toBe(true);
    expect(await store.claim(row, 'told', { ...failing, at_ms: NOW + 1 })).toBe(false);
    await store.queued(key.subscription, 'told', NOW + 1);
    expect((await read()).told).toEqual(failing);
    await store.queued(key.subscription, 'told', NOW);

    expect((await read()).told).toEqual({ state: 'failing', at_ms: NOW, from_ms: NOW });
  });

  it('that was replaced meanwhile is not forgotten', async () => {
    const { read } = await anEndpoint();
    await store.claim(await read(), 'told', failing);
    const before = await read();
    const next: Told = { ...failing, state: 'down', at_ms: NOW + 1 };

    expect(await store.claim(before, 'told', next)).toBe(true);
    await store.forget(before, 'told');

    expect((await read()).told).toEqual(next);
  });
});

describe('exhausted deliveries', () => {
  it('are counted until they are told; what is counted meanwhile makes the claim fail', async () => {
    const { key, read } = await anEndpoint(0);
    await store.countExhausted(key, 2, NOW);
    await store.countExhausted(key, 3, NOW + 5);
    const before = await read();
    expect(before).toMatchObject({ untold_exhausted: 5, untold_from_ms: NOW });
    const telling = { at_ms: NOW, due: { facts: { count: 5 } } };

    await store.countExhausted(key, 1, NOW + 9);
    expect(await store.claim(before, 'told_exhausted', telling)).toBe(false);
    expect(await store.claim(await read(), 'told_exhausted', telling)).toBe(true);

    expect(await read()).toMatchObject({ told_exhausted: telling });
    expect(await read()).not.toHaveProperty('untold_exhausted');
    await store.countExhausted(key, 1, NOW + 20);
    expect(await read()).toMatchObject({ untold_exhausted: 1, untold_from_ms: NOW + 20 });
  });

  it('of another organization with the same id count nothing', async () => {
    const { key, read } = await anEndpoint();

    await store.countExhausted({ ...key, organization: 'other' }, 1, NOW);

    expect(await read()).not.toHaveProperty('untold_exhausted');
  });
});
