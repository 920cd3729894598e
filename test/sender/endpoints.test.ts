import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages-codec.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';

describe('the lanes', () => {
  const slow = { subscription: 'sub_1', organization: 'org_8f2a91', failures: 0, slow_until_ms: NOW + 60_000 };

  it('hands first tries for a slow endpoint over as new messages, without a line in the log', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);
    bench.subscribe('sub_2');
    const message = aMessage();
    expect(await bench.run([message, aMessage({ subscription_id: 'sub_2' })])).toEqual([]);
    expect(bench.slowLane).toHaveLength(1);
    expect(bench.slowLane[0]!.group).toBe('sub_1');
    const handed = decodeDeliveryMessage(bench.slowLane[0]!.body);
    expect(handed).toEqual({ ok: true, message: { ...message.message, queued_ms: NOW } });
    expect(bench.outcomes()).toEqual(['delivered']);
    expect(bench.counts.DeliveriesHandedOver).toBe(1);
  });

  it('keep it known that a redriven message was redriven', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);
    await bench.run([aMessage({ queued_ms: NOW - 3_600_000, sentMs: NOW })]);
    expect(decodeDeliveryMessage(bench.slowLane[0]!.body)).toMatchObject({ message: { recheck: true } });
  });

  it.each([
    { what: 'a retry', receive: 2, lane: 'fast' as const, until: NOW + 1 },
    { what: 'a first try in the slow lane', receive: 1, lane: 'slow' as const, until: NOW + 1 },
    { what: 'an endpoint whose slow time is over', receive: 1, lane: 'fast' as const, until: NOW },
  ])('hand nothing over for $what', async ({ receive, lane, until }) => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', { ...slow, slow_until_ms: until });
    await bench.run([aMessage({ receive })], lane);
    expect(bench.slowLane).toEqual([]);
    expect(bench.outcomes()).toEqual(['delivered']);
  });

  it('send here what the slow lane does not take', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', slow);
    bench.deps.queues.toSlowLane = async () => new Set([0]);
    expect(await bench.run([aMessage()])).toEqual([]);
    expect(bench.outcomes()).toEqual(['delivered']);
  });
});

describe('an endpoint that is down', () => {
  const down = { subscription: 'sub_1', organization: 'org_8f2a91', failures: 25, circuit: 'open' as const };

  it('has its deliveries held, whole and before they are acknowledged', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    const message = aMessage({ traceparent: '00-1-2-01' });
    expect(await bench.run([message, aMessage({ receive: 3 })])).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.held[0]).toMatchObject({
      subscription: 'sub_1',
      event_id: message.message.event.id,
      organization: 'org_8f2a91',
      held_ms: NOW,
    });
    expect(decodeDeliveryMessage(bench.held[0]!.message)).toEqual({ ok: true, message: message.message });
    expect(bench.outcomes()).toEqual(['held', 'held']);
  });

  it('keeps a delivery in the queue that could not be held', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    bench.deps.held.put = async (deliveries) => deliveries.slice(0, 1);
    const message = aMessage();
    expect(await bench.run([message, aMessage()])).toEqual([message.messageId]);
    expect(bench.outcomes()).toEqual(['failed', 'held']);
  });

  it('is still asked by a ping, and everything goes out while it releases', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    await bench.run([aMessage({ event: { type: 'ping' } })]);
    expect(bench.outcomes()).toEqual(['delivered']);
    expect(bench.healthChanges).toEqual([
      { subscription: 'sub_1', change: { reset: true, add: 0, circuit: 'releasing' } },
    ]);
    bench.healthRows.set('sub_1', { ...down, circuit: 'releasing' });
    await bench.run([aMessage()]);
    expect(bench.outcomes()).toEqual(['delivered', 'delivered']);
  });
});

describe('endpoint health', () => {
  it('is written once for each endpoint of a batch that failed', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_2');
    bench.customer = ({ url }) => answer(url.includes('sub-1') ? 500 : 200);
    await bench.run([aMessage(), aMessage(), aMessage(), aMessage({ subscription_id: 'sub_2' })]);
    expect(bench.healthChanges).toEqual([{ subscription: 'sub_1', change: { reset: false, add: 3 } }]);
  });

  it('opens the circuit when there were enough failures over enough time', async () => {
    const bench = new SenderBench();
    bench.customer = () => noAnswer('connect_refused', 'connection refused');
    const row = { subscription: 'sub_1', organization: 'org_8f2a91', failures: 20, failing_since_ms: NOW - 59_999 };
    bench.healthRows.set('sub_1', row);
    await bench.run([aMessage()]);
    expect(bench.opened).toEqual([]);
    bench.now = NOW + 1;
    await bench.run([aMessage()]);
    expect(bench.opened).toEqual(['sub_1']);
    expect(bench.counts.CircuitsOpened).toBe(1);
  });

  it('does not blame the endpoint for a 410 or for a request that could not be built', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_2');
    bench.customer = ({ url }) => (url.includes('sub-1') ? answer(410) : noAnswer('invalid_request', 'x'));
    await bench.run([aMessage(), aMessage({ subscription_id: 'sub_2' })]);
    expect(bench.healthChanges).toEqual([]);
  });

  it('may fail without touching any delivery', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(200, {}, { totalMs: 2500 });
    bench.deps.health.apply = () => Promise.reject(new Error('throttled'));
    expect(await bench.run([aMessage()])).toEqual([]);
    expect(bench.outcomes()).toEqual(['delivered']);
  });
});
