import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { QueueCalls } from '../../event-sources/queue-calls.ts';
import { SqsPoller } from '../../event-sources/sqs-poller.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/**
 * A poller of a queue that has what a test puts into it, and a function that ends when the test says so.
 * @param isBusy whether all processors are wanted.
 */
function create(isBusy = (): boolean => false, windowSeconds = 0) {
  const waiting: string[] = [];
  let arrived = (): void => undefined;
  const batches: { bodies: string[]; end(): void }[] = [];
  const queue = {
    receive: async (count: number, _seconds: number, signal: AbortSignal) => {
      if (signal.aborted) return [];
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
          signal.addEventListener('abort', () => resolve());
        });
      }
      return waiting
        .splice(0, count)
        .map((body) => ({ MessageId: body, Body: body, ReceiptHandle: body, Attributes: {} }));
    },
    ready: (most: number) => Math.min(waiting.length, most),
    delete: () => Promise.resolve([]),
  };
  const poller = new SqsPoller({
    mapping: { sourceArn: 'arn:q', batchSize: 10, windowSeconds, filters: [], partialBatches: true } as never,
    region: 'us-east-1',
    queue: queue as unknown as QueueCalls,
    concurrency: 8,
    ready: () => Promise.resolve(),
    isBusy,
    invoke: (payload) =>
      new Promise((resolve) => {
        const { Records } = JSON.parse(payload) as { Records: { body: string }[] };
        const end = (): void => resolve({ ok: true, payload: '{"batchItemFailures":[]}' });
        batches.push({ bodies: Records.map(({ body }) => body), end });
      }),
    visibilityMs: 60_000,
    onLog: (line) => expect.fail(line),
  });
  return {
    batches: (): string[][] => batches.map(({ bodies }) => bodies),
    end: (n: number): void => batches[n]!.end(),
    holdsMessages: (): boolean => poller.holdsMessages,
    put: async (...bodies: string[]): Promise<void> => {
      waiting.push(...bodies);
      arrived();
      await vi.advanceTimersByTimeAsync(0);
    },
    close: async (): Promise<void> => {
      for (const { end } of batches) end();
      await poller.close();
    },
  };
}

/** A poller that has just had a batch of several messages. */
async function busyInBurst(isBusy: () => boolean) {
  const poller = create(isBusy);
  await poller.put('first', 'second');
  await vi.advanceTimersByTimeAsync(0);
  poller.end(0);
  await vi.advanceTimersByTimeAsync(0);
  return { poller, batches: () => poller.batches().slice(1) };
}

describe('a poller', () => {
  it('takes what came during a quick batch in one batch, as soon as that one has ended', async () => {
    const poller = create();
    await poller.put('a');
    await poller.put('b');
    await vi.advanceTimersByTimeAsync(20);
    await poller.put('c');
    expect(poller.batches()).toEqual([['a']]);

    poller.end(0);
    await vi.advanceTimersByTimeAsync(0);

    expect(poller.batches()).toEqual([['a'], ['b', 'c']]);
    await poller.close();
  });

  it('is not held up by a batch that takes its time', async () => {
    const poller = create();
    await poller.put('a');
    await poller.put('b');

    await vi.advanceTimersByTimeAsync(100);

    expect(poller.batches()).toEqual([['a'], ['b']]);
    await poller.close();
  });

  it('lets a batch fill while all processors are busy, and starts it when one is free', async () => {
    let isBusy = true;
    const { poller, batches } = await busyInBurst(() => isBusy);
    await poller.put('a');
    await vi.advanceTimersByTimeAsync(20);
    await poller.put('b');
    const before = batches();

    isBusy = false;
    await vi.advanceTimersByTimeAsync(10);

    expect([before, batches()]).toEqual([[], [['a', 'b']]]);
    await poller.close();
  });

  it('starts what comes singly at once, however busy the processors are', async () => {
    const poller = create(() => true);

    await poller.put('a');
    await vi.advanceTimersByTimeAsync(0);
    poller.end(0);
    await poller.put('b');
    await vi.advanceTimersByTimeAsync(0);

    expect(poller.batches()).toEqual([['a'], ['b']]);
    await poller.close();
  });

  it('starts a whole batch while all processors are busy', async () => {
    const { poller, batches } = await busyInBurst(() => true);
    const ten = [...'abcdefghij'];

    await poller.put(...ten);
    await vi.advanceTimersByTimeAsync(10);

    expect(batches()).toEqual([ten]);
    await poller.close();
  });

  it('starts a batch that does not fill after a moment, however busy the processors are', async () => {
    const { poller, batches } = await busyInBurst(() => true);

    await poller.put('a');
    await vi.advanceTimersByTimeAsync(20);
    const before = batches();
    await vi.advanceTimersByTimeAsync(40);

    expect([before, batches()]).toEqual([[], [['a']]]);
    await poller.close();
  });

  it('ends at once while it lets a batch fill', async () => {
    const { poller, batches } = await busyInBurst(() => true);
    await poller.put('a');

    await poller.close();

    expect(batches()).toEqual([]);
  });

  it('holds messages from their receive, while it waits for more of them, until the function is done', async () => {
    const poller = create(() => false, 1);
    expect(poller.holdsMessages()).toBe(false);

    await poller.put('a');

    const seen = [{ batches: poller.batches().length, holds: poller.holdsMessages() }];
    await poller.put(...'bcdefghij');
    await vi.advanceTimersByTimeAsync(50);
    seen.push({ batches: poller.batches().length, holds: poller.holdsMessages() });
    poller.end(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([
      { batches: 0, holds: true },
      { batches: 1, holds: true },
    ]);
    expect(poller.holdsMessages()).toBe(false);
    await poller.close();
  });
});
