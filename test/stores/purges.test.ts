import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newPurge, type Purge } from '../../lambdas/domain/purge.ts';
import { createPurgeStore } from '../../lambdas/stores/dynamodb/purges.ts';
import { createReplayStore } from '../../lambdas/stores/dynamodb/replays.ts';
import { createGraves, graveyardOf, resourceHash } from '../../lambdas/stores/purges.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;
let tables: Tables;
let nowMs: number;

beforeEach(async () => {
  tables = await startTables();
  nowMs = NOW;
});
afterEach(() => tables.close());

const store = () => createPurgeStore(tables.dynamoDb, tables.table('Replays'), () => nowMs);

function aPurge(id: string, change: Partial<Purge> = {}): Purge {
  return { ...newPurge({ id, organization: 'acme' }, nowMs), ...change };
}

const isDead = async (organization: string, enqueued_ms: number, resource_id?: string): Promise<boolean> =>
  graveyardOf(await store().tombstones()).isDead({ organization, enqueued_ms, resource_id });

describe('a purge of an organization', () => {
  it('kills all of its events while it runs, and when it is done those accepted before', async () => {
    const purge = await store().begin(aPurge('pur_1'));
    expect(await isDead('acme', NOW + DAY)).toBe(true);
    expect(await isDead('other', NOW)).toBe(false);

    await store().end(purge, NOW + 1000);
    await store().end(purge, NOW + 2000);

    expect(await isDead('acme', NOW + 1000)).toBe(true);
    expect(await isDead('acme', NOW + 1001)).toBe(false);
    expect(graveyardOf(await store().tombstones()).isClosed('acme')).toBe(false);
    expect(await store().get('pur_1')).toMatchObject({ state: 'done', ended_ms: NOW + 1000, organization: 'acme' });
  });

  it('is joined by a second one, also by one at the same moment, and begun anew when it is done', async () => {
    const [first, second] = await Promise.all([store().begin(aPurge('pur_1')), store().begin(aPurge('pur_2'))]);
    expect(first.id).toBe(second.id);
    expect((await store().begin(aPurge('pur_3'))).id).toBe(first.id);

    await store().end(first, NOW + 1);

    expect((await store().begin(aPurge('pur_4'))).id).toBe('pur_4');
  });

  it('has its job made by whoever joins it, where the first caller died behind the tombstone', async () => {
    const real = tables.dynamoDb.send.bind(tables.dynamoDb);
    tables.dynamoDb.send = ((command: { constructor: { name: string } }) =>
      command.constructor.name === 'PutCommand'
        ? Promise.reject(new Error('killed'))
        : real(command as never)) as never;
    await expect(store().begin(aPurge('pur_1'))).rejects.toThrow('killed');
    tables.dynamoDb.send = real;
    expect(await store().get('pur_1')).toBeUndefined();

    const joined = await store().begin(aPurge('pur_2'));

    expect(joined.id).toBe('pur_1');
    expect(await store().get('pur_1')).toMatchObject({ state: 'running', step: -1 });
  });

  it('makes each step once, and counts what was deleted', async () => {
    const purge = await store().begin(aPurge('pur_1'));
    const step = { step: 0, nowMs: NOW + 5, place: { at: 1, from: { id: 'x' } } };
    await store().add(purge, { keys: 2 });

    expect(await store().advance(purge, step)).toBe(true);
    expect(await store().advance(purge, step)).toBe(false);
    const half = (await store().get('pur_1'))!;
    expect(half).toMatchObject({ step: 0, found: 2, deleted: { keys: 2 }, place: step.place, pass: 1 });
    // Two copies of a step: each has deleted what the other has not.
    await Promise.all([store().add(half, { keys: 1, events: 0 }), store().add(half, { events: 2 })]);
    expect(await store().advance(half, { step: 1, nowMs: NOW + 9 })).toBe(true);

    const whole = (await store().get('pur_1'))!;
    expect(whole).toMatchObject({
      step: 1,
      found: 0,
      deleted: { keys: 3, events: 2 },
      pass: 2,
      pass_began_ms: NOW + 9,
    });
    expect(whole.place).toBeUndefined();
  });

  it('is in no list of replays, and is no replay', async () => {
    await store().begin(aPurge('pur_1'));
    const replays = createReplayStore(tables.dynamoDb, tables.table('Replays'));

    expect((await replays.list({ organization: 'acme' }, { limit: 10 })).items).toEqual([]);
    expect((await replays.list({}, { limit: 10 })).items).toEqual([]);
    expect(await replays.get('pur_1')).toBeUndefined();
    expect(await store().get('purges')).toBeUndefined();
  });
});

