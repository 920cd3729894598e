import { describe, expect, it } from 'vitest';
import { figuresOf, type Arrival } from '../check/figures.ts';
import { expectedOf, LOADS, onModel } from '../check/loads.ts';

const valueOf = (figures: ReturnType<typeof figuresOf>, what: string): number | undefined =>
  figures.find((figure) => figure.what.startsWith(what))?.value;

describe('the check of the model', () => {
  it.each(LOADS)('has the model deliver all of $name to endpoints that are well', (load) => {
    const { arrivals } = onModel(load);
    expect(arrivals).toHaveLength(expectedOf(load));
    expect(arrivals.filter(({ subscription }) => load.hangs(subscription))).toEqual([]);
  });

  it('takes pace and functions from a tenth to nine tenths, ages of those that count, and times from the first event', () => {
    // Ten a second from the hundredth second on; every tenth is of a customer that is compared.
    const arrivals = Array.from({ length: 1000 }, (_, n): Arrival => ({
      subscription: n % 10 === 0 ? 'counts' : 'no',
      acceptedMs: 100_000,
      arrivedMs: 100_000 + n * 100,
    }));
    const samples = Array.from({ length: 100 }, (_, n) => ({
      atMs: 100_000 + n * 1000,
      sending: n < 10 || n > 90 ? 0 : 5,
      fanningOut: n === 3 ? 2 : 0,
    }));
    const figures = figuresOf({ arrivals, samples }, (subscription) => subscription === 'counts');
    expect(valueOf(figures, 'deliveries a second')).toBe(10);
    expect(valueOf(figures, 'half of all')).toBe(50);
    expect(valueOf(figures, 'the last')).toBe(99.9);
    expect(valueOf(figures, 'age of those compared, p50')).toBe(50);
    expect(valueOf(figures, 'senders under way')).toBe(5);
    expect(valueOf(figures, 'fan-outs under way')).toBe(2);
  });
});
