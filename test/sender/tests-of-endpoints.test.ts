import { describe, expect, it } from 'vitest';
import { aMessage, answer, SenderBench } from '../support/sender.ts';

// Pings and samples: somebody looks what an endpoint says.

describe.each([
  ['a ping', { type: 'ping' }],
  ['a sample', { sample: true as const }],
])('%s', (_what, event) => {
  it('that fails is tried once: no retry, no dead letter, nothing to heal', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);

    const left = await bench.run([aMessage({ event })]);

    expect(left).toEqual([]);
    expect([bench.visibility, bench.sent.fast, bench.deadLetters, bench.noted]).toEqual([[], [], [], []]);
    expect(bench.log).toMatchObject([
      { attempt: 1, outcome: 'exhausted', final: true, reason: 'status 500; a test is tried once' },
    ]);
    expect(bench.log[0]).not.toHaveProperty('next_attempt_ms');
  });

  it('goes out though the endpoint is down, and though the subscription is paused', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { paused: true });

    await bench.run([aMessage({ event })]);

    expect(bench.log).toMatchObject([{ outcome: 'delivered' }]);
  });
});

it('the log says which deliveries were samples', async () => {
  const bench = new SenderBench();

  await bench.run([aMessage({ event: { sample: true } }), aMessage()]);

  expect(bench.log.map(({ sample }) => sample)).toEqual([true, undefined]);
});
