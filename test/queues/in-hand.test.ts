import { beforeEach, describe, expect, it } from 'vitest';
import { isDyingHere, type HandedOut, type TakeInHand } from '../../lambdas/domain/messages/in-hand.ts';
import { createTakeInHand } from '../../lambdas/queues/in-hand.ts';

const NOW = 1_700_000_000_000;
const OWN_SECONDS = 270;

const message = (id: string, attributes: Partial<HandedOut['attributes']> = {}): HandedOut => ({
  messageId: id,
  receiptHandle: `receipt-${id}`,
  body: '',
  attributes: { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(NOW), ...attributes },
});

let nowMs = NOW;
/** Calls to SQS: seconds by message. */
let calls: Record<string, number>[] = [];
let timers: { atMs: number; happen: () => void }[] = [];
/** What SQS does with a call; the ids that it refuses. */
let answer: (ids: string[]) => string[] | Promise<string[]> = () => [];
let slippedAway = 0;
let take: TakeInHand;

beforeEach(() => {
  [nowMs, calls, timers, answer, slippedAway] = [NOW, [], [], () => [], 0];
  const nothing = () => undefined;
  take = createTakeInHand({
    changeVisibility: async (changes) => {
      const seconds = changes.map((one) => [one.receiptHandle.slice('receipt-'.length), one.seconds] as const);
      calls.push(Object.fromEntries(seconds));
      return new Set((await answer(seconds.map(([id]) => id))).map((id) => `receipt-${id}`));
    },
    ownSeconds: OWN_SECONDS,
    logger: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: (_, n) => void (slippedAway += n), milliseconds: nothing },
    now: () => nowMs,
    after: (ms, happen) => {
      const timer = { atMs: nowMs + ms, happen };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
  });
});

/** Lets so much time pass, with all timers that come due. */
async function pass(ms: number): Promise<void> {
  const endMs = nowMs + ms;
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const next = timers.toSorted((a, b) => a.atMs - b.atMs)[0];
    if (!next || next.atMs > endMs) break;
    nowMs = next.atMs;
    timers = timers.filter((one) => one !== next);
    next.happen();
  }
  nowMs = endMs;
}

describe('a batch in hand', () => {
  it('comes again after 20 s, and while its function lives says so anew, long before', async () => {
    take([message('a'), message('b')]);

    await pass(25_000);

    expect(calls).toEqual(Array(4).fill({ a: 20, b: 20 }));
  });

  it('makes one call when it ends soon, and none when it is empty', async () => {
    const inHand = take([message('a')]);
    await pass(7000);
    await inHand.end();
    await take([]).end();
    await pass(60_000);

    expect(calls).toEqual([{ a: 20 }]);
  });

  it('keeps nothing that was given back', async () => {
    const inHand = take([message('a'), message('b')]);

    await inHand.giveBack([{ receiptHandle: 'receipt-a', atMs: NOW + 59_100 }]);
    await pass(10_000);

    expect(calls).toEqual([{ a: 20, b: 20 }, { a: 60 }, { b: 20 }]);
  });

  it('gives back only behind a call that is under way: the later one counts', async () => {
    const first = Promise.withResolvers<string[]>();
    answer = () => first.promise;
    const inHand = take([message('a')]);
    answer = () => [];

    const given = inHand.giveBack([{ receiptHandle: 'receipt-a', atMs: NOW + 180_000 }]);
    nowMs += 3000;
    expect(calls).toEqual([{ a: 20 }]);
    first.resolve([]);
    await given;

    expect(calls).toEqual([{ a: 20 }, { a: 177 }]);
  });

  it('leaves what stays to the queue’s own time: what kept it from being done may last', async () => {
    const inHand = take([message('a'), message('b'), message('c')]);

    await inHand.giveBack([{ receiptHandle: 'receipt-c', atMs: NOW }]);
    await inHand.end(['a', 'c']);

    expect(calls.at(-1)).toEqual({ a: OWN_SECONDS });
  });

  it('tries again soon when SQS does not prolong, and tells when its time is over', async () => {
    const inHand = take([message('a'), message('b')]);
    await pass(7999);
    answer = (ids) => ids.filter((id) => id === 'a');

    await pass(11_000);
    expect(calls).toHaveLength(1 + 6);
    expect(slippedAway).toBe(0);
    await pass(20_000);

    expect(slippedAway).toBe(1);
    expect(calls.at(-1)).toEqual({ b: 20 });
    await inHand.end();
  });

  it('loses nothing when SQS never heard of it: the queue’s own time runs', async () => {
    answer = (ids) => ids;
    const inHand = take([message('a')]);

    await pass(60_000);
    await inHand.end(['a']);

    expect(slippedAway).toBe(0);
    expect(calls.at(-1)).toEqual({ a: 20 });
  });
});

describe('a message that kills', () => {
  const receivedFor = (count: number, ms: number): HandedOut =>
    message('a', {
      ApproximateReceiveCount: String(count),
      ApproximateFirstReceiveTimestamp: String(NOW - ms),
    });

  it.each([
    ['received for the second time', receivedFor(2, 21_000), false],
    ['received for the third time after two deaths', receivedFor(3, 45_000), true],
    ['whose third attempt is due', receivedFor(3, 56_000), false],
  ])('is left to the queue’s own time: %s', async (_what, received, left) => {
    expect(isDyingHere(received, NOW)).toBe(left);
    await take([received]).end();
    expect(calls).toEqual(left ? [] : [{ a: 20 }]);
  });
});
