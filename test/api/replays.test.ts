import { describe, expect, it } from 'vitest';
import { replayRoutes, type ReplayRouteDeps } from '../../lambdas/api/replays/routes.ts';
import type { Replay } from '../../lambdas/domain/delivery/replay.ts';

// How a replay begins. Doubled: the subscriptions, the pages of deliveries, the jobs' table and the clock.

const NOW = 1_700_000_000_000;
const PRINCIPAL = { keyId: 'key_1', scopes: ['admin' as const] };

/** @param pages deliveries of each page; each takes a second of time. */
function setUp(pages: number[], { started = true, dies = false, pageMs = 1000, counts = true, row = {} } = {}) {
  const world = { created: [] as Replay[], started: [] as string[], recorded: 0, now: NOW };
  const deps = {
    subscriptions: { find: async () => ({ organization: 'org_1', id: 'sub_1', ...row }) },
    replayable: {
      page: async (_query: unknown, after = '0') => {
        if (!counts) throw new Error('throttled');
        world.now += pageMs;
        const n = Number(after);
        return {
          deliveries: Array.from({ length: pages[n]! }),
          ...(n + 1 < pages.length ? { next: String(n + 1) } : {}),
        };
      },
    },
    replays: {
      create: async (replay: Replay) => {
        if (dies && world.started.length > 0) throw new Error('died');
        return world.created.push(replay) > 0;
      },
    },
    startReplay: async (id: string) => {
      if (dies && world.created.length > 0) throw new Error('died');
      return world.started.push(id) > 0 && started;
    },
    repeats: async () => undefined,
    record: async () => `key_1 ${(world.recorded += 1)}`,
    quotas: { take: async () => true, free: async () => undefined },
    most: () => 3,
    newReplayId: () => 'rpl_1',
    now: () => world.now,
  } as unknown as ReplayRouteDeps;
  const route = replayRoutes(deps).find(({ operation }) => operation === 'replaySubscription')!;
  const call = (dry_run: boolean, body: object = {}) =>
    route.handle({ principal: PRINCIPAL, params: { id: 'sub_1' }, query: { dry_run }, body } as never);
  return { world, call };
}

describe('a dry run', () => {
  it('says how many deliveries it would send, over all pages, and starts nothing', async () => {
    const { world, call } = setUp([3, 0, 4]);

    expect(await call(true)).toEqual({ status: 200, body: { count: 7 } });

    expect(world).toMatchObject({ created: [], started: [], recorded: 0 });
  });

  it('that takes too long asks for a shorter time, and says how many there are at least', async () => {
    const { call } = setUp([3, 3, 3], { pageMs: 11_000 });

    await expect(call(true)).rejects.toMatchObject({ status: 422, message: expect.stringContaining('6') as string });
  });
});

describe('a replay', () => {
  it('begins with what was counted as its total', async () => {
    const { world, call } = setUp([3, 4]);

    expect(await call(false, { rate_per_second: 5 })).toMatchObject({
      status: 202,
      body: { id: 'rpl_1', state: 'running', total: 7, remaining: 7, rate: 5 },
    });
    expect(world.started).toEqual(['rpl_1']);
  });

  it('of more than can be counted in time begins all the same, with what was found so far', async () => {
    const { world, call } = setUp([3, 3, 3], { pageMs: 11_000 });

    expect(await call(false)).toMatchObject({ status: 202, body: { total: 6 } });
    expect(world.started).toEqual(['rpl_1']);
  });

  it('that cannot be counted does not begin', async () => {
    const { world, call } = setUp([3], { counts: false });

    await expect(call(false)).rejects.toThrow('throttled');

    expect(world).toMatchObject({ created: [], started: [], recorded: 0 });
  });

  it.each([false, 'false'])(
    'of a subscription with active = %j does not begin: each would be cancelled',
    async (active) => {
      const { world, call } = setUp([3], { row: { active } });

      await expect(call(false)).rejects.toMatchObject({
        problem: 'conflict',
        status: 409,
        message: expect.stringContaining('Activate it first') as string,
      });
      expect(world).toMatchObject({ created: [], started: [], recorded: 0 });
      expect(await call(true)).toEqual({ status: 200, body: { count: 3 } });
    },
  );

  it('whose first step SQS does not take is not written down, and is asked for again', async () => {
    const { world, call } = setUp([3], { started: false });

    await expect(call(false)).rejects.toMatchObject({ status: 503 });

    expect(world.created).toEqual([]);
  });

  it('is written down behind its message, so that none is there that nobody works on should the api die in between', async () => {
    const { world, call } = setUp([3], { dies: true });

    await expect(call(false)).rejects.toThrow('died');

    expect(world).toMatchObject({ started: ['rpl_1'], created: [] });
  });
});
