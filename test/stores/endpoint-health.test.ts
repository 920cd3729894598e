import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_700_000_000_000;

let tables: Tables;
let store: EndpointHealthStore;
let made = 0;

beforeAll(async () => {
  tables = await startTables();
  store = createEndpointHealthStore(tables.dynamoDb, tables.table('EndpointHealth'));
});
afterAll(() => tables.close());

const aKey = () => ({ organization: 'acme', subscription: `sub_${(made += 1)}` });
const read = async (subscription: string) =>
  (await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('EndpointHealth'), Key: { subscription } })))
    .Item;

describe('the health of an endpoint', () => {
  it('counts failures since the first, also those of many senders at once', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 1 }, NOW);
    await Promise.all(Array.from({ length: 20 }, () => store.apply(key, { reset: false, add: 2 }, NOW + 5000)));
    expect(await read(key.subscription)).toEqual({
      ...key,
      failures: 41,
      failing_since_ms: NOW,
      tally_ms: NOW,
      tally_tries: 41,
      tally_failed: 41,
    });
  });

  it('starts to count anew after a success', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 7 }, NOW);
    expect(await store.apply(key, { reset: true, add: 2 }, NOW + 1)).toEqual({
      ...key,
      failures: 2,
      failing_since_ms: NOW + 1,
      tally_ms: NOW,
      tally_tries: 9,
      tally_failed: 9,
    });
  });

  it('has no row when there is nothing left to remember', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 3, slow_until_ms: NOW + 1 }, NOW);
    expect(await store.apply(key, { reset: true, add: 0 }, NOW)).toMatchObject({ failures: 0, slow_until_ms: NOW + 1 });
    expect(await store.apply(key, { reset: false, add: 0, slow_until_ms: null }, NOW)).toBeUndefined();
    expect(await read(key.subscription)).toBeUndefined();
  });

  it('keeps the tally of an endpoint that fails often over a success, until it is forgotten or begun anew', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 4 }, NOW);
    const success = { reset: true, add: 0, tally: { anew: false, tries: 1, failed: 0 } };
    expect(await store.apply(key, success, NOW + 1)).toMatchObject({ failures: 0, tally_tries: 5, tally_failed: 4 });
    const anew = { reset: false, add: 1, tally: { anew: true, tries: 2, failed: 1 } };
    expect(await store.apply(key, anew, NOW + 2)).toMatchObject({ tally_ms: NOW + 2, tally_tries: 2, tally_failed: 1 });
    expect(await store.apply(key, { reset: true, add: 0, tally: null }, NOW + 3)).toBeUndefined();
    expect(await read(key.subscription)).toBeUndefined();
  });

  it('remembers a slow endpoint that fails nothing', async () => {
    const key = aKey();
    expect(await store.apply(key, { reset: false, add: 0, slow_until_ms: NOW + 9 }, NOW)).toEqual({
      ...key,
      failures: 0,
      slow_until_ms: NOW + 9,
    });
  });
});

describe('an endpoint that asked to wait', () => {
  it('is throttled without a row before, for the longest time it asked for, and keeps no release', async () => {
    const key = aKey();
    expect(await store.throttle(key, NOW + 9000, NOW)).toBe('closed');
    expect(await store.throttle(key, NOW + 8000, NOW)).toBeUndefined();
    expect(await store.throttle(key, NOW + 10_000, NOW)).toBe('throttled');
    expect(await store.throttle({ ...key, organization: 'other' }, NOW + 90_000, NOW)).toBeUndefined();
    const row = { ...key, failures: 0, circuit: 'throttled', opened_ms: NOW, throttled_until_ms: NOW + 10_000 };
    expect(await read(key.subscription)).toEqual(row);
  });

  it('is not down meanwhile, and one that is down is not throttled', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 20 }, NOW);
    await store.throttle(key, NOW + 9000, NOW);
    expect(await store.open(key, { failures: 20 }, NOW)).toBe(false);
    const down = aKey();
    await store.apply(down, { reset: false, add: 20 }, NOW);
    expect(await store.open(down, { tally_ms: NOW - 1 }, NOW)).toBe(false);
    expect(await store.open(down, { tally_ms: NOW }, NOW)).toBe(true);
    expect(await store.throttle(down, NOW + 9000, NOW)).toBeUndefined();
    expect(await read(down.subscription)).not.toHaveProperty('tally_ms');
  });

  it('is released at once at another URL', async () => {
    const key = aKey();
    await store.throttle(key, NOW + 9000, NOW);
    expect(await store.renew(key, NOW + 1)).toBe(NOW + 1);
    const row = { ...key, failures: 0, circuit: 'releasing', release_ms: NOW + 1, renewed_ms: NOW + 1 };
    expect(await read(key.subscription)).toEqual(row);
  });
});

