import { parseAttemptId } from '../../lambdas/domain/delivery/attempt.ts';
import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { Answer } from '../../lambdas/sender/ports.ts';
import { waitFor } from '../support/wait-for.ts';
import { aMessage, anEvent, answer, noAnswer, NOW, ORGANIZATION, SenderBench } from '../support/sender.ts';

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

describe('a paused subscription', () => {
  it.each([
    ['by its row', { paused: true }, undefined],
    ['by a row typed by hand', { paused: ' TRUE' }, undefined],
    ['by its row, which nobody can read otherwise', { paused: true, url: 'nonsense' }, undefined],
    ['by its circuit, which outlasts its row until what is held goes out', {}, 'paused' as const],
  ])('has its deliveries held: %s', async (_how, row, circuit) => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', row);
    if (circuit)
      bench.healthRows.set('sub_1', { subscription: 'sub_1', organization: ORGANIZATION, failures: 0, circuit });

    expect(await bench.run([aMessage(), aMessage({ receive: 3 }), aMessage({ released: true })])).toEqual([]);

    expect(bench.requests).toEqual([]);
    expect(bench.held).toHaveLength(3);
    expect(bench.log.map(({ outcome, reason }) => [outcome, reason])).toEqual(
      Array(3).fill(['held', 'the subscription is paused; sent when it is resumed']),
    );
  });

  it('is not probed, though its circuit still is open', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { paused: true });
    const open = { subscription: 'sub_1', organization: ORGANIZATION, failures: 20, circuit: 'open' as const };
    bench.healthRows.set('sub_1', open);

    expect(await bench.run([aMessage({ probe: true })])).toEqual([]);

    expect([bench.requests, bench.forgotten, bench.outcomes()]).toEqual([[], [], []]);
  });

  it('gets the pings that somebody sends it', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { paused: true });

    await bench.run([aMessage({ event: anEvent({ type: 'ping' }), even_if_inactive: true })]);

    expect(bench.outcomes()).toEqual(['delivered']);
  });

  it('that is inactive as well gets nothing, and nothing is kept for it', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { paused: true, active: false });

    await bench.run([aMessage()]);

    expect([bench.held, bench.outcomes()]).toEqual([[], ['cancelled']]);
  });
});
