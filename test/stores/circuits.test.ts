import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import type { CircuitStore } from '../../lambdas/stores/circuits.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_700_000_000_000;

let tables: Tables;
let store: CircuitStore;
let made = 0;

beforeAll(async () => {
  tables = await startTables();
  store = createCircuitStore(tables.dynamoDb, tables.table('EndpointHealth'));
});
afterAll(() => tables.close());

/** A subscription whose endpoint is down. */
async function down(): Promise<string> {
  const key = { organization: 'acme', subscription: `sub_${(made += 1)}` };
  const health = createEndpointHealthStore(tables.dynamoDb, tables.table('EndpointHealth'));
  await health.apply(key, { reset: false, add: 20 }, NOW);
  await health.open(key, { failures: 20 }, NOW);
  return key.subscription;
}

describe('an open circuit', () => {
  it('is found among all endpoints', async () => {
    const id = await down();
    const found = [];
    for await (const rows of store.all()) found.push(...rows.map(({ subscription }) => subscription));
    expect(found).toContain(id);
  });

  it('is probed once, though two runs want to', async () => {
    const id = await down();
    const claims = await Promise.all([1, 2, 3].map(() => store.claimProbe(id, 'evt_1', NOW - 30_000, NOW)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.claimProbe(id, 'evt_2', NOW + 30_000, NOW + 60_000)).toBe(true);
    expect(await store.get(id)).toMatchObject({ probed_ms: NOW + 60_000, probe_event: 'evt_2' });
  });

  it('takes notes, which end with it', async () => {
    const id = await down();
    expect(await store.note(id, 'notified_ms', NOW)).toBe(true);
    expect(await store.note(id, 'deactivated_ms', NOW + 1)).toBe(true);
    expect(await store.get(id)).toMatchObject({ notified_ms: NOW, deactivated_ms: NOW + 1 });
    await store.beginRelease(id, NOW);
    expect(await store.note(id, 'notified_ms', 1)).toBe(false);
  });
});

describe('a release', () => {
  it('goes on in one of two copies of a job, and a later run replaces an earlier one', async () => {
    const id = await down();
    const run = (await store.beginRelease(id, NOW))!;
    expect(await store.claimStep(id, run, 0, NOW)).toMatchObject({ circuit: 'releasing', release_step: 0 });
    expect(await store.claimStep(id, run, 1, NOW)).toBeDefined();
    expect(await store.claimStep(id, run, 0, NOW)).toBeUndefined();
    const later = (await store.beginRelease(id, NOW + 1))!;
    expect(await store.claimStep(id, run, 2, NOW)).toBeUndefined();
    expect(await store.claimStep(id, later, 0, NOW)).toBeDefined();
  });

  it('ends with an open circuit when the endpoint is down again', async () => {
    const id = await down();
    const run = (await store.beginRelease(id, NOW))!;
    await store.reopen(id, run, NOW + 5, 'down');
    expect(await store.get(id)).toMatchObject({ circuit: 'open', opened_ms: NOW + 5 });
    expect(await store.claimStep(id, run, 1, NOW)).toBeUndefined();
    expect(await store.closing(id, run)).toBe(false);
  });

  it('ends with a circuit that is open because its subscription is inactive', async () => {
    const id = await down();
    const run = (await store.beginRelease(id, NOW))!;

    await store.reopen(id, run, NOW + 5, 'inactive');

    expect(await store.get(id)).toMatchObject({ circuit: 'open', opened_ms: NOW + 5, deactivated_ms: NOW + 5 });
  });

  it('ends with nothing to remember but failures', async () => {
    const id = await down();
    const run = (await store.beginRelease(id, NOW))!;
    expect(await store.closing(id, run)).toBe(true);
    await store.close(id, run);
    expect(await store.get(id)).toMatchObject({ failures: 20 });
    expect((await store.get(id))?.circuit).toBeUndefined();
    expect(await store.beginRelease(id, NOW)).toBeUndefined();
  });

  it('of a deleted subscription ends with nothing to remember at all', async () => {
    const id = await down();
    const run = (await store.beginRelease(id, NOW))!;
    expect(await store.forget(id, run, 'acme')).toBe(false);
    await store.closing(id, run);
    expect(await store.forget(id, run - 1, 'acme')).toBe(false);
    expect(await store.forget(id, run, 'who took over the id meanwhile')).toBe(false);
    expect(await store.get(id)).toMatchObject({ circuit: 'closing', failures: 20 });

    expect(await store.forget(id, run, 'acme')).toBe(true);
    expect(await store.get(id)).toBeUndefined();
  });
});
