import { describe, expect, it } from 'vitest';
import { RESERVE_MS } from '../../lambdas/sender/send.ts';
import { aMessage, answer, noAnswer, SenderBench } from '../support/sender.ts';

describe('a batch', () => {
  it('gives every message its own fate', async () => {
    const bench = new SenderBench();
    for (const id of ['sub_ok', 'sub_500', 'sub_410', 'sub_hang']) bench.subscribe(id);
    bench.customer = ({ url }) => {
      if (url.includes('sub-500')) return answer(500);
      if (url.includes('sub-410')) return answer(410);
      if (url.includes('sub-hang')) return noAnswer('timeout', 'timeout after 10000 ms', 10_000);
      return answer(200);
    };
    const poison = { ...aMessage(), messageId: 'poison', body: 'not json' };
    const messages = ['sub_ok', 'sub_500', 'sub_410', 'sub_hang', 'sub_gone'].map((subscription_id) =>
      aMessage({ subscription_id }),
    );
    const last = aMessage({ subscription_id: 'sub_500', receive: 4 });
    const left = await bench.run([...messages, poison, last]);
    expect(left.sort()).toEqual([messages[1]!.messageId, last.messageId].sort());
    expect(bench.sent.slow.map(({ group }) => group)).toEqual(['sub_hang']);
    const outcome = Object.fromEntries(bench.log.map((one) => [`${one.subscription_id}/${one.attempt}`, one.outcome]));
    expect(outcome).toEqual({
      'sub_ok/1': 'delivered',
      'sub_500/1': 'failed',
      'sub_410/1': 'gone',
      'sub_hang/1': 'failed',
      'sub_gone/1': 'cancelled',
      'sub_500/4': 'exhausted',
    });
  });

  it('sends all at once: the slowest endpoint decides how long it takes, not their sum', async () => {
    const bench = new SenderBench();
    let waiting = 0;
    let release = (): void => undefined;
    const allThere = new Promise<void>((resolve) => (release = resolve));
    bench.customer = async () => {
      waiting += 1;
      if (waiting === 10) release();
      await allThere;
      return answer(200);
    };
    await bench.run(Array.from({ length: 10 }, () => aMessage()));
    expect(bench.outcomes()).toEqual(Array(10).fill('delivered'));
  });

  it('keeps the other deliveries when one breaks the code that sends it', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_2');
    const good = bench.deps.resourceOf;
    bench.deps.resourceOf = (type) => {
      if (type === 'visit.created') throw new RangeError('Jane Doe');
      return good(type);
    };
    const broken = aMessage({ subscription_id: 'sub_2', event: { type: 'visit.created' } });
    expect(await bench.run([broken, aMessage()])).toEqual([]);
    expect(bench.sent.fast.map(({ group }) => group)).toEqual(['sub_2']);
    expect(bench.outcomes().sort()).toEqual(['delivered', 'failed']);
    expect(JSON.stringify([bench.lines, bench.log])).not.toContain('Jane');
  });

  it('comes back as a whole, without a request and a try, when subscriptions cannot be read', async () => {
    const bench = new SenderBench();
    bench.deps.targets.load = () => Promise.reject(new Error('throttled'));
    const messages = [aMessage(), aMessage({ receive: 4 })];
    expect(await bench.run(messages)).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.sent.fast.map(({ delaySeconds }) => delaySeconds)).toEqual([33, 33]);
    expect(bench.log.map(({ outcome, fault, attempt }) => [outcome, fault, attempt])).toEqual([
      ['failed', 'platform', 1],
      ['failed', 'platform', 4],
    ]);
  });

  it('says in one line what it amounted to, and one more for each delivery to look into', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_2');
    bench.customer = ({ url }) => answer(url.includes('sub-2') ? 503 : 200);
    await bench.run([aMessage(), aMessage(), aMessage({ subscription_id: 'sub_2' })]);
    expect(bench.lines.map(({ message }) => message)).toEqual(['delivery failed', 'batch']);
    expect(bench.lines[0]!.fields).toMatchObject({
      subscription_id: 'sub_2',
      attempt: 1,
      attempts: 4,
      status: 503,
      then: 'retry',
    });
    expect(bench.lines[1]!.fields).toMatchObject({ lane: 'fast', messages: 3, delivered: 2, failed: 1 });
  });

  it('has a line for each delivery whose producer traces it, delivered or not', async () => {
    const bench = new SenderBench();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const traced = aMessage({ traceparent });
    await bench.run([traced, aMessage()]);
    expect(bench.lines.map(({ message }) => message)).toEqual(['delivery delivered', 'batch']);
    expect(bench.lines[0]!.fields).toMatchObject({ event_id: traced.message.event.id, status: 200, traceparent });
  });
});

describe('a message that can never be processed', () => {
  it.each([
    ['no JSON', 'not json'],
    ['another version', JSON.stringify({ ...aMessage().message, v: 2 })],
    ['no subscription', JSON.stringify({ v: 1, event: aMessage().message.event, format: 'standard', queued_ms: 1 })],
    ['an unknown format', JSON.stringify({ ...aMessage().message, format: 'fax' })],
  ])('goes to the dead letters at once, with the reason: %s', async (_, body) => {
    const bench = new SenderBench();
    expect(await bench.run([{ ...aMessage(), messageId: 'poison', body }])).toEqual([]);
    expect(bench.deadLetters).toHaveLength(1);
    expect(bench.deadLetters[0]!.body).toBe(body);
    expect(bench.deadLetters[0]!.reason).toMatch(/^message cannot be read: expected/);
    expect(bench.log).toEqual([]);
    expect(bench.counts).toEqual({ MessagesPoison: 1 });
  });

  it('stays in the queue when it cannot be moved', async () => {
    const bench = new SenderBench();
    bench.deps.queues.toDeadLetters = async () => new Set([0]);
    expect(await bench.run([{ ...aMessage(), messageId: 'poison', body: '' }, aMessage()])).toEqual(['poison']);
    expect(bench.outcomes()).toEqual(['delivered']);
  });
});

describe("the function's own time", () => {
  it('is never overrun: a request that might not end in it is not begun', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_30', { timeout_seconds: 30 });
    bench.subscribe('sub_5', { timeout_seconds: 5 });
    bench.remainingMs = 30_000 + RESERVE_MS - 1;
    const late = aMessage({ subscription_id: 'sub_30' });
    const last = aMessage({ subscription_id: 'sub_30', receive: 4 });
    const left = await bench.run([late, aMessage({ subscription_id: 'sub_5' }), last]);
    expect(left).toEqual([]);
    expect(bench.sent.fast).toHaveLength(2);
    expect(bench.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([5000]);
    expect(bench.log.find(({ subscription_id }) => subscription_id === 'sub_30')?.reason).toContain('too little time');
    expect(bench.outcomes().sort()).toEqual(['delivered', 'failed', 'failed']);
    expect(bench.lines.find(({ message }) => message === 'deliveries in trouble')?.fields).toMatchObject({ count: 2 });
    expect(bench.healthChanges).toEqual([]);
  });

  it('gives each subscription its full timeout otherwise', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_30', { timeout_seconds: '30' });
    bench.remainingMs = 30_000 + RESERVE_MS;
    await bench.run([aMessage({ subscription_id: 'sub_30' })]);
    expect(bench.requests[0]?.timeoutMs).toBe(30_000);
  });
});
