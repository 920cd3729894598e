import { percentile } from '../../platform/phase.ts';

/** A delivery that was made: when its event was accepted, and when its endpoint answered, milliseconds of one clock. */
export interface Arrival {
  subscription: string;
  acceptedMs: number;
  arrivedMs: number;
}

/** What came of a load, on paper or on engines. */
export interface Run {
  arrivals: Arrival[];
  /** Invocations under way, now and then. */
  samples: { atMs: number; sending: number; fanningOut: number }[];
}

/** A figure of both, and how to print it. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
}

/** Parts of all deliveries between which the pace is taken: neither the start nor the end, where there are too few. */
const [FROM, UNTIL] = [0.1, 0.9];

/**
 * What is compared of a run: how long queues are, how fast they are worked off, and with how many functions.
 * @param counts subscriptions whose ages are compared.
 */
export function figuresOf({ arrivals, samples }: Run, counts: (subscription: string) => boolean): Figure[] {
  const startedMs = arrivals.reduce((first, { acceptedMs }) => Math.min(first, acceptedMs), Infinity);
  const times = arrivals.map(({ arrivedMs }) => arrivedMs);
  const [from, half, until] = [FROM, 0.5, UNTIL].map((share) => percentile(times, share)) as [number, number, number];
  const between = samples.filter(({ atMs }) => atMs >= from && atMs <= until);
  const ages = arrivals
    .filter(({ subscription }) => counts(subscription))
    .map(({ acceptedMs, arrivedMs }) => arrivedMs - acceptedMs);
  const seconds = (ms: number): number => ms / 1000;
  const mean = (values: number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const made = times.filter((ms) => ms > from && ms <= until).length;
  return [
    { what: 'deliveries', value: arrivals.length, unit: '' },
    { what: 'half of all are made after', value: seconds(half - startedMs), unit: 's' },
    { what: 'the last after', value: seconds(percentile(times, 1) - startedMs), unit: 's' },
    { what: 'deliveries a second, from a tenth to nine tenths', value: made / seconds(until - from), unit: '' },
    { what: 'age of those compared, p50', value: seconds(percentile(ages, 0.5)), unit: 's' },
    { what: 'age of those compared, p99', value: seconds(percentile(ages, 0.99)), unit: 's' },
    { what: 'senders under way, on average', value: mean(between.map(({ sending }) => sending)), unit: '' },
    {
      what: 'fan-outs under way, at most',
      value: percentile(
        samples.map(({ fanningOut }) => fanningOut),
        1,
      ),
      unit: '',
    },
  ];
}