describe('a purge of a resource', () => {
  const resource = resourceHash('acme', 'patient-1');

  it('kills what was accepted until it was asked for, of that organization alone, and keeps no name of it when done', async () => {
    const purge = await store().begin(aPurge('pur_1', { resource, resource_id: 'patient-1' }));
    await store().end(purge, NOW + 1000);

    expect(await isDead('acme', NOW, 'patient-1')).toBe(true);
    expect(await isDead('acme', NOW + 1, 'patient-1')).toBe(false);
    expect(await isDead('acme', NOW, 'patient-2')).toBe(false);
    expect(await isDead('acme', NOW)).toBe(false);
    expect(await isDead('other', NOW, 'patient-1')).toBe(false);
    expect(graveyardOf(await store().tombstones()).isClosed('acme')).toBe(false);
    expect(JSON.stringify([await store().get('pur_1'), await store().tombstones()])).not.toContain('patient-1');
  });
});

describe('tombstones', () => {
  const OPTIONS = {
    freshMs: 60_000,
    sureMs: 150_000,
    now: () => nowMs,
    logger: { warn: () => undefined },
    errorFields: () => ({}),
  };

  it('end three weeks after their purge, when no queue can hold what they are about', async () => {
    const old = await store().begin(aPurge('pur_1'));
    await store().end(old, NOW);
    nowMs = NOW + 22 * DAY;

    await store().begin(aPurge('pur_2', { organization: 'other' }));

    expect((await store().tombstones()).map(({ organization }) => organization)).toEqual(['other']);
  });

  it('are asked for now and then, and stay in force while the table does not answer', async () => {
    let reads = 0;
    let works = true;
    const real = store();
    const purges = {
      tombstones: () => {
        reads += 1;
        return works ? real.tombstones() : Promise.reject(new Error('throttled'));
      },
    };
    const graves = createGraves(purges, { ...OPTIONS, freshMs: 1000 });
    await real.begin(aPurge('pur_1'));
    const dead = async () => (await graves.load()).isDead({ organization: 'acme', enqueued_ms: NOW });

    expect([await dead(), await dead()]).toEqual([true, true]);
    expect(reads).toBe(1);
    nowMs += 1000;
    works = false;
    expect(await dead()).toBe(true);
    expect(reads).toBe(2);
  });

  it('are not asked for again by every call while the table does not answer, and soon once it does', async () => {
    let reads = 0;
    const tombstones = () => Promise.reject(new Error(`throttled ${(reads += 1)}`));
    const graves = createGraves({ tombstones }, OPTIONS);

    for (const passed of [0, 0, 4999]) {
      nowMs += passed;
      await graves.load();
    }
    expect(reads).toBe(1);
    nowMs += 1;
    await graves.load();
    expect(reads).toBe(2);
  });

  it('leave it open who is purged of what is late, once they could not be read for as long', async () => {
    let works = false;
    const graves = createGraves({ tombstones: async () => (works ? [] : Promise.reject(new Error('no'))) }, OPTIONS);
    const isUnsure = () => [150_000, 149_999].map((ago) => graves.isUnsure(nowMs - ago));
    await graves.load();
    const never = isUnsure();
    works = true;
    nowMs += 60_000;
    await graves.load();
    const known = isUnsure();
    works = false;
    nowMs += 149_999;
    await graves.load();
    const before = isUnsure();
    nowMs += 1;

    expect({ never, known, before, after: isUnsure() }).toEqual({
      never: [true, false],
      known: [false, false],
      before: [false, false],
      after: [true, false],
    });
  });
});
