import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQuotaStore } from '../../lambdas/stores/dynamodb/quotas.ts';
import { startTables, type Tables } from '../support/tables.ts';

let tables: Tables;
let nowMs = 1_800_000_000_000;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());
const quotas = () => createQuotaStore(tables.dynamoDb, tables.table('Idempotency'), () => nowMs);

describe('a counter', () => {
  it('adds up what all environments count, each window on its own', async () => {
    const [one, other] = [quotas(), quotas()];

    await one.count('requests#a', 1, 10);

    expect(await other.count('requests#a', 1, 5)).toBe(15);
    expect(await other.count('requests#a', 2, 5)).toBe(5);
    expect(await other.count('requests#b', 1, 5)).toBe(5);
  });
});

describe('places', () => {
  it('are taken by as many holders as there are, whoever comes at the same moment', async () => {
    const holders = Array.from({ length: 20 }, (_, n) => `h${n}`);

    const taken = await Promise.all(holders.map((h) => quotas().take('crowd', h, { places: 3, seconds: 60 })));

    expect(taken.filter(Boolean)).toHaveLength(3);
  });

  it('come back when given back, when their time is over, and when the holder is said to have ended', async () => {
    const take = (holder: string, isOver?: (holder: string) => Promise<boolean>) =>
      quotas().take('one', holder, { places: 1, seconds: 60, isOver });

    expect(await take('a')).toBe(true);
    expect(await take('b')).toBe(false);
    expect(await take('b', async (holder) => holder !== 'a')).toBe(false);
    expect(await take('b', async (holder) => holder === 'a')).toBe(true);
    await quotas().free('one', 'a', 1);
    expect(await take('c')).toBe(false);
    await quotas().free('one', 'b', 1);
    expect(await take('c')).toBe(true);
    nowMs += 61_000;
    expect(await take('d')).toBe(true);
  });
});
