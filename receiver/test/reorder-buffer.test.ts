import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReorderBuffer, type ReorderOptions } from '../src/index.ts';

interface Item {
  resource: string;
  second: number;
  name?: number;
}

const FIVE_MINUTES = 300_000;

function setUp(options: Partial<ReorderOptions<Item>> = {}) {
  const clock = { ms: 0 };
  const released: Item[] = [];
  const buffer = createReorderBuffer<Item>({
    resourceOf: (item) => item.resource,
    timeOf: (item) => new Date(item.second * 1000).toISOString(),
    release: (item) => released.push(item),
    now: () => clock.ms,
    ...options,
  });
  const visit = (second: number): Item => ({ resource: 'visit/1', second });
  return { buffer, clock, released, visit };
}

describe('the re-order buffer', () => {
  it('hands on nothing before five minutes, then everything older first', () => {
    const { buffer, clock, released, visit } = setUp();
    buffer.push(visit(3));
    clock.ms = 200_000;
    buffer.push(visit(1));
    buffer.push(visit(5));

    clock.ms = FIVE_MINUTES - 1;
    buffer.releaseDue();
    expect(released).toEqual([]);
    clock.ms = FIVE_MINUTES;
    buffer.releaseDue();

    expect(released.map((item) => item.second)).toEqual([1, 3]);
    expect(buffer.size).toBe(1);
  });

  it('reports what came too late instead of handing it on out of order', () => {
    const { buffer, clock, released, visit } = setUp();
    buffer.push(visit(3));
    clock.ms = FIVE_MINUTES;
    buffer.releaseDue();

    expect(buffer.push(visit(2))).toBe('late');
    expect(buffer.push({ resource: 'visit/2', second: 2 })).toBe('held');
    buffer.flush();
    expect(released.map(({ resource }) => resource)).toEqual(['visit/1', 'visit/2']);
  });

  it('hands on everything at the end of the process', () => {
    const { buffer, released, visit } = setUp();
    for (const second of [4, 2, 3]) buffer.push(visit(second));
    buffer.flush();
    expect(released.map((item) => item.second)).toEqual([2, 3, 4]);
    expect(buffer.size).toBe(0);
  });

  it('holds a time of its own choosing', () => {
    const { buffer, clock, released, visit } = setUp({ holdMs: 10 });
    buffer.push(visit(1));
    clock.ms = 10;
    buffer.releaseDue();
    expect(released).toHaveLength(1);
  });

  it('refuses an item without a time, and holds nothing of it', () => {
    const { buffer } = setUp({ timeOf: () => 'soon' });
    expect(() => buffer.push({ resource: 'a', second: 1 })).toThrow(TypeError);
    expect(buffer.size).toBe(0);
  });
});

/** Arrivals in any order, with pauses between them. */
const arrivals = fc.array(
  fc.record({
    resource: fc.constantFrom('visit/1', 'visit/2', 'shift/1'),
    second: fc.nat(20),
    pauseMs: fc.nat(120_000),
  }),
  { maxLength: 60 },
);

describe('whatever the order of arrival', () => {
  it('a resource is handed on sorted, each item once or reported late, never more held than allowed', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 8 }), (items, maxHeld) => {
        const { buffer, clock, released } = setUp({ maxHeld });
        const kept: Item[] = [];
        items.forEach(({ resource, second, pauseMs }, name) => {
          clock.ms += pauseMs;
          buffer.releaseDue();
          const item = { resource, second, name };
          if (buffer.push(item) === 'held') kept.push(item);
          expect(buffer.size).toBeLessThanOrEqual(maxHeld);
        });
        buffer.flush();

        expect(released.toSorted(byName)).toEqual(kept);
        for (const resource of ['visit/1', 'visit/2', 'shift/1']) {
          const mine = released.filter((item) => item.resource === resource);
          expect(mine).toEqual(mine.toSorted((a, b) => a.second - b.second || byName(a, b)));
        }
      }),
    );
  });

  it('nothing is late and all is sorted when everything arrives within the time it is held', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), (seconds) => {
        const { buffer, clock, released, visit } = setUp();
        seconds.forEach((second, n) => {
          clock.ms = Math.floor((n * FIVE_MINUTES) / seconds.length);
          buffer.releaseDue();
          expect(buffer.push(visit(second))).toBe('held');
        });
        clock.ms = 2 * FIVE_MINUTES;
        buffer.releaseDue();
        expect(released.map((item) => item.second)).toEqual(seconds.toSorted((a, b) => a - b));
      }),
    );
  });
});

function byName(a: Item, b: Item): number {
  return a.name! - b.name!;
}
