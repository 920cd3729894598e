import { describe, expect, it } from 'vitest';
import { aMessage, answer, NOW, SenderBench } from '../support/sender.ts';
import { HOUR_MS, throttled, resumed, logged } from './trouble-support.ts';

describe('tries travel with a message that took the place of another', () => {
  const place = { resumed_ms: NOW - 40_000, sentMs: NOW - 40_000 };

  it('and its receives count on from them', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const message = aMessage({ ...place, tries: 2 });
    expect(await bench.run([message])).toEqual([]);
    expect(bench.log).toMatchObject([{ attempt: 3, outcome: 'failed' }]);
    expect(bench.sent.fast).toMatchObject([{ delaySeconds: 180 }]);
    expect(bench.sent.fast[0]!.body).toContain('"tries":3');
  });

  it('so that the fourth is the last, and its dead letter is put there by the sender', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    expect(await bench.run([aMessage({ ...place, tries: 3 })])).toEqual([]);
    expect(bench.log).toMatchObject([{ attempt: 4, outcome: 'exhausted' }]);
    expect(bench.visibility).toEqual([]);
    expect(bench.deadLetters).toMatchObject([{ kind: 'customer', reason: 'status 500' }]);
    expect(bench.counts).toEqual({ DeliveriesExhausted: 1 });
  });

  it('but not into another life: whoever redrives a dead letter gives it four tries and a day', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    await bench.run([
      aMessage({ resumed_ms: NOW - HOUR_MS, sentMs: NOW - 1000, tries: 3, trouble_ms: NOW - 25 * HOUR_MS }),
    ]);
    expect(resumed(bench.sent.fast[0])).toMatchObject({ tries: 0, trouble_ms: NOW });
  });

  it('nor does the trouble, once a customer was asked', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    await bench.run([aMessage({ ...place, receive: 2, tries: 1, trouble_ms: NOW - 23 * HOUR_MS })]);
    expect(resumed(bench.sent.fast[0])).toMatchObject({ tries: 2, trouble_ms: NOW });
  });

  it('and of two copies one ends: the log has a line of the other, newer than this message', async () => {
    const bench = new SenderBench();
    const copies = [aMessage({ ...place }), aMessage({ ...place })] as const;
    bench.log.push(logged(copies[0].message, { fault: 'platform', attempted_ms: place.resumed_ms + 1 }));
    bench.log.push(logged(copies[1].message, { fault: 'platform', attempted_ms: place.resumed_ms - 1 }));

    expect(await bench.run([...copies])).toEqual([]);

    expect(bench.requests.map(({ headers }) => headers['webhook-id'])).toEqual([copies[1].message.event.id]);
    expect(bench.log.slice(2)).toMatchObject([{ event_id: copies[1].message.event.id, outcome: 'delivered' }]);
  });

  it('but none ends because of its own line, when SQS handed it out twice', async () => {
    const bench = new SenderBench();
    const message = aMessage({ ...place, firstMs: NOW - 3000 });
    bench.log.push(logged(message.message, { attempted_ms: NOW - 2000 }));
    await bench.run([message]);
    expect(bench.requests).toHaveLength(1);
  });

  it('and the log is asked once about each', async () => {
    const bench = new SenderBench();
    await bench.run([aMessage({ ...place, recheck: true, tries: 1 })]);
    expect(bench.latestAsked).toBe(1);
    expect(bench.outcomes()).toEqual(['delivered']);
  });

  it('and what was sent before is not sent again', async () => {
    const bench = new SenderBench();
    const message = aMessage({ ...place, recheck: true, tries: 1 });
    bench.log.push(logged(message.message, { outcome: 'delivered' }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toEqual([]);
  });
});

describe('a message in the place of another', () => {
  const place = {
    recheck: true as const,
    tries: 0,
    resumed_ms: NOW - 35_000,
    queued_ms: NOW - 60_000,
    sentMs: NOW - 35_000,
  };

  it('goes on though a second receive of that one has made a try since: SQS has deleted that one', async () => {
    const bench = new SenderBench();
    const message = aMessage(place);
    bench.log.push(logged(message.message, { attempt: 2, outcome: 'failed', attempted_ms: NOW - 34_900 }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toHaveLength(1);
  });

  it('goes on though a probe has said `held` since: a release may have taken its row away', async () => {
    const bench = new SenderBench();
    const message = aMessage(place);
    bench.log.push(logged(message.message, { attempt: 1, outcome: 'held', attempted_ms: NOW - 34_900 }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toHaveLength(1);
  });

  it('goes on though a probe could not be made since', async () => {
    const bench = new SenderBench();
    const message = aMessage(place);
    bench.log.push(logged(message.message, { outcome: 'held', fault: 'platform', attempted_ms: NOW - 34_900 }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toHaveLength(1);
  });

  it('makes the dead letter that SQS did not, because one receive acknowledged what another had used up', async () => {
    const bench = new SenderBench();
    const message = aMessage(place);
    bench.log.push(logged(message.message, { attempt: 4, outcome: 'exhausted', attempted_ms: NOW - 34_900 }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.deadLetters).toMatchObject([{ kind: 'customer' }]);
  });

  it.each([
    ['a return of another copy', { outcome: 'failed', fault: 'platform' }],
    ['an end', { outcome: 'exhausted' }],
  ] as const)('ends behind %s', async (_what, line) => {
    const bench = new SenderBench();
    const message = aMessage(place);
    bench.log.push(logged(message.message, { attempt: 1, attempted_ms: NOW - 34_900, ...line }));
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toEqual([]);
  });

  it('never waits longer than SQS can delay, whatever Retry-After and its jitter say', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(503, { 'retry-after': '900' });
    await bench.run([aMessage({ receive: 4, firstMs: NOW - 400_000, sentMs: NOW - 401_000 })]);
    expect(bench.sent.fast).toMatchObject([{ delaySeconds: 900 }]);
  });
});
