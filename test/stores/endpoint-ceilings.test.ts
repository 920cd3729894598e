import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { startHealthTable, aKey, NOW, read, store, tables } from './endpoint-health-support.ts';

startHealthTable();

describe('an endpoint with a ceiling', () => {
  const five = { count: 3, perSecond: 5, before: undefined };

  it('gives its turns to many senders at once, and never more than it takes', async () => {
    const key = aKey();

    const taken = await Promise.all(Array.from({ length: 6 }, () => store.takeTurns(key, five, NOW)));

    expect(taken.reduce((sum, { granted }) => sum + granted, 0)).toBe(5);
    expect((await read(key.subscription))!.turns).toBeDefined();
  });

  it('has many senders ask again that all want turns at once: nothing has failed', async () => {
    const key = aKey();
    const one = { count: 1, perSecond: 1000, before: undefined };

    const taken = await Promise.all(Array.from({ length: 60 }, () => store.takeTurns(key, one, NOW)));

    const [served, crowded] = [
      taken.filter(({ granted }) => granted === 1),
      taken.filter(({ granted }) => granted === 0),
    ];
    expect(served.length).toBeGreaterThan(0);
    expect(served.length + crowded.length).toBe(60);
    const { turns } = (await read(key.subscription)) as { turns: string };
    const counts = turns.split(',').map((turn) => Number(turn.split(':')[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(served.length);
    for (const { waitMs, turns: known } of crowded)
      expect([waitMs > 0 && waitMs < 200, known]).toEqual([true, expect.any(String)]);
  });

  it('tells which turns are known, so that whoever waits asks with these', async () => {
    const key = aKey();
    const first = await store.takeTurns(key, { ...five, count: 5 }, NOW);
    const none = await store.takeTurns(key, { ...five, before: first.turns }, NOW + 1);
    const stale = await store.takeTurns(key, five, NOW + 1);

    expect(first.turns).toBe(`${NOW}:5`);
    for (const one of [none, stale]) expect(one).toEqual({ granted: 0, waitMs: 1199, turns: `${NOW}:5` });
  });

  it('keeps the turns that were taken over a success and the end of its circuit: a retry may have taken one just then', async () => {
    const key = aKey();
    await store.takeTurns(key, five, NOW);
    await store.apply(key, { reset: false, add: 1 }, NOW);
    await store.apply(key, { reset: true, add: 0 }, NOW);
    expect((await read(key.subscription))!.turns).toBe(`${NOW}:3`);

    const run = (await store.letOut(key, NOW))!;
    const circuits = createCircuitStore(tables.dynamoDb, tables.table('EndpointHealth'));
    await circuits.closing(key.subscription, run);
    await circuits.close(key.subscription, run);

    expect(await read(key.subscription)).toEqual({ ...key, failures: 0, turns: `${NOW}:3` });
  });

  it('begins to let go once, without a row before and where it was ending', async () => {
    const key = aKey();
    const begun = await Promise.all([1, 2, 3].map((n) => store.letOut(key, NOW + n)));
    expect(begun.filter((run) => run !== undefined)).toHaveLength(1);
    const [run] = begun.filter((one) => one !== undefined);
    const circuits = createCircuitStore(tables.dynamoDb, tables.table('EndpointHealth'));
    await circuits.claimStep(key.subscription, run!, 0, NOW);
    await circuits.closing(key.subscription, run!);

    expect(await store.letOut(key, NOW + 9)).toBe(NOW + 9);

    expect(await read(key.subscription)).toEqual({ ...key, failures: 0, circuit: 'releasing', release_ms: NOW + 9 });
  });

  it.each(['open', 'throttled', 'paused'])('lets nothing go while it takes nothing: %s', async (circuit) => {
    const key = aKey();
    const row = { ...key, failures: 0, circuit };
    await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('EndpointHealth'), Item: row }));
    expect(await store.letOut(key, NOW)).toBeUndefined();
    expect(await read(key.subscription)).toEqual(row);
  });

  it.each(['open', 'throttled', 'paused'])(
    'gives no turn while it takes nothing, but to a probe: %s',
    async (circuit) => {
      const key = aKey();
      const row = { ...key, failures: 0, circuit, turns: `${NOW - 5000}:1` };
      await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('EndpointHealth'), Item: row }));

      // Read before it asked to wait, and before the turn that somebody took since.
      const none = await store.takeTurns(key, five, NOW);
      const probe = await store.takeTurns(key, { ...five, count: 1, passes: true }, NOW);

      expect(none).toEqual({ granted: 0, waitMs: Infinity, turns: row.turns });
      expect(probe).toEqual({ granted: 1, waitMs: 0, turns: `${NOW}:1` });
    },
  );

  it('has its own turns though its id was another organization’s', async () => {
    const key = aKey();
    await store.takeTurns({ ...key, organization: 'former' }, five, NOW);

    expect(await store.takeTurns(key, { ...five, count: 5 }, NOW)).toEqual({
      granted: 5,
      waitMs: 0,
      turns: `${NOW}:5`,
    });

    expect(await read(key.subscription)).toMatchObject({ organization: key.organization, turns: `${NOW}:5` });
  });
});
