import { describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/domain/problem.ts';
import { limitRate } from '../../lambdas/runtime/http/rate-limit.ts';

// Doubled: the shared counter, by a map; the clock.

function setUp({ perSecond = 100, perDay = 1_000_000, environments = 1 } = {}) {
  const world = { now: 1_800_000_000_000, writes: 0, fails: false, counts: new Map<string, number>() };
  const quotas = {
    count: async (name: string, window: number, n: number) => {
      if (world.fails) throw new Error('throttled');
      world.writes += 1;
      const total = (world.counts.get(`${name}#${window}`) ?? 0) + n;
      world.counts.set(`${name}#${window}`, total);
      return total;
    },
  };
  const all = Array.from({ length: environments }, () =>
    limitRate({ quotas, perSecond, perDay, now: () => world.now }),
  );
  let next = 0;
  /** A request of a key, served by the environments in turn. */
  const request = async (keyId = 'key_1', organization?: string): Promise<'passed' | Problem> => {
    const middleware = all[next++ % environments]!;
    try {
      await middleware.before!({ context: { principal: { keyId, scopes: [], organization } } } as never);
      return 'passed';
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  };
  const burst = async (n: number, keyId?: string): Promise<number> => {
    let passed = 0;
    for (let i = 0; i < n; i++) if ((await request(keyId)) === 'passed') passed += 1;
    return passed;
  };
  return { world, request, burst };
}

describe('the rate of an API key', () => {
  it('lets ten seconds of its rate through, then refuses with the time to come back', async () => {
    const { request, burst, world } = setUp();

    const passed = await burst(1500);
    const refused = await request();

    expect(passed).toBe(1000);
    expect(refused).toMatchObject({ status: 429, retryAfterSeconds: 10 });
    world.now += 10_000;
    expect(await request()).toBe('passed');
  });

  it('is shared by many environments, up to what each may have let through unsaid', async () => {
    const { burst } = setUp({ environments: 20 });

    const passed = await burst(5000);

    expect(passed).toBeGreaterThanOrEqual(1000);
    expect(passed).toBeLessThanOrEqual(1000 + 20 * 10);
  });

  it('takes nothing from another key', async () => {
    const { burst } = setUp();
    await burst(1500, 'key_1');

    expect(await burst(10, 'key_2')).toBe(10);
  });

  it('costs one write for ten requests, none below that', async () => {
    const { burst, world } = setUp();

    await burst(9);
    expect(world.writes).toBe(0);
    await burst(91);

    expect(world.writes).toBe(10);
  });

  it('ends for an organization’s key when it has made a day’s worth, until midnight; other keys go on', async () => {
    const { request, world } = setUp({ perDay: 120 });
    const passed: string[] = [];

    for (let n = 0; n < 130; n++) if ((await request('key_1', 'org_1')) === 'passed') passed.push('key_1');
    const refused = await request('key_1', 'org_1');

    expect(passed).toHaveLength(120);
    expect(refused).toMatchObject({ status: 429, retryAfterSeconds: 86_400 - ((world.now / 1000) % 86_400) });
    expect(await request('key_2', 'org_1')).toBe('passed');
    expect(await request('key_1')).toBe('passed');
    world.now += 86_400_000;
    expect(await request('key_1', 'org_1')).toBe('passed');
  });

  it('stops nobody when it cannot be counted', async () => {
    const { burst, world } = setUp();
    world.fails = true;

    expect(await burst(500)).toBe(500);
  });
});
