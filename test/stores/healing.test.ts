import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import { createHealingStore } from '../../lambdas/stores/dynamodb/endpoint-health/healing.ts';
import type { CircuitStore } from '../../lambdas/stores/circuits.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import type { HealingStore } from '../../lambdas/stores/healing.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

let tables: Tables;
let store: HealingStore;
let circuits: CircuitStore;
let health: EndpointHealthStore;
let made = 0;

beforeAll(async () => {
  tables = await startTables();
  const table = tables.table('EndpointHealth');
  store = createHealingStore(tables.dynamoDb, table);
  circuits = createCircuitStore(tables.dynamoDb, table);
  health = createEndpointHealthStore(tables.dynamoDb, table);
});
afterAll(() => tables.close());

const newKey = () => ({ organization: 'acme', subscription: `sub_heal_${(made += 1)}` });
const exhausted = (event: string, atMs = NOW) => ({ event, dueMs: atMs + 15 * MINUTE, untilMs: atMs + 1440 * MINUTE });

/** An endpoint with something exhausted, and no failures any more. */
async function healing() {
  const key = newKey();
  await store.note(key, exhausted('evt_2'));
  return { key, read: async () => (await circuits.get(key.subscription))! };
}

async function found(): Promise<string[]> {
  const ids = [];
  for await (const rows of circuits.all()) ids.push(...rows.map(({ subscription }) => subscription));
  return ids;
}

describe('an exhausted delivery', () => {
  it('is remembered with its due time, and its endpoint is found by recovery though its circuit is closed', async () => {
    const { key, read } = await healing();

    expect(await read()).toMatchObject({ failures: 0, heal_event: 'evt_2', heal_ms: NOW + 15 * MINUTE, heal_tries: 0 });
    expect(await found()).toContain(key.subscription);
  });

  it('of an older event takes the place of a newer one, never the other way round; neither moves the due time', async () => {
    const { key, read } = await healing();

    await store.note(key, exhausted('evt_3', NOW + MINUTE));
    expect(await read()).toMatchObject({ heal_event: 'evt_2', heal_ms: NOW + 15 * MINUTE });
    await store.note(key, exhausted('evt_1', NOW + 2 * MINUTE));

    expect(await read()).toMatchObject({
      heal_event: 'evt_1',
      heal_ms: NOW + 15 * MINUTE,
      heal_until_ms: NOW + 1442 * MINUTE,
    });
  });

  it('is not written into another organization’s row', async () => {
    const { key, read } = await healing();

    await store.note({ ...key, organization: 'other' }, exhausted('evt_1'));

    expect(await read()).toMatchObject({ organization: 'acme', heal_event: 'evt_2' });
  });

  it('keeps its endpoint’s row when the failures are forgotten, and when its circuit closes', async () => {
    const { key, read } = await healing();
    await health.apply(key, { reset: false, add: 20 }, NOW);
    await health.open(key, { failures: 20 }, NOW);
    const run = (await circuits.beginRelease(key.subscription, NOW))!;
    await circuits.claimStep(key.subscription, run, 0, NOW);
    await circuits.closing(key.subscription, run);
    await health.apply(key, { reset: true, add: 0 }, NOW);

    await circuits.close(key.subscription, run);

    expect(await read()).toMatchObject({ failures: 0, heal_event: 'evt_2' });
  });

  it('is tried at once when its subscription gets another URL, and is forgotten with a deleted one', async () => {
    const { key, read } = await healing();

    await health.renew(key, NOW + MINUTE);
    expect(await read()).toMatchObject({ heal_event: 'evt_2', heal_ms: NOW + MINUTE });
    await health.forget(key);

    expect(await read()).toBeUndefined();
  });
});

describe('an automatic replay', () => {
  it('that was asked for begins though its subscription gets another URL before', async () => {
    const { key, read } = await healing();
    await store.askReplay(key, 'rpl_1', 0, NOW);

    await health.renew(key, NOW + MINUTE);

    expect(await read()).toMatchObject({ failures: 0, heal_replay: 'rpl_1', heal_from: 'evt_2' });
  });

  it('is asked for once, from the oldest event on; what is exhausted afterwards is remembered anew', async () => {
    const { key, read } = await healing();

    const asked = await Promise.all(['rpl_1', 'rpl_2', 'rpl_3'].map((id) => store.askReplay(key, id, 0, NOW)));

    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(await read()).toMatchObject({ heal_from: 'evt_2', healed_ms: NOW });
    expect((await read()).heal_event).toBeUndefined();
    await store.note(key, exhausted('evt_4'));
    expect(await read()).toMatchObject({ heal_from: 'evt_2', heal_event: 'evt_4' });
  });

  it('is asked for again only after a pause, which ends with the row', async () => {
    const { key, read } = await healing();
    await store.askReplay(key, 'rpl_1', 0, NOW);
    await store.begun(key.subscription, 'rpl_1');
    await store.note(key, exhausted('evt_4'));

    expect(await store.askReplay(key, 'rpl_2', NOW - 1, NOW + MINUTE)).toBe(false);
    expect(await store.askReplay(key, 'rpl_2', NOW + 1, NOW + 16 * MINUTE)).toBe(true);
    await store.begun(key.subscription, 'rpl_2');
    expect(await found()).toContain(key.subscription);
    await store.forgetReplay(await read());

    expect(await read()).toBeUndefined();
  });

  it('is asked for by nobody where nothing is exhausted', async () => {
    expect(await store.askReplay(newKey(), 'rpl_1', NOW, NOW)).toBe(false);
  });
});

describe('a try', () => {
  const next = { event: 'evt_2', tries: 1, nextMs: NOW + 45 * MINUTE };

  it('is claimed by one of two runs', async () => {
    const { read } = await healing();
    const row = await read();

    const claimed = await Promise.all([store.claimTry(row, next), store.claimTry(row, next)]);

    expect(claimed.filter(Boolean)).toHaveLength(1);
    expect(await read()).toMatchObject({ heal_tries: 1, heal_ms: next.nextMs, heal_tried: 'evt_2' });
  });

  it('is given up with its row, unless something was exhausted since it was read', async () => {
    const { key, read } = await healing();
    const row = await read();
    await store.note(key, exhausted('evt_3', NOW + MINUTE));

    expect(await store.end(row)).toBe(false);
    expect(await store.end(await read())).toBe(true);

    expect(await read()).toBeUndefined();
  });
});
