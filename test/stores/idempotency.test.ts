import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdempotencyStore } from '../../lambdas/stores/dynamodb/idempotency.ts';
import { startTables, type Tables } from '../support/tables.ts';

let tables: Tables;
beforeAll(async () => void (tables = await startTables()));
afterAll(() => tables.close());

const record = (body_hash = 'hash') => ({ body_hash, ids: ['evt_1', 'evt_2'], done: false });
let made = 0;
const newKey = (): string => `key-${++made}`;

/** A store whose clock the test moves. */
function storeAt(clock: { ms: number }) {
  return createIdempotencyStore(tables.dynamoDb, tables.table('Idempotency'), { now: () => clock.ms });
}

describe('IdempotencyStore', () => {
  it('lets the first claim through and shows it to the second', async () => {
    const store = storeAt({ ms: Date.now() });
    const key = newKey();
    expect(await store.claim(key, record('first'))).toBeUndefined();
    expect(await store.claim(key, record('second'))).toEqual(record('first'));
  });

  it('lets exactly one of 20 simultaneous claims through', async () => {
    const store = storeAt({ ms: Date.now() });
    const key = newKey();
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => store.claim(key, record(`${n}`))));
    expect(claims.filter((first) => first === undefined)).toHaveLength(1);
    const winner = await store.get(key);
    expect(claims.filter((first) => first !== undefined)).toEqual(Array(19).fill(winner));
  });

  it('shows a finished request as done, its ids unchanged', async () => {
    const store = storeAt({ ms: Date.now() });
    const key = newKey();
    await store.claim(key, record());
    await store.finish(key);
    expect(await store.get(key)).toEqual({ ...record(), done: true });
  });

  it('keeps a key for 24 hours, then forgets it though the row may still be there', async () => {
    const clock = { ms: Date.now() };
    const store = storeAt(clock);
    const key = newKey();
    await store.claim(key, record('first'));
    clock.ms += 86_399_000;
    expect(await store.claim(key, record('second'))).toEqual(record('first'));
    clock.ms += 2000;
    expect(await store.get(key)).toBeUndefined();
    expect(await store.claim(key, record('second'))).toBeUndefined();
    expect(await store.get(key)).toEqual(record('second'));
  });

  it('knows nothing of a key that nobody claimed, and does not finish it', async () => {
    const store = storeAt({ ms: Date.now() });
    expect(await store.get('nobody')).toBeUndefined();
    await expect(store.finish('nobody')).rejects.toThrow();
    expect(await store.get('nobody')).toBeUndefined();
  });
});
