import { describe, expect, it } from 'vitest';
import { takeInHand } from '../support/in-hand.ts';
import { aMessage, answer, NOW, SenderBench } from '../support/sender.ts';

describe('a crash after the request', () => {
  it('sends the same bytes under the same id again', async () => {
    const bench = new SenderBench();
    const message = aMessage();
    bench.deps.queues.take.fast = takeInHand({ giveBack: () => Promise.reject(new Error('the process died here')) });
    bench.customer = () => answer(500);
    await expect(bench.run([message])).rejects.toThrow('died');
    bench.customer = () => answer(200);
    const again = { ...message, attributes: { ...message.attributes, ApproximateReceiveCount: '2' } };
    expect(await bench.run([again])).toEqual([]);
    expect(bench.requests).toHaveLength(2);
    expect(bench.requests[1]!.body).toEqual(bench.requests[0]!.body);
    expect(bench.requests[1]!.headers['webhook-id']).toBe(bench.requests[0]!.headers['webhook-id']);
  });
});

describe('a delivery that may have been sent before', () => {
  const redriven = { queued_ms: NOW - 3_600_000, sentMs: NOW - 50 };

  async function deliveredBefore(bench: SenderBench, message: ReturnType<typeof aMessage>): Promise<void> {
    const first = aMessage({ event: message.message.event });
    await bench.run([first]);
    bench.requests = [];
    bench.counts = {};
  }

  it.each([
    ['a dead-letter redrive', redriven],
    ['a release that was done twice', { recheck: true as const }],
  ])('is acknowledged without a request and without a log line: %s', async (_, change) => {
    const bench = new SenderBench();
    const message = aMessage(change);
    await deliveredBefore(bench, message);
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.log).toHaveLength(1);
    expect(bench.lines.some(({ fields }) => fields.finding === 'delivered-before')).toBe(true);
  });

  it('is sent in a new cycle of four when the log says exhausted', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const message = aMessage(redriven);
    await bench.run([aMessage({ event: message.message.event, receive: 4 })]);
    for (const receive of [1, 2, 3, 4])
      await bench.run([aMessage({ ...redriven, event: message.message.event, receive })]);
    expect(bench.outcomes()).toEqual(['exhausted', 'failed', 'failed', 'failed', 'exhausted']);
    expect(bench.requests).toHaveLength(5);
  });

  it('is not looked up on an ordinary first receive or retry', async () => {
    const bench = new SenderBench();
    await bench.run([aMessage(), aMessage({ receive: 3 })]);
    expect(bench.latestAsked).toBe(0);
  });

  it('is sent again when a person asked for it, although the log says delivered', async () => {
    const bench = new SenderBench();
    const message = aMessage({ replay: 'redeliver', queued_ms: NOW - 10, sentMs: NOW - 5 });
    bench.now = NOW - 60_000;
    await deliveredBefore(bench, message);
    bench.now = NOW;
    await bench.run([message]);
    expect(bench.requests).toHaveLength(1);
    expect(bench.log.at(-1)).toMatchObject({ outcome: 'delivered', replay: 'redeliver' });
  });

  it('is not sent by a retry of a redelivery when its own retry has succeeded meanwhile', async () => {
    const bench = new SenderBench();
    const own = aMessage({ receive: 2 });
    const asked = {
      event: own.message.event,
      replay: 'redeliver',
      recheck: true as const,
      queued_ms: NOW - 10,
      sentMs: NOW - 5,
    };
    bench.customer = () => answer(500);
    await bench.run([aMessage(asked)]);
    bench.customer = () => answer(200);
    await bench.run([own]);
    bench.customer = () => answer(500);

    expect(await bench.run([aMessage({ ...asked, receive: 2 })])).toEqual([]);

    expect(bench.requests).toHaveLength(2);
    expect(bench.outcomes()).toEqual(['failed', 'delivered']);
  });

  it('counts for a replay only what succeeded after it was asked for', async () => {
    const bench = new SenderBench();
    const message = aMessage({ replay: 'rpl_1', ...redriven });
    bench.now = redriven.queued_ms - 1000;
    await deliveredBefore(bench, message);
    bench.now = NOW;
    await bench.run([message]);
    expect(bench.requests).toHaveLength(1);
    await bench.run([message]);
    expect(bench.requests).toHaveLength(1);
  });

  it('is not sent while the log cannot be asked', async () => {
    const bench = new SenderBench();
    bench.deps.attempts.latest = () => Promise.reject(new Error('throttled'));
    const message = aMessage(redriven);
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.sent.fast).toHaveLength(1);
  });
});
