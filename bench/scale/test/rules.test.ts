import { describe, expect, it } from 'vitest';
import { Account, EventSource } from '../event-source.ts';
import { ModelQueue } from '../queue.ts';
import { makeRequests } from '../requests.ts';
import { ModelTable } from '../table.ts';
import { Timeline } from '../timeline.ts';

function queueOf(timeline: Timeline, messages: number, limit?: number): ModelQueue<number> {
  const queue = new ModelQueue<number>(timeline, 4, limit);
  for (let n = 0; n < messages; n++) queue.send(n);
  return queue;
}

/** An event source whose invocations take so long and delete their messages at the end. */
function sourceOf(
  messages: number,
  options: Partial<{ ms: number; max: number; account: Account; window: number; callMs: number }> = {},
) {
  const { ms = 1e9, max = 1000, account = new Account(), window = 0, callMs = 0 } = options;
  const timeline = new Timeline();
  const queue = new ModelQueue<number>(timeline, 4);
  const batches: number[] = [];
  const source = new EventSource<number>({
    timeline,
    queue,
    account,
    batchSize: 10,
    windowMs: window,
    maxConcurrency: max,
    callMs: () => callMs,
    invoke: (batch, done) => {
      batches.push(batch.length);
      timeline.after(ms, () => {
        queue.delete(batch.length);
        done();
      });
    },
  });
  for (let n = 0; n < messages; n++) queue.send(n);
  return { timeline, queue, source, batches };
}

describe('the timeline', () => {
  it('lets things happen by time, and those of one time in the order of their scheduling', () => {
    const timeline = new Timeline();
    const happened: string[] = [];
    for (const [atMs, name] of [
      [5, 'c'],
      [1, 'a'],
      [5, 'd'],
      [3, 'b'],
      [9, 'late'],
    ] as const) {
      timeline.at(atMs, () => happened.push(name));
    }
    const left = timeline.run(8);
    expect(happened).toEqual(['a', 'b', 'c', 'd']);
    expect(left).toBe(true);
  });
});

describe('the queue', () => {
  it('moves a message to its dead letters after exactly 4 receives', () => {
    const timeline = new Timeline();
    const queue = queueOf(timeline, 1);
    const counts: number[] = [];
    for (let time = 0; time < 6; time++) {
      for (const message of queue.receive(10)) {
        counts.push(message.receiveCount);
        queue.changeVisibility(message, 1000);
      }
      timeline.run(Infinity);
    }
    expect(counts).toEqual([1, 2, 3, 4]);
    expect(queue).toMatchObject({ dead: 1, inFlight: 0, visible: 0 });
  });

  it('hands out no more than may be in flight, waiting retries included, and goes on when one leaves', () => {
    const timeline = new Timeline();
    const queue = queueOf(timeline, 5, 3);
    const [first] = queue.receive(10);
    expect(queue.receive(10)).toEqual([]);
    queue.changeVisibility(first!, 60_000);
    expect(queue.receive(10)).toEqual([]);
    queue.delete();
    expect(queue.receive(10)).toHaveLength(1);
  });
});

