import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { createTellOrganizations, MOST_TOLD_AT_ONCE } from '../../lambdas/recovery/tell-organizations.ts';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createToldStore } from '../../lambdas/stores/dynamodb/endpoint-health/told.ts';
import { ORGANIZATION } from '../support/sender.ts';
import { RecoveryWorld } from '../support/recovery-world.ts';
import { startTables, type Tables } from '../support/tables.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An endpoint that fails from the beginning on, with something to send all the time. */
async function downFor(world: RecoveryWorld, ms: number): Promise<void> {
  world.answers = () => false;
  for (let passed = 0; passed < ms; passed += MINUTE) {
    for (let n = 0; n < 10; n++) world.publish();
    await world.pass(MINUTE);
  }
}

async function wellFor(world: RecoveryWorld, ms: number): Promise<void> {
  world.answers = () => true;
  for (let passed = 0; passed < ms; passed += MINUTE) {
    world.publish();
    await world.pass(MINUTE);
  }
}

const typesOf = (world: RecoveryWorld) => world.published.map(({ type }) => type.replace('posthorn.endpoint.', ''));

describe('an endpoint that goes down', () => {
  it('is told of as that, and as recovered when what was held has gone out', async () => {
    const world = new RecoveryWorld();
    world.row = { ...world.row, account: 'north' };

    await downFor(world, 10 * MINUTE);
    expect(typesOf(world).at(-1)).toBe('down');
    await wellFor(world, 30 * MINUTE);

    expect(typesOf(world).slice(-2)).toEqual(['down', 'recovered']);
    expect(world.held.size).toBe(0);
    for (const event of world.published) {
      expect(event).toMatchObject({ organization: ORGANIZATION, account: 'north', resource_id: 'sub_1' });
    }
  });

  it('and comes back every few minutes is told of once an hour', async () => {
    const world = new RecoveryWorld();

    for (let n = 0; n < 6; n++) {
      await downFor(world, 10 * MINUTE);
      await wellFor(world, 20 * MINUTE);
    }

    expect(world.opened).toBeGreaterThanOrEqual(6);
    // Three hours.
    expect(typesOf(world).filter((state) => state === 'down').length).toBeLessThanOrEqual(3);
    expect(world.published.length).toBeLessThanOrEqual(12);
  });

  it('is told of nothing more once its subscription is deleted', async () => {
    const world = new RecoveryWorld();
    await downFor(world, 3 * MINUTE);
    const before = world.published.length;

    world.row = undefined;
    await world.pass(2 * HOUR);

    expect(world.published).toHaveLength(before);
    expect(world.told.told?.due).toBeUndefined();
  });
});

/** Recovery over rows in memory, of which each claim is written down. */
function setUp(rows: EndpointHealth[]) {
  const published: string[] = [];
  const state = { now: 1_700_000_000_000, dies: false };
  const rowOf = (id: string) => rows.find(({ subscription }) => subscription === id)!;
  const nothing = () => undefined;
  const deps = {
    told: {
      claim: async (read: EndpointHealth, name: 'told', telling: never) =>
        Object.assign(rowOf(read.subscription), { [name]: telling }) !== undefined,
      queued: async (id: string, name: 'told') => void delete rowOf(id)[name]?.due,
      forget: async () => undefined,
    },
    publish: async ({ id }: { id: string }) => {
      published.push(id);
      if (state.dies) throw new Error('died');
    },
    subscriptions: { get: async () => ({ url: 'https://a.example/' }) },
    metrics: { count: nothing, milliseconds: nothing },
    logger: { info: nothing, warn: nothing, error: nothing },
    now: () => state.now,
  } as unknown as RecoveryDeps;
  /** One run over all rows. */
  const run = async () => {
    const tell = createTellOrganizations(deps);
    for (const row of rows) await tell(structuredClone(row)).catch(nothing);
  };
  return { deps, run, published, state };
}

const down = (subscription: string): EndpointHealth => ({
  subscription,
  organization: ORGANIZATION,
  failures: 20,
  circuit: 'open',
  opened_ms: 1_699_999_990_000,
});

describe('a run that dies', () => {
  it('when the event is queued and before that is noted has the next one queue the very same event', async () => {
    const { run, published, state } = setUp([down('sub_1')]);
    state.dies = true;
    await run();

    state.dies = false;
    state.now += MINUTE;
    await run();
    state.now += MINUTE;
    await run();

    expect(published).toHaveLength(2);
    expect(published[1]).toBe(published[0]);
  });
});

describe('an endpoint in trouble again, more than an hour after it was told of', () => {
  const NOW = 1_700_000_000_000;
  const LONG_AGO = NOW - 2 * HOUR;
  let tables: Tables;
  beforeAll(async () => {
    tables = await startTables();
  });
  afterAll(() => tables.close());

  it.each([
    ['told', { ...down('sub_state'), told: { state: 'recovered', at_ms: LONG_AGO, from_ms: LONG_AGO } }],
    [
      'told_exhausted',
      {
        ...{ subscription: 'sub_count', organization: ORGANIZATION, failures: 1 },
        ...{ told_exhausted: { at_ms: LONG_AGO }, untold_exhausted: 2, untold_from_ms: NOW },
      },
    ],
  ] as const)('is told of by the very next run: %s', async (name, row) => {
    const { deps, published } = setUp([]);
    const table = tables.table('EndpointHealth');
    await tables.dynamoDb.send(new PutCommand({ TableName: table, Item: row }));
    const { subscription } = row;
    const circuits = createCircuitStore(tables.dynamoDb, table);

    await createTellOrganizations({ ...deps, told: createToldStore(tables.dynamoDb, table) })(row);

    expect(published).toHaveLength(1);
    expect((await circuits.get(subscription))?.[name]).toMatchObject({ at_ms: NOW });
  });
});

describe('an outage of many endpoints of one organization', () => {
  it('is told a few at a time, until all are told', async () => {
    const { run, published, state } = setUp(Array.from({ length: 25 }, (_, n) => down(`sub_${n}`)));

    await run();
    expect(published).toHaveLength(MOST_TOLD_AT_ONCE);
    for (let n = 0; n < 5; n++) {
      state.now += MINUTE;
      await run();
    }

    expect(new Set(published).size).toBe(25);
    expect(published).toHaveLength(25);
  });
});
