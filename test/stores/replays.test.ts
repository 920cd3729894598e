import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { progressOf, type Replay } from '../../lambdas/domain/delivery/replay.ts';
import { createReconcilerStore } from '../../lambdas/stores/dynamodb/reconciler.ts';
import { createReplayStore } from '../../lambdas/stores/dynamodb/replays.ts';
import type { ReplayStore } from '../../lambdas/stores/replays.ts';
import { aReplayAt } from '../support/replay.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_700_000_000_000;

let tables: Tables;
let store: ReplayStore;
let now = NOW;
let made = 0;

beforeAll(async () => {
  tables = await startTables();
  store = createReplayStore(tables.dynamoDb, tables.table('Replays'), () => now);
});
afterAll(() => tables.close());

async function aReplay(change: Partial<Replay> = {}): Promise<Replay> {
  const replay = aReplayAt(NOW, { id: `rpl_${(made += 1)}`, organization: 'acme', ...change });
  await store.create(replay);
  return replay;
}

describe('a replay', () => {
  it('is written down by one of those who begin it', async () => {
    const replay = aReplayAt(NOW, { id: 'rpl_begun' });

    const written = await Promise.all([store.create(replay), store.create({ ...replay, estimate: 9 })]);

    expect(written.toSorted()).toEqual([false, true]);
  });

  it('makes each step once, however often it is written down', async () => {
    const { id } = await aReplay();
    expect(await store.advance(id, { step: 0, nowMs: NOW + 1, queued: 2, cursor: 'evt_2' })).toBe(true);
    expect(await store.advance(id, { step: 0, nowMs: NOW + 2, queued: 2, cursor: 'evt_2' })).toBe(false);
    expect(await store.get(id)).toMatchObject({ step: 0, stepped_ms: NOW + 1, queued: 2, cursor: 'evt_2' });
    expect(await store.advance(id, { step: 1, nowMs: NOW + 3, queued: 2 })).toBe(true);
    expect(await store.get(id)).toMatchObject({ step: 1, queued: 4, listed: true });
  });

  it('adds up the outcomes that many senders report at once', async () => {
    const { id } = await aReplay({ queued: 30, listed: true });
    await Promise.all(Array.from({ length: 10 }, () => store.count(id, { done: 2, failed: 1 })));
    expect(progressOf((await store.get(id))!)).toEqual({ total: 30, done: 20, failed: 10, remaining: 0 });
  });

  it('that is cancelled makes no further step and is not done', async () => {
    const { id } = await aReplay();
    expect(await store.end(id, 'cancelled')).toMatchObject({ state: 'cancelled' });
    expect(await store.advance(id, { step: 0, nowMs: NOW, queued: 1 })).toBe(false);
    expect(await store.end(id, 'done')).toBeUndefined();
  });

  it('disappears after 30 days and does not come back as a fragment by a late count', async () => {
    const { id } = await aReplay();
    now = NOW + 30 * 86_400_000;
    expect(await store.get(id)).toBeUndefined();
    now = NOW;
    await store.count('rpl_never', { done: 1, failed: 0 });
    expect(await store.get('rpl_never')).toBeUndefined();
  });

  it('is listed by organization and subscription, without the row of the reconciler', async () => {
    await createReconcilerStore(tables.dynamoDb, tables.table('Replays')).save([{ through_ms: 1 }]);
    const mine = await aReplay({ organization: 'listed', subscription: 'sub_a' });
    await aReplay({ organization: 'listed', subscription: 'sub_b' });
    const found = await store.list({ organization: 'listed', subscription: 'sub_a' }, { limit: 100 });
    expect(found.items).toEqual([mine]);
    expect((await store.list({ organization: 'listed' }, { limit: 100 })).items).toHaveLength(2);
  });
});

describe('the reconciler', () => {
  it('finds its place again', async () => {
    const state = createReconcilerStore(tables.dynamoDb, tables.table('Replays'));
    const passes = [{ through_ms: 5, to_ms: 9, cursor: 'c' }, { through_ms: 1 }];
    await state.save(passes);
    expect(await state.load()).toEqual(passes);
  });
});
