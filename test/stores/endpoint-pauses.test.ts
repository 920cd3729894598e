import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { startHealthTable, aKey, NOW, read, store, tables } from './endpoint-health-support.ts';

startHealthTable();

describe('a pause', () => {
  const paused = async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 20 }, NOW);
    await store.open(key, { failures: 20 }, NOW);
    expect(await store.pause(key, NOW + 1)).toBe(true);
    return key;
  };

  it.each(['closed', 'open', 'throttled', 'releasing'])('takes the place of what was: %s', async (circuit) => {
    const key = aKey();
    if (circuit !== 'closed') await store.throttle(key, NOW + 9, NOW);
    if (circuit === 'open' || circuit === 'releasing') {
      const Item = {
        ...key,
        failures: 20,
        circuit,
        opened_ms: NOW,
        release_ms: NOW,
        probe_event: 'evt_1',
        tally_ms: NOW,
      };
      await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('EndpointHealth'), Item }));
    }

    expect(await store.pause(key, NOW + 1)).toBe(true);

    const failures = circuit === 'open' || circuit === 'releasing' ? 20 : 0;
    expect(await read(key.subscription)).toEqual({ ...key, failures, circuit: 'paused', paused_ms: NOW + 1 });
    expect(await store.pause(key, NOW + 2)).toBe(false);
  });

  it('is not ended by a probe that succeeds late, nor by failures or a wish to wait; what was seen is added', async () => {
    const key = await paused();

    const after = await store.apply(key, { reset: true, add: 0, circuit: 'releasing' }, NOW + 2);
    const isOpened = await store.open(key, { failures: 0 }, NOW + 3);
    const was = await store.throttle(key, NOW + 60_000, NOW + 4);
    await store.renew(key, NOW + 5);

    expect(after).toMatchObject({ circuit: 'paused', failures: 0 });
    expect([isOpened, was]).toEqual([false, undefined]);
    expect(await read(key.subscription)).toEqual({ ...key, failures: 0, circuit: 'paused', paused_ms: NOW + 1 });
  });

  it('ends the release that was under way, by its name', async () => {
    const key = aKey();
    await store.resume(key, NOW);
    await store.pause(key, NOW + 1);
    const circuits = createCircuitStore(tables.dynamoDb, tables.table('EndpointHealth'));

    await circuits.reopen(key.subscription, NOW, NOW + 2, 'down');

    expect(await circuits.claimStep(key.subscription, NOW, 0, NOW + 2)).toBeUndefined();
    expect(await circuits.closing(key.subscription, NOW)).toBe(false);
    expect(await circuits.beginRelease(key.subscription, NOW + 2)).toBeUndefined();
    expect(await read(key.subscription)).toMatchObject({ circuit: 'paused' });
  });

  it('ends with a release, which takes nothing for granted', async () => {
    const key = await paused();

    expect(await store.resume(key, NOW + 9)).toBe(NOW + 9);

    const begun = { failures: 20, circuit: 'releasing', release_ms: NOW + 9, renewed_ms: NOW + 9 };
    expect(await read(key.subscription)).toMatchObject(begun);
    expect(await read(key.subscription)).not.toHaveProperty('paused_ms');
  });

  it('whose beginning was never written ends with a release too: something may be held', async () => {
    const key = aKey();

    expect(await store.resume(key, NOW)).toBe(NOW);

    expect(await read(key.subscription)).toMatchObject({ circuit: 'releasing', failures: 0 });
  });

  it.each(['open', 'throttled', 'releasing'])(
    'is not ended twice: nothing is begun while it is %s',
    async (circuit) => {
      const key = aKey();
      const Item = { ...key, failures: 20, circuit, release_ms: NOW };
      await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('EndpointHealth'), Item }));

      expect(await store.resume(key, NOW + 1)).toBeUndefined();
      expect(await read(key.subscription)).toEqual(Item);
    },
  );

  it('is none of another organization’s that has the same id', async () => {
    const key = await paused();
    const foreign = { ...key, organization: 'other' };

    expect(await store.resume(foreign, NOW + 2)).toBeUndefined();
    expect(await store.pause(foreign, NOW + 2)).toBe(false);

    expect(await read(key.subscription)).toMatchObject({ ...key, circuit: 'paused', paused_ms: NOW + 1 });
  });
});
