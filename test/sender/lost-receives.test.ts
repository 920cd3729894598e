import { describe, expect, it } from 'vitest';
import { aMessage, answer, NOW, SenderBench } from '../support/sender.ts';
import { throttled, resumed, logged } from './trouble-support.ts';

describe('a receive that was lost to a crash', () => {
  /** Its sender died before SQS heard that it had it; the queue brought it again after 270 s. */
  const again = (receive: number) => aMessage({ receive, firstMs: NOW - 275_000, sentMs: NOW - 276_000 });

  it('is no try: the log says how many there were', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    expect(await bench.run([again(2)])).toEqual([]);
    expect(bench.log).toMatchObject([{ attempt: 1, outcome: 'failed' }]);
    // By a new message: the queue's count says nothing of the next try any more.
    expect(resumed(bench.sent.fast[0])).toMatchObject({ tries: 1 });
  });

  it('leaves all four tries to the customer, the last ones by a new message', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const message = aMessage({ receive: 4, firstMs: NOW - 400_000, sentMs: NOW - 401_000 });
    bench.log.push(logged(message.message, { attempt: 2, attempted_ms: NOW - 290_000 }));

    expect(await bench.run([message])).toEqual([]);

    expect(bench.log.at(-1)).toMatchObject({ attempt: 3, outcome: 'failed' });
    expect(bench.sent.fast).toMatchObject([{ delaySeconds: 144 }]);
    expect(resumed(bench.sent.fast[0])).toMatchObject({ tries: 3, trouble_ms: undefined });
  });

  it('is not repeated when the customer had taken it and the log knows', async () => {
    const bench = new SenderBench();
    const message = again(2);
    bench.log.push(logged(message.message, { outcome: 'delivered', attempted_ms: NOW - 274_000 }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toEqual([]);
  });

  it('is no fifth request when all tries were made', async () => {
    const bench = new SenderBench();
    const message = aMessage({
      receive: 2,
      tries: 3,
      resumed_ms: NOW - 276_000,
      sentMs: NOW - 276_000,
      firstMs: NOW - 270_000,
    });
    bench.log.push(logged(message.message, { attempt: 4, outcome: 'exhausted', attempted_ms: NOW - 270_000 }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.deadLetters).toMatchObject([{ kind: 'customer' }]);
  });

  it('is asked about only when there may have been one', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    await bench.run([
      aMessage({ receive: 2, firstMs: NOW - 14_000 }),
      aMessage({ receive: 3, firstMs: NOW - 100_000 }),
    ]);
    expect(bench.latestAsked).toBe(0);
    expect(bench.log.map(({ attempt }) => attempt)).toEqual([2, 3]);
  });

  it('is always asked about before the last try', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const last = [
      aMessage({ receive: 4, firstMs: NOW - 299_000 }),
      aMessage({ receive: 3, tries: 1, resumed_ms: NOW - 289_000, sentMs: NOW - 289_000, firstMs: NOW - 288_000 }),
    ];
    for (const { message } of last) bench.log.push(logged(message, { attempt: 3, attempted_ms: NOW - 180_000 }));
    await bench.run(last);
    expect(bench.latestAsked).toBe(2);
    expect(bench.log.slice(2).map(({ attempt }) => attempt)).toEqual([4, 4]);
  });

  it('is no try though it came again after 20 s', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    expect(await bench.run([aMessage({ receive: 2, firstMs: NOW - 20_500, sentMs: NOW - 21_000 })])).toEqual([]);
    expect(bench.log).toMatchObject([{ attempt: 1, outcome: 'failed' }]);
  });

  it('is no try, nor was the one before it, when two processes died in a row', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const twice = { tries: 1, resumed_ms: NOW - 40_100, sentMs: NOW - 40_100, firstMs: NOW - 40_000 };
    expect(await bench.run([aMessage({ receive: 3, ...twice })])).toEqual([]);
    expect(bench.log).toMatchObject([{ attempt: 2, outcome: 'failed' }]);
  });

  it('is not asked about by the line of another copy, when the schedule explains it', async () => {
    const bench = new SenderBench();
    const message = aMessage({ receive: 2, firstMs: NOW - 20_500, sentMs: NOW - 21_000, replay: 'rpl_1' });
    bench.log.push(logged(message.message, { attempt: 3, attempted_ms: NOW - 1000, replay: 'rpl_2' }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.log.at(-1)).toMatchObject({ attempt: 2, outcome: 'delivered' });
  });

  it('keeps the delivery away from its customer while nobody can say how often it was asked', async () => {
    const bench = new SenderBench();
    bench.deps.attempts.latest = throttled;
    expect(await bench.run([again(3)])).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(resumed(bench.sent.fast[0])).toMatchObject({ tries: 2 });
  });

  it('has made no try when all that the log says is that it was held a moment before', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const firstMs = NOW - 20_000;
    const message = aMessage({ receive: 2, firstMs, sentMs: firstMs, released: true });
    bench.log.push(logged(message.message, { attempt: 1, outcome: 'held', attempted_ms: firstMs - 180 }));

    await bench.run([message]);

    expect(bench.log.slice(1)).toMatchObject([{ attempt: 1, outcome: 'failed', status: 500 }]);
  });
});
