import { parseAttemptId } from '../../lambdas/domain/delivery/attempt.ts';
import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { Answer } from '../../lambdas/sender/ports.ts';
import { waitFor } from '../support/wait-for.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';

describe('an endpoint that asks to wait', () => {
  it('is throttled at once, while its batch still runs, and looked at when the time is over', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_2');
    const late = Promise.withResolvers<Answer>();
    bench.customer = ({ url }) => (url.includes('sub-1') ? answer(429, { 'retry-after': '1800' }) : late.promise);
    const run = bench.run([aMessage(), aMessage(), aMessage({ subscription_id: 'sub_2' })]);
    await waitFor('the look', () => bench.looks.length > 0);
    expect(bench.throttled).toEqual([{ subscription: 'sub_1', untilMs: NOW + 1_800_040 }]);
    expect(bench.looks).toEqual([{ subscription: 'sub_1', delaySeconds: 1801 }]);
    late.resolve(answer(200));
    await run;
    expect(bench.outcomes().sort()).toEqual(['delivered', 'failed', 'failed']);
    expect(bench.opened).toEqual([]);
  });

  it.each(['0', new Date(NOW - 5000).toUTCString()])('is throttled though it asks for no time: %s', async (asked) => {
    const bench = new SenderBench();
    bench.customer = () => answer(429, { 'retry-after': asked });
    await bench.run([aMessage()]);
    expect(bench.throttled).toEqual([{ subscription: 'sub_1', untilMs: NOW + 1040 }]);
    expect(bench.looks).toEqual([{ subscription: 'sub_1', delaySeconds: 2 }]);
  });

  it('has its deliveries held until then, and the log says so', async () => {
    const bench = new SenderBench();
    const row = { subscription: 'sub_1', organization: 'org_8f2a91', failures: 1, throttled_until_ms: NOW + 5000 };
    bench.healthRows.set('sub_1', { ...row, circuit: 'throttled' });
    expect(await bench.run([aMessage(), aMessage({ recheck: true, released: true })])).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.log[0]!.reason).toBe('the endpoint asked to wait, until 2023-11-14T22:13:25.000Z; sent after that');
    expect(bench.outcomes()).toEqual(['held', 'held']);
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

  it('has all of its deliveries cancelled when its subscription is deleted, without a row or a secret', async () => {
    const bench = new SenderBench();
    const key = { subscription: 'sub_deleted', organization: 'org_8f2a91' };
    bench.healthRows.set('sub_deleted', { ...down, ...key });
    const marks = [
      {},
      { recheck: true as const, released: true as const },
      { recheck: true as const, probe: true as const },
    ];
    const messages = marks.map((mark) => aMessage({ subscription_id: 'sub_deleted', ...mark }));
    expect(await bench.run(messages)).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.outcomes()).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(bench.healthChanges).toEqual([]);
    expect(bench.held).toEqual([]);
  });

  it('is logged as held before anybody else can go on with the delivery, however long the batch takes', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    const { put } = bench.deps.held;
    let whenProbed = '';
    bench.deps.held.put = async (deliveries) => {
      const missing = await put(deliveries);
      whenProbed = bench.deps.newUlid();
      return missing;
    };

    await bench.run([aMessage()]);

    expect(parseAttemptId(bench.log[0]!.id)!.ulid < whenProbed).toBe(true);
  });

  it('has a delivery come back that could not be held', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    bench.deps.held.put = async (deliveries) => deliveries.slice(0, 1);
    const message = aMessage();
    expect(await bench.run([message, aMessage()])).toEqual([]);
    expect(bench.sent.fast).toHaveLength(1);
    expect(bench.sent.fast[0]!.body).toContain(message.message.event.id);
    expect(bench.outcomes()).toEqual(['held', 'failed']);
  });

  it('is still asked by a ping; when that succeeds, recovery is asked to send what is held', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    await bench.run([aMessage({ event: { type: 'ping' } })]);
    expect(bench.outcomes()).toEqual(['delivered']);
    expect(bench.healthChanges).toEqual([
      { subscription: 'sub_1', change: { reset: true, add: 0, circuit: 'releasing' } },
    ]);
    expect(bench.releases).toEqual([{ subscription: 'sub_1', run: NOW }]);
  });

  it('that answers a probe is released, and the delivery that was the probe is held no more', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    const probe = aMessage({ probe: true, recheck: true });
    expect(await bench.run([probe], 'slow')).toEqual([]);
    expect(bench.outcomes()).toEqual(['delivered']);
    expect(bench.forgotten).toEqual([probe.message.event.id]);
    expect(bench.releases).toHaveLength(1);
  });

  it('that fails a probe keeps the delivery held: one line in the log, no retry, no dead letter', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    bench.customer = () => answer(503);
    expect(await bench.run([aMessage({ probe: true, receive: 4 })], 'slow')).toEqual([]);
    expect(bench.log).toMatchObject([
      { outcome: 'held', status: 503, reason: 'status 503; still down, the delivery stays held' },
    ]);
    expect(bench.visibility).toEqual([]);
    expect(bench.forgotten).toEqual([]);
    expect(bench.releases).toEqual([]);
  });

  it.each(['releasing', 'closing', undefined] as const)(
    'is not probed any more when its circuit is %s: the delivery itself is held',
    async (circuit) => {
      const bench = new SenderBench();
      bench.healthRows.set('sub_1', {
        subscription: 'sub_1',
        organization: 'o',
        failures: 0,
        ...(circuit && { circuit }),
      });
      expect(await bench.run([aMessage({ probe: true })], 'slow')).toEqual([]);
      expect(bench.requests).toEqual([]);
      expect(bench.log).toEqual([]);
      expect(bench.forgotten).toEqual([]);
    },
  );

  it('gets released deliveries while new ones are held behind them', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', { ...down, failures: 0, circuit: 'releasing' });
    const [released, fresh] = [aMessage({ released: true }), aMessage()];
    await bench.run([released, fresh], 'slow');
    expect(bench.requests).toHaveLength(1);
    expect(bench.held.map(({ event_id }) => event_id)).toEqual([fresh.message.event.id]);
  });

  it('has released deliveries held again when it is down again, to be released like all others', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', down);
    await bench.run([aMessage({ released: true })], 'slow');
    expect(bench.requests).toEqual([]);
    const kept = decodeDeliveryMessage(bench.held[0]!.message);
    expect(kept.ok && kept.message.released).toBe(undefined);
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
