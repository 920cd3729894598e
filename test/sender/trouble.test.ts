import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { Answer } from '../../lambdas/sender/ports.ts';
import { waitFor } from '../support/wait-for.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';
import { takeInHand } from '../support/in-hand.ts';

const HOUR_MS = 3_600_000;
const throttled = (): Promise<never> => Promise.reject(new Error('throttled'));

function decoded({ body }: { body: string }): DeliveryMessage {
  const read = decodeDeliveryMessage(body);
  if (!read.ok) throw new Error(read.reason);
  return read.message;
}

/** What a message that took the place of another says about tries and trouble. */
function resumed(entry: { body: string } | undefined) {
  const { tries, trouble_ms, recheck, resumed_ms } = decoded(entry!);
  return { tries, trouble_ms, recheck, resumed_ms };
}

/** A line as an earlier receive of a message left it in the log. */
function logged(message: DeliveryMessage, line: Partial<Attempt>): Attempt {
  return {
    id: 'att_1',
    event_id: message.event.id,
    subscription_id: message.subscription_id,
    organization: message.event.organization,
    type: message.event.type,
    attempt: 1,
    attempted_ms: NOW,
    outcome: 'failed',
    url: '',
    format: message.format,
    ...line,
  };
}

describe('what fails for a reason of ours', () => {
  it('comes back as a new message that says how many tries were made and since when it is in trouble', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    const message = aMessage({ receive: 3, replay: 'rpl_1' });

    expect(await bench.run([message], 'slow')).toEqual([]);

    expect(bench.visibility).toEqual([]);
    expect(bench.sent.slow).toHaveLength(1);
    expect(bench.sent.slow[0]).toMatchObject({ group: 'sub_1', delaySeconds: 33 });
    expect(resumed(bench.sent.slow[0])).toEqual({ tries: 2, trouble_ms: NOW, recheck: true, resumed_ms: NOW });
    expect(decoded(bench.sent.slow[0]!)).toMatchObject({ event: message.message.event, replay: 'rpl_1' });
  });

  it('stands in the log with whose fault it was, and when it comes back', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    await bench.run([aMessage({ receive: 2 })]);
    expect(bench.log).toMatchObject([
      {
        attempt: 2,
        outcome: 'failed',
        fault: 'platform',
        reason: "not tried, for a reason of the platform's own: the subscription could not be read",
        next_attempt_ms: NOW + 33_000,
      },
    ]);
  });

  it('stands there once SQS has what takes its place: to another copy the line says that this one goes on', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    const { send } = bench.deps.queues;
    let linesBefore = -1;
    bench.deps.queues.send = async (lane, entries) => {
      linesBefore = bench.log.length;
      return send(lane, entries);
    };
    await bench.run([aMessage()]);
    expect(linesBefore).toBe(0);
    expect(bench.log).toHaveLength(1);
  });

  it.each([
    ['message', {}],
    ['dead letter', { resumed_ms: NOW, trouble_ms: NOW - 24 * HOUR_MS }],
  ])('does not stand there when SQS did not take its %s', async (_, fields) => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    bench.deps.queues.send = async () => new Set([0]);
    bench.deps.queues.toDeadLetters = async () => new Set([0]);
    await bench.run([aMessage(fields)]);
    expect(bench.log).toEqual([]);
  });

  it('is counted apart from what customers refuse, and names the subscriptions once for each reason', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_bare', {}, []);
    bench.subscribe('sub_500');
    bench.customer = () => answer(500);

    await bench.run(['sub_bare', 'sub_bare', 'sub_500'].map((subscription_id) => aMessage({ subscription_id })));

    expect(bench.counts).toEqual({ SecretsMissing: 2, AttemptsFailed: 1 });
    const errors = bench.lines.filter(({ level }) => level === 'ERROR');
    expect(errors.map(({ fields }) => fields)).toEqual([
      { reason: expect.stringContaining('no signing secret') as string, count: 2, subscriptions: ['sub_bare'] },
    ]);
  });

  it('says nothing about its endpoint', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', {}, []);
    await bench.run([aMessage()]);
    expect(bench.healthChanges).toEqual([]);
  });

  it('keeps the time at which its trouble began, however often it comes back', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    const trouble_ms = NOW - 20 * 60_000;
    await bench.run([aMessage({ resumed_ms: NOW - 700_000, sentMs: NOW - 700_000, tries: 1, trouble_ms })]);
    expect(resumed(bench.sent.fast[0])).toMatchObject({ tries: 1, trouble_ms });
    expect(bench.sent.fast[0]!.delaySeconds).toBe(660);
  });

  it('becomes a dead letter after a day, marked as ours, that begins anew when somebody sends it back', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    const message = aMessage({
      resumed_ms: NOW - 600_000,
      sentMs: NOW - 600_000,
      tries: 2,
      trouble_ms: NOW - 24 * HOUR_MS,
    });

    expect(await bench.run([message])).toEqual([]);

    expect(bench.deadLetters).toEqual([
      {
        body: expect.any(String) as string,
        kind: 'platform',
        reason: expect.stringContaining('could not be read') as string,
      },
    ]);
    expect(resumed(bench.deadLetters[0])).toMatchObject({ tries: undefined, trouble_ms: undefined });
    expect(bench.log).toMatchObject([{ outcome: 'exhausted', fault: 'platform' }]);
    expect(bench.counts).toEqual({ PlatformFailures: 1, PlatformDeadLetters: 1 });
  });

  it('stays in the queue when SQS takes neither the new message nor the dead letter', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = throttled;
    bench.deps.queues.send = async () => new Set([0]);
    bench.deps.queues.toDeadLetters = async () => new Set([0]);
    const old = aMessage({ resumed_ms: NOW, trouble_ms: NOW - 24 * HOUR_MS });
    const messages = [aMessage(), old];
    expect((await bench.run(messages)).sort()).toEqual(messages.map(({ messageId }) => messageId).sort());
  });

  it('leaves no word and no message of a try of an exhausted delivery: it is made when the next one is due', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', {}, []);
    expect(await bench.run([aMessage({ heal: true, automatic: 0 })], 'slow')).toEqual([]);
    expect([bench.sent.slow, bench.log, bench.deadLetters]).toEqual([[], [], []]);
    expect(bench.counts).toEqual({ SecretsMissing: 1 });
  });

  it('leaves what is held where it is when it strikes a probe', async () => {
    const bench = new SenderBench();
    bench.healthRows.set('sub_1', { subscription: 'sub_1', organization: 'org_8f2a91', failures: 20, circuit: 'open' });
    bench.subscribe('sub_1', {}, []);
    expect(await bench.run([aMessage({ probe: true })])).toEqual([]);
    expect(bench.sent.fast).toEqual([]);
    expect(bench.forgotten).toEqual([]);
    expect(bench.log).toMatchObject([{ outcome: 'held', fault: 'platform' }]);
  });
});

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
});

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
