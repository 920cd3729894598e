import { describe, expect, it } from 'vitest';
import { aMessage, answer, NOW, SenderBench } from '../support/sender.ts';
import { HOUR_MS, throttled, decoded, resumed } from './trouble-support.ts';

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
