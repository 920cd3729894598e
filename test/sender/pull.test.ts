import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { aMessage, NOW, SenderBench } from '../support/sender.ts';

// Deliveries that their customer fetches: the sender keeps them, and calls nobody.

function pulled(row: Record<string, unknown> = {}): SenderBench {
  const bench = new SenderBench();
  bench.subscribe('sub_1', { delivery: 'pull', ...row });
  return bench;
}

describe('a delivery that is fetched', () => {
  it('is kept whole, without a request and without a line: that comes when it is acknowledged', async () => {
    const bench = pulled();
    const message = aMessage();

    const left = await bench.run([message]);

    expect([left, bench.requests, bench.log]).toEqual([[], [], []]);
    expect(bench.held).toMatchObject([{ subscription: 'sub_1', event_id: message.message.event.id, held_ms: NOW }]);
    const read = decodeDeliveryMessage(bench.held[0]!.message);
    expect(read.ok && read.message.event).toEqual(message.message.event);
  });

  it.each([
    ['has no URL', { url: undefined }],
    ['is written by hand', { delivery: ' Pull ' }],
    ['is paused', { paused: true }],
    ['is broken', { format: 'xml' }],
  ])('is kept though its row %s', async (_what, row) => {
    const bench = pulled(row);

    await bench.run([aMessage()]);

    expect([bench.requests, bench.log, bench.held.length]).toEqual([[], [], 1]);
  });

  it('is kept whatever the circuit says that was there before, and a ping is too', async () => {
    const bench = pulled();
    bench.healthRows.set('sub_1', {
      subscription: 'sub_1',
      organization: 'org_8f2a91',
      failures: 0,
      circuit: 'closing',
    });

    await bench.run([aMessage({ released: true }), aMessage({ event: { type: 'ping' }, even_if_inactive: true })]);

    expect([bench.requests, bench.held.length]).toEqual([[], 2]);
  });

  it.each([{ probe: true as const }, { heal: true as const }])('is no probe and no healing: %o ends', async (what) => {
    const bench = pulled();

    expect(await bench.run([aMessage(what)])).toEqual([]);

    expect([bench.requests, bench.held, bench.log]).toEqual([[], [], []]);
  });

  it('ends as cancelled when its subscription is inactive', async () => {
    const bench = pulled({ active: false });

    await bench.run([aMessage()]);

    expect([bench.outcomes(), bench.held]).toEqual([['cancelled'], []]);
  });

  it('ends as skipped when its format cannot carry it: nobody shall wait for it', async () => {
    const bench = pulled();

    await bench.run([aMessage({ format: 'resource', event: { type: 'medical-encounters.created' } })]);

    expect([bench.outcomes(), bench.held]).toEqual([['skipped'], []]);
  });

  it('is not kept once more by a second copy, when it was acknowledged meanwhile', async () => {
    const bench = pulled();
    const message = aMessage({ recheck: true });
    bench.log.push({
      id: 'att_1',
      event_id: message.message.event.id,
      subscription_id: 'sub_1',
      organization: 'org_8f2a91',
      type: 'visit.ended',
      attempt: 1,
      attempted_ms: NOW - 50,
      fetched_ms: NOW - 60,
      outcome: 'delivered',
      url: '',
      format: 'standard',
    });

    await bench.run([message]);

    expect([bench.held, bench.log.length]).toEqual([[], 1]);
  });

  it.each([
    ['the table', (bench: SenderBench) => void (bench.deps.held.put = async (rows) => rows)],
    [
      'the table, with an error',
      (bench: SenderBench) => void (bench.deps.held.put = () => Promise.reject(new Error())),
    ],
    ['the log', (bench: SenderBench) => void (bench.deps.attempts.latest = () => Promise.reject(new Error()))],
  ])('comes back when %s fails', async (_what, fail) => {
    const bench = pulled();
    fail(bench);

    await bench.run([aMessage({ recheck: true })]);

    expect(bench.log).toMatchObject([{ outcome: 'failed', fault: 'platform' }]);
    expect(bench.sent.fast).toHaveLength(1);
  });
});
