import { describe, expect, it } from 'vitest';
import { aMessage, answer, NOW, SenderBench } from '../support/sender.ts';

/** Its timers ring at once, and move the clock. @returns where the waits are noted, milliseconds. */
function aBench(): { bench: SenderBench; waits: number[] } {
  const bench = new SenderBench();
  bench.subscribe('sub_1');
  const waits: number[] = [];
  bench.deps.after = (ms, happen) => {
    if (ms <= 1000) {
      waits.push(ms);
      bench.now += ms;
      happen();
    }
    return () => undefined;
  };
  return { bench, waits };
}

describe('a delivery that a release has given a moment', () => {
  it('goes out in that moment', async () => {
    const { bench, waits } = aBench();

    await bench.run([aMessage({ released: true, due_ms: NOW + 563 })], 'slow');

    expect(waits).toEqual([563]);
    expect(bench.requests).toHaveLength(1);
    expect(bench.log).toMatchObject([{ outcome: 'delivered', attempted_ms: NOW + 563 }]);
  });

  it.each([
    ['has passed', -1],
    ['is further away than SQS brings it early', 1001],
  ])('goes out at once when that %s', async (_, ms) => {
    const { bench, waits } = aBench();

    await bench.run([aMessage({ released: true, due_ms: NOW + ms })], 'slow');

    expect(waits).toEqual([]);
    expect(bench.requests).toHaveLength(1);
  });

  it('does not keep others of its batch waiting', async () => {
    const { bench } = aBench();
    const rings: (() => void)[] = [];
    bench.deps.after = (ms, happen) => {
      if (ms === 500) rings.push(happen);
      return () => undefined;
    };
    const [early, other] = [aMessage({ released: true, due_ms: NOW + 500 }), aMessage()];

    const running = bench.run([early, other], 'slow');
    await expect.poll(() => bench.requests.length).toBe(1);

    expect(bench.requests[0]!.headers['webhook-id']).toBe(other.message.event.id);
    for (const ring of rings) ring();
    await running;
    expect(bench.requests).toHaveLength(2);
  });

  it('keeps its moment for that message alone: its retry waits by its own time', async () => {
    const { bench } = aBench();
    bench.customer = () => answer(429, { 'retry-after': '5' });

    await bench.run([aMessage({ released: true, due_ms: NOW + 10 })], 'slow');

    const sent = [...bench.sent.slow, ...bench.sent.fast].map(({ body }) => JSON.parse(body) as object);
    expect(sent).not.toEqual([]);
    for (const message of sent) expect(message).not.toHaveProperty('due_ms');
  });
});