describe('a circuit', () => {
  it('opens once, while the failures are still there', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 20 }, NOW);
    expect(await store.open(key, { failures: 20 }, NOW + 1)).toBe(true);
    expect(await store.open(key, { failures: 20 }, NOW + 2)).toBe(false);
    expect(await read(key.subscription)).toMatchObject({ circuit: 'open', opened_ms: NOW + 1, failures: 20 });
  });

  it('stays closed when the endpoint recovered meanwhile', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 19 }, NOW);
    expect(await store.open(key, { failures: 20 }, NOW)).toBe(false);
    expect(await store.open(aKey(), { failures: 20 }, NOW)).toBe(false);
  });

  it('keeps its row while it releases, so that what is held is found, and can open again', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 20 }, NOW);
    await store.open(key, { failures: 20 }, NOW);
    const after = await store.apply(key, { reset: true, add: 0, circuit: 'releasing' }, NOW);
    expect(after).toMatchObject({ failures: 0, circuit: 'releasing' });
    await store.apply(key, { reset: false, add: 20 }, NOW);
    expect(await store.open(key, { failures: 20 }, NOW + 9)).toBe(true);
    expect(await read(key.subscription)).toMatchObject({ circuit: 'open', opened_ms: NOW + 9 });
  });
});

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

    await circuits.reopen(key.subscription, NOW, NOW + 2);

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

describe('the endpoint of a deleted subscription', () => {
  it('is forgotten with its failures, also when there is nothing to forget', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 7, slow_until_ms: NOW + 1 }, NOW);
    expect(await store.forget(key)).toBe(true);
    expect(await read(key.subscription)).toBeUndefined();
    expect(await store.forget(key)).toBe(true);
  });

  it('is not forgotten while its circuit is open or being let go: what is held would be found by nobody', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 20 }, NOW);
    await store.open(key, { failures: 20 }, NOW);
    expect(await store.forget(key)).toBe(false);
    await store.apply(key, { reset: true, add: 0, circuit: 'releasing' }, NOW);
    expect(await store.forget(key)).toBe(false);
    expect(await read(key.subscription)).toMatchObject({ circuit: 'releasing' });
  });
});

describe('the endpoint of a subscription that got another URL, or was activated', () => {
  it('is remembered no more when nothing is held', async () => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 19, slow_until_ms: NOW + 1 }, NOW);

    expect(await store.renew(key, NOW + 5)).toBeUndefined();

    expect(await read(key.subscription)).toBeUndefined();
    expect(await store.apply(key, { reset: false, add: 1 }, NOW + 9)).toMatchObject({
      failures: 1,
      failing_since_ms: NOW + 9,
    });
  });

  it('that was down begins to be released, without its failures; who was told stays noted', async () => {
    const key = aKey();
    const { dynamoDb, table } = tables;
    const past = {
      opened_ms: 1,
      probed_ms: 2,
      probe_event: 'evt_1',
      deactivated_ms: 3,
      slow_until_ms: 4,
      failing_since_ms: 5,
    };
    const Item = { ...key, failures: 20, circuit: 'open', notified_ms: 6, ...past };
    await dynamoDb.send(new PutCommand({ TableName: table('EndpointHealth'), Item }));

    expect(await store.renew(key, NOW)).toBe(NOW);

    const begun = { circuit: 'releasing', release_ms: NOW, renewed_ms: NOW };
    expect(await read(key.subscription)).toEqual({ ...key, failures: 0, notified_ms: 6, ...begun });
  });

  it.each(['releasing', 'closing'] as const)('that is %s goes on so, without its failures', async (circuit) => {
    const key = aKey();
    await store.apply(key, { reset: false, add: 20 }, NOW);
    await store.open(key, { failures: 20 }, NOW);
    await store.apply(key, { reset: false, add: 1, circuit: 'releasing' }, NOW + 1);
    const { dynamoDb, table } = tables;
    const now = { ...(await read(key.subscription)), circuit };
    await dynamoDb.send(new PutCommand({ TableName: table('EndpointHealth'), Item: now }));

    expect(await store.renew(key, NOW + 2)).toBeUndefined();

    expect(await read(key.subscription)).toEqual({ ...key, failures: 0, circuit, release_ms: NOW + 1, opened_ms: NOW });
  });
});

