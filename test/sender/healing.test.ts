import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { eventIdMs } from '../../lambdas/domain/ulid-time.ts';
import { aMessage, answer, NOW, ORGANIZATION, SenderBench } from '../support/sender.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const LAST = { receive: 4 };

/** A sender whose customer answers this to everything. */
function benchWith(status: number): SenderBench {
  const bench = new SenderBench();
  bench.customer = () => answer(status);
  return bench;
}

const row = (bench: SenderBench, change: object): void =>
  void bench.healthRows.set('sub_1', { subscription: 'sub_1', organization: ORGANIZATION, failures: 0, ...change });

describe('what its organization is told of exhausted deliveries', () => {
  it('is their number, with the time of the first event, once for an endpoint and a batch', async () => {
    const bench = benchWith(500);
    const [first, second] = [aMessage(LAST), aMessage(LAST)];

    await bench.run([second, first, aMessage({ receive: 2 })]);

    const fromMs = Math.min(...[first, second].map(({ message }) => eventIdMs(message.event.id)!));
    expect(bench.untold).toEqual([{ subscription: 'sub_1', count: 2, fromMs }]);
  });

  it('leaves out what tells of other endpoints: two that refuse it would tell of each other for ever', async () => {
    const bench = benchWith(500);

    await bench.run([aMessage({ ...LAST, event: { type: 'posthorn.endpoint.down' } })]);

    expect(bench.log).toMatchObject([{ outcome: 'exhausted' }]);
    expect(bench.untold).toEqual([]);
  });
});

describe('a delivery that is exhausted', () => {
  it('is remembered, to be tried again for a day, after its line in the log was written', async () => {
    const bench = benchWith(500);
    const written: number[] = [];
    const { note } = bench.deps.healing;
    bench.deps.healing.note = async (...of) => {
      written.push(bench.log.length);
      await note(...of);
    };
    const message = aMessage(LAST);

    await bench.run([message]);

    expect(bench.log).toMatchObject([{ outcome: 'exhausted', attempt: 4 }]);
    expect(bench.noted).toEqual([
      {
        organization: ORGANIZATION,
        subscription: 'sub_1',
        event: message.message.event.id,
        dueMs: NOW + 15 * MINUTE,
        untilMs: NOW + 24 * HOUR,
      },
    ]);
    expect(written).toEqual([1]);
  });

  it('is remembered once for a batch: the oldest event', async () => {
    const bench = benchWith(500);
    const [first, second] = [aMessage(LAST), aMessage(LAST)];

    await bench.run([second, first]);

    expect(bench.noted.map(({ event }) => event)).toEqual([first.message.event.id]);
  });

  it.each([
    ['its own hours', { heal_hours: 2 }, 2],
    ['a day, as deployed', {}, 24],
    ['its own hours, with format resource too', { format: 'resource', heal_hours: '48' }, 48],
  ])('is tried for %s', async (_, attributes, hours) => {
    const bench = benchWith(500);
    bench.subscribe('sub_1', attributes);

    await bench.run([aMessage(LAST)]);

    expect(bench.noted).toMatchObject([{ untilMs: NOW + hours * HOUR }]);
  });

  it.each([
    ['heal_hours is 0', { heal_hours: 0 }, {}],
    ['the format promises three retries', { format: 'resource' }, {}],
    ['it is a ping', {}, { event: { type: 'ping' } }],
  ])('is not tried again where %s', async (_, attributes, message) => {
    const bench = benchWith(500);
    bench.subscribe('sub_1', attributes);

    await bench.run([aMessage({ ...LAST, ...message })]);

    expect(bench.outcomes()).toEqual(['exhausted']);
    expect(bench.noted).toEqual([]);
  });

  it('for a reason of ours is not tried again this way', async () => {
    const bench = benchWith(200);
    bench.secrets.set('sub_1', []);
    const troubled = { trouble_ms: NOW - 25 * HOUR, resumed_ms: NOW, tries: 0 };

    await bench.run([aMessage({ ...troubled, sentMs: NOW })]);

    expect(bench.log).toMatchObject([{ outcome: 'exhausted', fault: 'platform' }]);
    expect(bench.noted).toEqual([]);
  });
});

