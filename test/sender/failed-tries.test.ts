import { describe, expect, it } from 'vitest';
import type { Answer } from '../../lambdas/sender/ports.ts';
import { waitFor } from '../support/wait-for.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';
import { takeInHand } from '../support/in-hand.ts';
import { throttled, resumed } from './trouble-support.ts';

describe('a try that failed', () => {
  it('is told to the queue when it ends, though a neighbour leaves its request open, and counts from its beginning', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_hangs');
    const late = Promise.withResolvers<Answer>();
    bench.customer = ({ url }) => {
      if (url.includes('sub-hangs')) return late.promise;
      bench.now += 4000;
      return answer(500);
    };
    const failing = aMessage();
    const run = bench.run([failing, aMessage({ subscription_id: 'sub_hangs' })]);
    await waitFor('the end of its try', () => [...bench.timers.values()].includes(100));

    for (const [happen, ms] of bench.timers) if (ms === 100) happen();
    await waitFor('the queue to be told', () => bench.visibility.length > 0);

    expect(bench.visibility).toEqual([{ lane: 'fast', receiptHandle: failing.receiptHandle, seconds: 6 }]);
    late.resolve(answer(200));
    expect(await run).toEqual([failing.messageId]);
    expect(bench.visibility).toHaveLength(1);
  });

  it('shares its call with others that fail meanwhile; ten fill it', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const calls: number[] = [];
    bench.deps.queues.take.fast = takeInHand({ giveBack: async (changes) => void calls.push(changes.length) });
    const endpoints = Array.from({ length: 23 }, (_, n) => `sub_many_${n}`);
    for (const id of endpoints) bench.subscribe(id);
    await bench.run(endpoints.map((subscription_id) => aMessage({ subscription_id })));
    expect(calls).toEqual([10, 10, 3]);
  });

  it('is told to the log before the queue, and goes on in a new message when its line cannot be written', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const order: string[] = [];
    const unwritten = aMessage({ subscription_id: 'sub_2' });
    bench.subscribe('sub_2');
    bench.deps.attempts.append = async (attempts) => {
      order.push('log');
      return attempts.filter((one) => one.subscription_id === 'sub_2');
    };
    bench.deps.queues.take.fast = takeInHand({
      giveBack: async (changes) => void order.push(`queue ${changes.length}`),
    });

    expect(await bench.run([aMessage(), unwritten])).toHaveLength(1);

    expect(order.slice(0, 2)).toEqual(['log', 'queue 1']);
    expect(resumed(bench.sent.fast[0])).toMatchObject({ tries: 1 });
    expect(bench.sent.fast).toMatchObject([{ group: 'sub_2', delaySeconds: 10 }]);
  });

  it('is made again while the log is down: one whose message tells its tries, and one that comes when it is due', async () => {
    const bench = new SenderBench();
    bench.deps.attempts.latest = throttled;
    const told = aMessage({ tries: 1, resumed_ms: NOW - 35_000, queued_ms: NOW - 60_000, sentMs: NOW - 35_000 });
    expect(await bench.run([told, aMessage({ receive: 2, firstMs: NOW - 20_000 })])).toEqual([]);
    expect(bench.log).toMatchObject([{ attempt: 2 }, { attempt: 2 }]);
    expect(bench.requests).toHaveLength(2);
  });

  it('that took longer than its wait is made again at once', async () => {
    const bench = new SenderBench();
    bench.customer = () => {
      bench.now += 30_000;
      return noAnswer('timeout', 'timeout after 30000 ms', 30_000);
    };
    await bench.run([aMessage()], 'slow');
    expect(bench.visibility).toMatchObject([{ seconds: 0 }]);
  });

  it('costs no call when there is none', async () => {
    const bench = new SenderBench();
    let calls = 0;
    bench.deps.queues.take.fast = takeInHand({ giveBack: async () => void (calls += 1) });
    await bench.run([aMessage(), aMessage()]);
    expect(calls).toBe(0);
  });
});