describe('the event source', () => {
  it('starts with 5 invocations and adds 300 a minute as long as messages are left', () => {
    const { timeline, source } = sourceOf(1_000_000);
    timeline.run(1000);
    expect(source.busy).toBe(5 + 4);
    timeline.run(60_000);
    expect(source.busy).toBe(5 + 299);
    timeline.run(120_000);
    expect(source.busy).toBe(5 + 599);
  });

  it('has never more than its maximum', () => {
    const { timeline, source } = sourceOf(1_000_000, { max: 50 });
    timeline.run(600_000);
    expect(source.mostBusy).toBe(50);
  });

  it("has never more than the account's concurrency, whichever function uses it, and says that it was short", () => {
    const account = new Account(20);
    account.enter();
    const { timeline, source } = sourceOf(1_000_000, { account });
    timeline.run(600_000);
    expect(source.mostBusy).toBe(19);
    expect(source.starved).toBeGreaterThan(0);
  });

  it('hands over what is there at once without a window, and waits for a full batch with one', () => {
    const at = (window: number): number[] => {
      const { timeline, queue, batches } = sourceOf(3, { window, ms: 10 });
      timeline.at(500, () => queue.send(3));
      timeline.run(5000);
      return batches;
    };
    expect(at(0)).toEqual([3, 1]);
    expect(at(1000)).toEqual([4]);
  });

  it('keeps a place from the receive to the delete, of which only the invocation is billed', () => {
    const { timeline, source, batches } = sourceOf(30, { ms: 300, max: 1, callMs: 20 });
    timeline.run(340);
    expect([source.busy, source.invoking, batches.length]).toEqual([1, 0, 1]);
    timeline.run(10_000);
    expect(batches).toEqual([10, 10, 10]);
    expect(source.billedMs).toBe(900);
    // Three times 20 + 300 + 20, and the first poll.
    expect(timeline.nowMs).toBe(10 + 3 * 340);
  });

  it('runs every message once', () => {
    const { timeline, queue, batches } = sourceOf(12_345, { ms: 300 });
    timeline.run(Infinity);
    expect(batches.reduce((sum, length) => sum + length, 0)).toBe(12_345);
    expect(queue).toMatchObject({ visible: 0, inFlight: 0 });
  });
});

describe('the table', () => {
  /** Seconds until so many writes of one unit are through. */
  const seconds = (writes: number, keyOf: (n: number) => string, warm?: number): number => {
    const table = new ModelTable(new Timeline(), warm);
    for (let n = 0; n < writes; n++) table.write(keyOf(n), 1);
    return table.longestWaitMs / 1000;
  };

  it('writes 1,000 units a second to one key, however warm it is', () => {
    expect(seconds(10_000, () => 'one', 100_000)).toBeCloseTo(10, 5);
  });

  it('writes 4,000 units a second to many keys when it is new', () => {
    expect(seconds(40_000, (n) => String(n % 100))).toBeCloseTo(10, 5);
  });
});

describe('the requests of a batch', () => {
  const batch = (count: number) =>
    Array.from({ length: count }, () => ({ body: { subscription: 'one', enqueuedMs: 0 }, receiveCount: 1 }));

  it('use 20 connections to one endpoint; the others wait inside their deadline', () => {
    const sent = makeRequests(batch(50), () => () => ({ ms: 400, success: true }), { nowMs: 0, timeoutMs: 1000 });
    expect(sent.map(({ ms, hung }) => [ms, hung])).toEqual([
      ...Array.from({ length: 20 }, () => [400, false]),
      ...Array.from({ length: 20 }, () => [800, false]),
      ...Array.from({ length: 10 }, () => [1000, true]),
    ]);
  });

  it('begin one after the other as the processor comes to them', () => {
    const sent = makeRequests(batch(3), () => () => ({ ms: 400, success: true }), {
      nowMs: 0,
      timeoutMs: 1000,
      paceMs: 50,
    });
    expect(sent.map(({ ms, ownMs }) => [ms, ownMs])).toEqual([
      [400, 400],
      [450, 400],
      [500, 400],
    ]);
  });

  it('wait for the moment that a release gave them, unless it is more than a second away', () => {
    const [now, soon, far] = batch(3).map((one, n) => ({
      ...one,
      body: { ...one.body, dueMs: [500, 1300, 3000][n]! },
    }));
    const sent = makeRequests([now!, soon!, far!], () => () => ({ ms: 400, success: true }), {
      nowMs: 1000,
      timeoutMs: 1000,
    });
    expect(sent.map(({ ms, ownMs }) => [ms, ownMs])).toEqual([
      [400, 400],
      [700, 400],
      [400, 400],
    ]);
  });
});