describe('a success', () => {
  it('of an endpoint that has nothing to heal costs nothing', async () => {
    const bench = benchWith(200);

    await bench.run([aMessage(), aMessage()]);

    expect([bench.asked, bench.heals, bench.noted, bench.healthChanges]).toEqual([[], [], [], []]);
  });

  it('of an endpoint with exhausted deliveries asks for an automatic replay, once for a batch', async () => {
    const bench = benchWith(200);
    row(bench, { heal_event: 'evt_1' });

    await bench.run([aMessage(), aMessage()]);

    expect(bench.asked).toMatchObject([{ subscription: 'sub_1', before: NOW - 15 * MINUTE }]);
    expect(bench.heals).toEqual(['sub_1']);
  });

  it('asks for nothing where the row has come to say that nothing is tried again', async () => {
    const bench = benchWith(200);
    bench.subscribe('sub_1', { heal_hours: 0 });
    row(bench, { heal_event: 'evt_1' });

    await bench.run([aMessage()]);

    expect(bench.asked).toEqual([]);
  });

  it.each([
    ['is about to begin', { heal_replay: 'rpl_1' }],
    ['began a moment ago', { healed_ms: NOW - 14 * MINUTE }],
  ])('asks for nothing while one %s', async (_, change) => {
    const bench = benchWith(200);
    row(bench, { heal_event: 'evt_1', ...change });

    await bench.run([aMessage()]);

    expect(bench.asked).toEqual([]);
  });
});

describe('one more try of an exhausted delivery', () => {
  const heal = { heal: true as const, automatic: 0, recheck: true as const };

  it('that fails leaves it exhausted: no retry, no second dead letter, nothing new to remember', async () => {
    const bench = benchWith(503);

    const open = await bench.run([aMessage(heal)]);

    expect(open).toEqual([]);
    expect(bench.log).toMatchObject([
      { outcome: 'exhausted', attempt: 1, automatic: 0, reason: 'status 503; tried again later by itself' },
    ]);
    expect([bench.deadLetters, bench.visibility, bench.noted]).toEqual([[], [], []]);
  });

  it('that succeeds delivers it and asks for the others', async () => {
    const bench = benchWith(200);
    row(bench, { heal_event: 'evt_1', circuit: 'open' });

    await bench.run([aMessage(heal)], 'slow');

    expect(bench.log).toMatchObject([{ outcome: 'delivered', automatic: 0 }]);
    expect(bench.heals).toEqual(['sub_1']);
  });

  it('is not made when it was delivered meanwhile', async () => {
    const bench = benchWith(200);
    const message = aMessage(heal);
    await bench.run([aMessage({ event: { id: message.message.event.id } })]);

    await bench.run([message]);

    expect(bench.requests).toHaveLength(1);
    expect(bench.outcomes()).toEqual(['delivered']);
  });

  it.each(['throttled', 'releasing', 'closing'] as const)('is not made while the circuit is %s', async (circuit) => {
    const bench = benchWith(200);
    row(bench, { heal_event: 'evt_1', circuit });

    const open = await bench.run([aMessage(heal)]);

    expect([open, bench.requests, bench.log, bench.held]).toEqual([[], [], [], []]);
  });
});

describe('a delivery of an automatic replay', () => {
  const FIRST_MS = NOW - 250_000;

  /** The fourth try, four minutes after the first; the log has the third. */
  function lastTry(bench: SenderBench, automatic: number) {
    const message = aMessage({ replay: 'rpl_1', recheck: true, automatic, ...LAST, firstMs: FIRST_MS });
    const third = { subscription_id: 'sub_1', event_id: message.message.event.id, attempt: 3, replay: 'rpl_1' };
    bench.log.push({ ...third, outcome: 'failed', attempted_ms: NOW - 180_000 } as Attempt);
    return message;
  }
  const exhausted = (bench: SenderBench) => bench.log.filter(({ outcome }) => outcome === 'exhausted');

  it('that is refused again while others are taken is over', async () => {
    const bench = benchWith(500);
    row(bench, { failures: 1, failing_since_ms: NOW - 60_000 });

    await bench.run([lastTry(bench, 1)]);

    expect(exhausted(bench)).toMatchObject([{ final: true, automatic: 1, replay: 'rpl_1' }]);
    expect(exhausted(bench)[0]!.reason).toContain('refused again while the endpoint takes others');
    expect(bench.noted).toEqual([]);
  });

  it('that meets the outage again is remembered again, once more', async () => {
    const bench = benchWith(500);
    row(bench, { failures: 3, failing_since_ms: FIRST_MS + 1000 });

    await bench.run([lastTry(bench, 1), lastTry(bench, 2)]);

    expect(exhausted(bench).map(({ final }) => final)).toEqual([undefined, true]);
    expect(bench.noted).toHaveLength(1);
  });

  it('is not sent when anything delivered it before', async () => {
    const bench = benchWith(200);
    const message = aMessage({ replay: 'rpl_1', recheck: true, automatic: 1, queued_ms: NOW + 1000 });
    await bench.run([aMessage({ event: { id: message.message.event.id } })]);

    await bench.run([message]);

    expect(bench.requests).toHaveLength(1);
  });
});
