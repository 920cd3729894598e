import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadlines, type Expiring } from '../../../lambdas/sender/outgoing/deadlines.ts';

/** Longer than the timer is coarse, milliseconds. */
const COARSE_MS = 100;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Items that are overdue one after the other; those that expired, by number, and what `expire` does beside. */
function watch(count: number, whenExpired: (item: Expiring) => void = () => undefined, distanceMs = 1000) {
  const deadlines = createDeadlines(() => Date.now());
  const started = Date.now();
  const expired: number[] = [];
  const items = Array.from({ length: count }, (_, n): Expiring => {
    const item: Expiring = {
      deadline: started + 1000 + n * distanceMs,
      place: -1,
      expire: () => {
        expired.push(n);
        whenExpired(item);
      },
    };
    return item;
  });
  for (const item of items) deadlines.watch(item);
  return { deadlines, items, expired };
}

describe('the deadlines', () => {
  it('end what is overdue, and nothing else', () => {
    const { expired } = watch(3, (item) => (item.expire = () => undefined));

    vi.advanceTimersByTime(2000 + COARSE_MS);

    expect(expired).toEqual([0, 1]);
  });

  it.each([
    ['in their order', [0, 1, 2, 3, 4]],
    ['backwards', [4, 3, 2, 1, 0]],
    ['from the middle', [2, 0, 4, 1, 3]],
  ])('leave those alone that were released %s, one after the other', (_order, order) => {
    const { deadlines, items, expired } = watch(5);
    for (const [done, n] of order.entries()) {
      deadlines.release(items[n]!);
      deadlines.release(items[n]!);
      expired.length = 0;

      vi.advanceTimersByTime(6000);

      expect(new Set(expired)).toEqual(new Set(order.slice(done + 1)));
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('count for how long the process was late, only while something is watched', () => {
    const clock = { ms: 0 };
    const deadlines = createDeadlines(
      () => clock.ms,
      () => clock.ms,
    );
    const item: Expiring = { deadline: 60_000, place: -1, expire: () => undefined };
    const pass = (ms: number, stallMs = 0): void => {
      clock.ms += ms + stallMs;
      vi.advanceTimersByTime(ms);
    };

    pass(1000, 1000);
    expect(deadlines.ownLagMs()).toBe(0);
    deadlines.watch(item);
    for (let n = 0; n < 50; n++) pass(20);
    expect(deadlines.ownLagMs()).toBe(0);
    // A timer that is a moment late is no sign of anything.
    pass(20, 4);
    expect(deadlines.ownLagMs()).toBe(0);
    pass(20, 300);
    expect(deadlines.ownLagMs()).toBe(300);
    // Not counted by the timer yet: whoever reads answers first asks now.
    clock.ms += 520;
    expect(deadlines.ownLagMs()).toBe(300 + 500);
    deadlines.release(item);
    pass(1000, 1000);
    expect(deadlines.ownLagMs()).toBe(300 + 500);
  });

  it('end all that is overdue at once, each of which is released by its end', () => {
    const all = watch(4, (item) => all.deadlines.release(item), 0);

    vi.advanceTimersByTime(1000);

    expect(all.expired).toEqual([0, 1, 2, 3]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
