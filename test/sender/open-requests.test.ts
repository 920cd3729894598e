import { describe, expect, it } from 'vitest';
import type { Answer } from '../../lambdas/sender/ports.ts';
import { waitFor } from '../support/wait-for.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';

describe('an endpoint that leaves a request open', () => {
  /** Runs a batch in which sub_1 answers when told to, sub_2 at once; sub_1's request is under way afterwards. */
  async function whileOpen() {
    const bench = new SenderBench();
    bench.subscribe('sub_2');
    const late = Promise.withResolvers<Answer>();
    bench.customer = ({ url }) => (url.includes('sub-1') ? late.promise : answer(200));
    const run = bench.run([aMessage(), aMessage({ subscription_id: 'sub_2' })]);
    await waitFor('the requests', () => bench.requests.length === 2);
    return { bench, run, late };
  }

  it('is remembered as slow after 2 s, before the request ends; the others are not', async () => {
    const { bench, run, late } = await whileOpen();
    for (const [happen, ms] of bench.timers) {
      expect(ms).toBe(2000);
      happen();
    }
    await waitFor('the health row', () => bench.healthChanges.length > 0);
    expect(bench.healthChanges).toEqual([
      { subscription: 'sub_1', change: { reset: false, add: 0, slow_until_ms: NOW + 600_000 } },
    ]);
    late.resolve(noAnswer('timeout', 'timeout after 10000 ms', 10_000));
    await run;
    expect(bench.healthChanges.at(-1)).toMatchObject({ subscription: 'sub_1', change: { add: 1 } });
  });

  it('is not remembered as slow for the time in which a name server was waited for', async () => {
    const { bench, run, late } = await whileOpen();
    const pass = (ms: number): void => {
      bench.now += ms;
      const [happen, wanted] = [...bench.timers].at(-1)!;
      expect(wanted).toBe(ms);
      bench.timers.delete(happen);
      happen();
    };
    const { onNames } = bench.requests.find(({ url }) => url.includes('sub-1'))!;

    onNames!(true);
    pass(2000);
    bench.now += 500;
    onNames!(false);
    bench.now -= 500;
    pass(2000);
    expect(bench.healthChanges).toEqual([]);
    // It has had 1.5 s of its own so far.
    pass(500);

    await waitFor('the health row', () => bench.healthChanges.length > 0);
    late.resolve(answer(200));
    await run;
    expect(bench.healthChanges).toMatchObject([{ subscription: 'sub_1' }]);
  });

  it('is not remembered as slow for the time in which the sender itself was late', async () => {
    const { bench, run, late } = await whileOpen();
    const lookNow = (): number => {
      const [happen, wanted] = [...bench.timers].at(-1)!;
      bench.timers.delete(happen);
      happen();
      return wanted;
    };

    bench.ownLagMs = 1700;
    expect(lookNow()).toBe(2000);
    expect(bench.healthChanges).toEqual([]);
    // It has had 300 ms of its own so far, and then all that it was owed.
    expect(lookNow()).toBe(1700);

    await waitFor('the health row', () => bench.healthChanges.length > 0);
    late.resolve(answer(200));
    await run;
    expect(bench.healthChanges).toMatchObject([{ subscription: 'sub_1' }]);
  });

  it.each([
    { totalMs: 2500, ownLagMs: 1000, slow: false },
    { totalMs: 2500, ownLagMs: 100, slow: true },
  ])(
    'that answers after $totalMs ms, $ownLagMs of them our own, is slow ($slow)',
    async ({ totalMs, ownLagMs, slow }) => {
      const bench = new SenderBench();
      bench.customer = () => answer(200, {}, { totalMs, ownLagMs });

      await bench.run([aMessage()]);

      expect(bench.healthChanges.some(({ change }) => change.slow_until_ms !== undefined)).toBe(slow);
      expect(bench.durations['EndpointLatency']).toEqual([totalMs - ownLagMs]);
      expect(bench.log[0]!.timings_ms).toEqual({ total: totalMs, own_lag: ownLagMs });
    },
  );

  it('is not judged, and no try counts, when no name server answers anybody', async () => {
    const bench = new SenderBench();
    bench.customer = () => ({ ...noAnswer('dns_error', 'no name server has answered', 9000), ours: true });

    await bench.run([aMessage()]);

    expect(bench.healthChanges).toEqual([]);
    expect(bench.log).toMatchObject([{ outcome: 'failed', fault: 'platform', attempt: 1 }]);
    expect(bench.log[0]!.reason).toBe("not tried, for a reason of the platform's own: no name server has answered");
  });

  it('is not judged, and no try counts, when the sender had no time to wait for it', async () => {
    const bench = new SenderBench();
    bench.customer = () => ({
      ...noAnswer('timeout', 'the sender had too little time', 9000),
      timings: { total: 9000, own_lag: 8000 },
      ours: true,
    });

    await bench.run([aMessage()]);

    expect(bench.healthChanges).toEqual([]);
    expect(bench.log).toMatchObject([{ outcome: 'failed', fault: 'platform', attempt: 1 }]);
    expect(bench.log[0]!.reason).toMatch(/^not counted as a try, for a reason of the platform's own: the sender had/);
    expect(bench.sent.fast).toMatchObject([{ delaySeconds: expect.closeTo(33, -1) as number }]);
  });

  it('has what the function has left beyond its time, where the sender is late', async () => {
    const bench = new SenderBench();
    bench.remainingMs = 45_000;

    await bench.run([aMessage()]);

    expect(bench.requests).toMatchObject([{ timeoutMs: 10_000, graceMs: 45_000 - 5000 - 10_000 }]);
  });

  it.each([
    { what: 'had its time after a lost datagram', totalMs: 10_000, dns: 700, slow: true },
    { what: 'had all the time of a short timeout', totalMs: 1000, dns: 20, slow: true },
    { what: 'had what a lost datagram left of a short timeout', totalMs: 2000, dns: 710, slow: false },
    { what: 'was never reached, for want of an address', totalMs: 10_000, dns: 10_000, slow: false },
    { what: 'had a moment of a long timeout', totalMs: 10_000, dns: 9000, slow: false },
  ])('counts as slow ($slow) after a timeout in which it $what', async ({ totalMs, dns, slow }) => {
    const bench = new SenderBench();
    bench.customer = () => ({
      kind: 'error',
      class: 'timeout',
      reason: 'timeout',
      timings: { total: totalMs, dns, ...(dns < totalMs ? { connect: 1 } : {}) },
    });

    await bench.run([aMessage()]);

    expect(bench.healthChanges).toMatchObject([{ change: { add: 1 } }]);
    expect(bench.healthChanges[0]!.change.slow_until_ms !== undefined).toBe(slow);
  });

  it('leaves no timer behind when it answers in time', async () => {
    const { bench, run, late } = await whileOpen();
    late.resolve(answer(200));
    await run;
    expect(bench.timers.size).toBe(0);
    expect(bench.healthChanges).toEqual([]);
  });

  it('costs no delivery when its health cannot be written', async () => {
    const { bench, run, late } = await whileOpen();
    bench.deps.health.apply = async () => {
      throw new Error('throttled');
    };
    for (const happen of bench.timers.keys()) happen();
    late.resolve(answer(200));
    expect(await run).toEqual([]);
    expect(bench.outcomes()).toEqual(['delivered', 'delivered']);
  });
});
