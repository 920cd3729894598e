import { describe, expect, it } from 'vitest';
import { event, goesTo, received, row, world } from './support.ts';

const rows = (count: number) => Array.from({ length: count }, (_, i) => row(`sub_${String(i).padStart(5, '0')}`));
const kilobytes = (count: number) => `"${'x'.repeat(count * 1_000 - 2)}"`;

describe('packing', () => {
  it('puts ten deliveries into one call, also of different events', async () => {
    const { run, queues } = world(rows(3));
    await run([received(event()), received(event()), received(event()), received(event())]);
    expect(queues.fast.calls.map((call) => call.length)).toEqual([10, 2]);
  });

  it('needs one call for ten events with one subscription each', async () => {
    const { run, queues } = world(rows(1));
    await run(Array.from({ length: 10 }, () => received(event())));
    expect(queues.fast.calls.map((call) => call.length)).toEqual([10]);
  });

  it('counts bytes: of events with 200 KB five fit into 1 MiB', async () => {
    const { run, queues } = world(rows(12));
    await run([received(event({ data: kilobytes(200) }))]);
    expect(queues.fast.calls.map((call) => call.length)).toEqual([5, 5, 2]);
  });

  it('counts bytes as they are sent: two-byte characters take six', async () => {
    const { run, queues } = world(rows(3));
    await run([received(event({ data: `"${'é'.repeat(131_000)}"` }))]);
    expect(queues.fast.calls.map((call) => call.length)).toEqual([1, 1, 1]);
  });

  it('keeps every call within 1 MiB with the longest ids and a trace', async () => {
    const long = Array.from({ length: 40 }, (_, i) =>
      row(`sub_${String(i).padStart(60, '0')}`, { format: 'cloudevents' }),
    );
    const { run, queues } = world(long);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (let kb = 100; kb <= 106; kb++) await run([received(event({ data: kilobytes(kb) }), { traceparent })]);
    const sizes = queues.fast.calls.map((call) => call.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_048_576);
    expect(Math.max(...sizes)).toBeGreaterThan(1_030_000);
  });

  it('has at most 16 calls under way', async () => {
    let under = 0;
    let most = 0;
    let sent = 0;
    const send = async (entries: readonly unknown[]) => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
      sent += entries.length;
      return new Set<number>();
    };
    const { run } = world(rows(1_000), { queues: { fast: { send }, slow: { send } } });
    await run([received(event())]);
    expect([most, sent]).toEqual([16, 1_000]);
  });
});

describe('what SQS does not take', () => {
  it('is sent again by itself, after a pause', async () => {
    const { run, queues, sent, waited } = world(rows(3));
    queues.fast.refuse = ({ group }, call) => group === 'sub_00001' && call < 3;

    expect(await run([received(event())])).toEqual([]);

    expect(goesTo(sent())).toEqual(['sub_00000', 'sub_00001', 'sub_00002']);
    expect(queues.fast.calls.map((call) => call.length)).toEqual([3, 1, 1]);
    expect(waited).toEqual([100, 400]);
  });

  it('after all tries makes its event come back, and no other', async () => {
    const { run, queues, lines, cameBack } = world([row('sub_a'), row('sub_b', { organization: 'other' })]);
    queues.fast.refuse = ({ group }) => group === 'sub_b';
    const [good, bad] = [event(), event({ organization: 'other' })];

    expect(await run([received(good), received(bad)])).toEqual([]);

    expect(cameBack()).toEqual([bad.id]);

    expect(queues.fast.calls.map((call) => call.length)).toEqual([2, 1, 1, 1]);
    expect(lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
      event_id: bad.id,
      queued: 0,
      decision: 'comes back',
    });
  });

  it('because the call fails makes its event come back', async () => {
    const send = () => Promise.reject(new Error('socket hang up'));
    const { run, cameBack } = world(rows(2), { queues: { fast: { send }, slow: { send } } });
    const one = event();
    expect(await run([received(one)])).toEqual([]);
    expect(cameBack()).toEqual([one.id]);
  });

  it('stops its event’s further deliveries: they are all done again anyway', async () => {
    const { run, queues, cameBack } = world(rows(10_000));
    queues.fast.refuse = () => true;
    const one = event();
    expect(await run([received(one)])).toEqual([]);
    expect(cameBack()).toEqual([one.id]);
    expect(queues.fast.calls.length).toBeLessThan(16 * 4 + 8);
  });
});

describe('a function about to be stopped', () => {
  it('sends no more, and has come back what is not done', async () => {
    const [first, second] = [event({ organization: 'small' }), event()];
    const { run, queues, cameBack } = world([row('sub_small', { organization: 'small' }), ...rows(1_000)]);
    expect(await run([received(first), received(second)], () => queues.fast.calls.length >= 20)).toEqual([]);
    expect(cameBack()).toEqual([second.id]);
    expect(queues.fast.calls.length).toBeLessThan(40);
  });
});
