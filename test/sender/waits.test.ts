import { describe, expect, it } from 'vitest';
import { waitsInFlight } from '../../lambdas/domain/delivery/in-flight.ts';
import { IN_FLIGHT_PER_ENDPOINT, IN_FLIGHT_PER_ORGANIZATION } from '../../lambdas/domain/limits.ts';
import { createWaits } from '../../lambdas/sender/waits.ts';
import { aMessage, answer, ORGANIZATION, SenderBench } from '../support/sender.ts';

const key = (subscription: string, organization = ORGANIZATION) => ({ organization, subscription });

describe('what a sender may have wait in flight', () => {
  it.each([
    { senders: 60, batchSize: 10 },
    { senders: 300, batchSize: 10 },
    { senders: 1, batchSize: 10 },
    { senders: 60, batchSize: 100 },
  ])('keeps all together within the limits, also while all work for one endpoint: %j', ({ senders, batchSize }) => {
    const { endpoint, organization } = waitsInFlight({ senders, batchSize });

    const atWork = senders * batchSize;
    expect(endpoint === 0 || atWork + senders * endpoint <= IN_FLIGHT_PER_ENDPOINT).toBe(true);
    expect(organization === 0 || atWork + senders * organization <= IN_FLIGHT_PER_ORGANIZATION).toBe(true);
  });

  it('is counted by endpoint and by organization, and freed when a wait is over', () => {
    let now = 0;
    const waits = createWaits({ endpoint: 2, organization: 3 }, () => now);

    expect([1, 2, 3].map(() => waits.take(key('sub_1'), 1000))).toEqual([true, true, false]);
    expect([1, 2].map(() => waits.take(key('sub_2'), 2000))).toEqual([true, false]);
    expect(waits.take(key('sub_1', 'other'), 1000)).toBe(true);
    now = 1000;
    expect([waits.take(key('sub_1'), 3000), waits.take(key('sub_2'), 3000)]).toEqual([true, true]);
  });

  it('is all that it has: further retries wait outside, with their tries, over all its batches', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);

    for (let batch = 0; batch < 10; batch++) await bench.run(Array.from({ length: 10 }, () => aMessage()));

    expect(bench.visibility).toHaveLength(6);
    expect(bench.sent.fast).toHaveLength(94);
    expect(new Set(bench.sent.fast.map(({ delaySeconds }) => delaySeconds))).toEqual(new Set([10]));
    expect(bench.sent.fast.every(({ body }) => body.includes('"tries":1'))).toBe(true);
  });
});
