import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import { startHealthTable, aKey, NOW, read, store, tables } from './endpoint-health-support.ts';

startHealthTable();

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