describe('an endpoint with a ceiling', () => {
  const five = { count: 3, perSecond: 5, before: undefined };

  it('gives its turns to many senders at once, and never more than it takes', async () => {
    const key = aKey();

    const taken = await Promise.all(Array.from({ length: 6 }, () => store.takeTurns(key, five, NOW)));

    expect(taken.reduce((sum, { granted }) => sum + granted, 0)).toBe(5);
    expect((await read(key.subscription))!.turns).toBeDefined();
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

describe('an id that two organizations have', () => {
  it('has the health of the one that is there: the other neither sees, changes, opens nor forgets it', async () => {
    const key = aKey();
    const other = { ...key, organization: 'other' };
    await store.apply(key, { reset: false, add: 20 }, NOW);
    await store.open(key, { failures: 20 }, NOW);
    const before = await read(key.subscription);

    expect(await store.apply(other, { reset: true, add: 1, slow_until_ms: NOW + 9, circuit: 'releasing' }, NOW)).toBe(
      undefined,
    );
    expect(await store.open(other, { failures: 1 }, NOW)).toBe(false);
    expect(await store.forget(other)).toBe(true);
    expect(await store.renew(other, NOW)).toBeUndefined();
    expect([...(await store.load([other, key, other])).keys()]).toEqual([targetName(key)]);
    expect(await read(key.subscription)).toEqual(before);
  });

  it('has the other one’s from the beginning when nothing is held for the first any more', async () => {
    const key = aKey();
    const heir = { ...key, organization: 'heir' };
    await store.apply(key, { reset: false, add: 19, slow_until_ms: NOW + 9 }, NOW);

    expect(await store.apply(heir, { reset: false, add: 1 }, NOW + 1)).toEqual({
      ...heir,
      failures: 1,
      failing_since_ms: NOW + 1,
      tally_ms: NOW + 1,
      tally_tries: 1,
      tally_failed: 1,
    });
  });
});

describe('held deliveries', () => {
  const held = (event_id: string, message = 'm') => ({
    subscription: 'sub_held',
    event_id,
    organization: 'acme',
    held_ms: NOW,
    message,
  });
  const readHeld = async (event_id: string) => {
    const Key = { subscription: 'sub_held', event_id };
    return (await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('HeldDeliveries'), Key }))).Item;
  };

  it('are kept whole, more than one call takes', async () => {
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    expect(await store.put(Array.from({ length: 30 }, (_, i) => held(`evt_${i}`)))).toEqual([]);
    expect(await readHeld('evt_29')).toMatchObject(held('evt_29'));
  });

  it('are kept once when a batch holds two copies', async () => {
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    expect(await store.put([held('evt_twice', 'old'), held('evt_twice', 'new')])).toEqual([]);
    expect(await readHeld('evt_twice')).toMatchObject(held('evt_twice', 'new'));
  });

  it('end with their events, however late they are held', async () => {
    const options = { retentionDays: 30, now: () => NOW };
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'), options);
    const eventMs = NOW - 29 * 86_400_000;
    const old = `evt_${ulid(eventMs)}`;
    await store.put([held(old)]);
    expect((await readHeld(old))!.expires_at).toBe(Math.floor(eventMs / 1000) + 30 * 86_400);
  });

  it('are deleted as they were read only: one that was held again meanwhile stays', async () => {
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    const read = [held('evt_queued'), held('evt_again')];
    await store.put(read);
    const again = { ...held('evt_again', 'new'), held_ms: NOW + 1 };
    await store.put([again]);

    await store.removeRead([...read, held('evt_gone')]);

    expect(await readHeld('evt_queued')).toBeUndefined();
    expect(await readHeld('evt_again')).toMatchObject(again);
  });

  it('that could not be kept come back, with every copy', async () => {
    const tooLarge = JSON.stringify({ event: { data: 'x'.repeat(500_000) } });
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    const all = [held('evt_large', tooLarge), held('evt_small'), held('evt_large', tooLarge)];
    expect(await store.put(all)).toEqual([all[0], all[2]]);
  });
});
