import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';

describe('the lanes', () => {
  const slow = { subscription: 'sub_1', organization: 'org_8f2a91', failures: 0, slow_until_ms: NOW + 60_000 };

  it('hands first tries for a slow endpoint over as new messages, without a line in the log', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);
    bench.subscribe('sub_2');
    const message = aMessage();
    expect(await bench.run([message, aMessage({ subscription_id: 'sub_2' })])).toEqual([]);
    expect(bench.sent.slow).toHaveLength(1);
    expect(bench.sent.slow[0]!.group).toBe('sub_1');
    const handed = decodeDeliveryMessage(bench.sent.slow[0]!.body);
    expect(handed).toEqual({ ok: true, message: { ...message.message, queued_ms: NOW } });
    expect(bench.outcomes()).toEqual(['delivered']);
    expect(bench.counts.DeliveriesHandedOver).toBe(1);
  });

  it('keep it known that a redriven message was redriven', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);
    await bench.run([aMessage({ queued_ms: NOW - 3_600_000, sentMs: NOW })]);
    expect(decodeDeliveryMessage(bench.sent.slow[0]!.body)).toMatchObject({ message: { recheck: true } });
  });

  it('hands retries over as well, with the tries that were made', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);

    expect(await bench.run([aMessage({ receive: 3 })])).toEqual([]);

    const { message } = decodeDeliveryMessage(bench.sent.slow[0]!.body) as { message: DeliveryMessage };
    expect(message).toMatchObject({ tries: 2, resumed_ms: NOW, recheck: true });
    expect([bench.requests, bench.outcomes()]).toEqual([[], []]);
  });

  it.each([
    { what: 'a first try', receive: 1, tries: 0 },
    { what: 'a retry', receive: 1, tries: 2 },
  ])('hands $what over that is in trouble, and since when it is', async ({ receive, tries }) => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);
    const troubled = {
      resumed_ms: NOW,
      recheck: true as const,
      trouble_ms: NOW - 7_200_000,
      tries,
      first_ms: NOW - 8000,
    };

    await bench.run([aMessage({ receive, sentMs: NOW, ...troubled })]);

    const { message } = decodeDeliveryMessage(bench.sent.slow[0]!.body) as { message: DeliveryMessage };
    expect([message.trouble_ms, message.tries ?? 0]).toEqual([NOW - 7_200_000, tries]);
  });

  it.each([
    ['hung', () => noAnswer('timeout', 'timeout after 10000 ms', 10_000)],
    ['answered late', () => ({ ...answer(503), timings: { total: 2001 } })],
  ])('have the next try of an endpoint that %s leave the fast lane at once', async (_what, customer) => {
    const bench = new SenderBench();
    bench.customer = customer;

    expect(await bench.run([aMessage({ receive: 1 })])).toEqual([]);

    expect(bench.visibility).toEqual([]);
    expect(bench.sent.slow).toMatchObject([{ group: 'sub_1', delaySeconds: 10 }]);
    expect(bench.sent.slow[0]!.body).toContain('"tries":1');
  });

  it('have the retries of a release stay part of it: one that is refused for good must come to its end', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(422);

    await bench.run([aMessage({ receive: 3, released: true })], 'slow');

    expect(decodeDeliveryMessage(bench.sent.slow[0]!.body)).toMatchObject({ message: { released: true, tries: 3 } });
  });

  it('have no tries too many and none too few: the waits of all four count from the first', async () => {
    const bench = new SenderBench();
    bench.customer = () => noAnswer('timeout', 'timeout after 30000 ms', 30_000);
    bench.deps.random = () => 0.999;
    const firstMs = bench.now;
    let message = aMessage();
    for (let n = 1; n <= 4; n++) {
      const began = bench.now;
      await bench.run([message], n === 1 ? 'fast' : 'slow');
      if (n === 4) break;
      const { body, delaySeconds = 0 } = bench.sent.slow.at(-1)!;
      bench.now = Math.max(began + 30_000, bench.now) + delaySeconds * 1000;
      const attributes = { ...message.attributes, ApproximateFirstReceiveTimestamp: String(bench.now) };
      const { resumed_ms } = (decodeDeliveryMessage(body) as { message: DeliveryMessage }).message;
      message = { ...message, body, attributes: { ...attributes, SentTimestamp: String(resumed_ms) } };
    }

    expect(bench.log.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'failed'],
      [4, 'exhausted'],
    ]);
    expect(bench.requests).toHaveLength(4);
    expect(bench.deadLetters).toMatchObject([{ kind: 'customer' }]);
    expect(bench.log[3]!.attempted_ms - firstMs).toBeLessThanOrEqual(330_000);
  });

  it.each([
    { what: 'a first try in the slow lane', receive: 1, lane: 'slow' as const, until: NOW + 1 },
    { what: 'an endpoint whose slow time is over', receive: 1, lane: 'fast' as const, until: NOW },
  ])('hand nothing over for $what', async ({ receive, lane, until }) => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', { ...slow, slow_until_ms: until });
    await bench.run([aMessage({ receive })], lane);
    expect(bench.sent.slow).toEqual([]);
    expect(bench.outcomes()).toEqual(['delivered']);
  });

  it('send here what the slow lane does not take', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);
    bench.deps.queues.send = async () => new Set([0]);
    expect(await bench.run([aMessage()])).toEqual([]);
    expect(bench.outcomes()).toEqual(['delivered']);
  });
});
