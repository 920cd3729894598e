import { describe, expect, it } from 'vitest';
import { aMessage, anEvent, ORGANIZATION, SenderBench } from '../support/sender.ts';

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
