import { DEFAULTS } from '../../lib/settings.ts';
import { downBetween, hanging, healthy } from './endpoints.ts';
import { Model } from './model.ts';
import type { ModelOptions } from './options.ts';
import type { Sample } from './results.ts';

/** One way to run a scenario. */
export interface Variant {
  name: string;
  /** What is turned; the rest is as deployed without settings. */
  turned: Partial<ModelOptions>;
}

/** A question to the model. */
export interface Scenario {
  /** File name of its picture, behind `scale-`. */
  name: string;
  title: string;
  variants: readonly Variant[];
  /** Makes the model and everything that will happen to it. */
  prepare(turned: Partial<ModelOptions>): Model;
  untilMs: number;
  sampleMs: number;
  /** What the picture shows. */
  series: { label: string; of: (sample: Sample) => number };
  /** Last moment of the picture, seconds. @default the end of the longest run */
  pictureSeconds?: number;
}

/** The same numbers at every run. */
const SEED = 20_261;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Most that an event source of SQS can have. */
const MOST = 1000;

const ids = (count: number, prefix = ''): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const waiting = { label: 'deliveries not yet made', of: (sample: Sample) => sample.expected - sample.delivered };

/** As many events at even distances in a time. */
function evenly(model: Model, count: number, overMs: number, happen: (n: number) => void): void {
  for (let n = 0; n < count; n++) model.timeline.at((n * overMs) / count, () => happen(n));
}

const million: Scenario = {
  name: 'million',
  title: '1,000,000 deliveries accepted within one minute: 200,000 events, each to 5 of 10,000 endpoints',
  variants: [
    { name: 'as deployed', turned: {} },
    {
      name: 'senders 1000, fan-out 100',
      turned: { senderConcurrency: MOST, fanOutConcurrency: 100, accountConcurrency: 2000 },
    },
    {
      name: '… and warm tables, 25,000 writes/s',
      turned: { senderConcurrency: MOST, fanOutConcurrency: 100, accountConcurrency: 2000, warmUnits: 25_000 },
    },
    {
      name: '… and batches of 100',
      turned: {
        senderConcurrency: MOST,
        fanOutConcurrency: 100,
        accountConcurrency: 2000,
        warmUnits: 25_000,
        senderBatchSize: 100,
      },
    },
  ],
  prepare: (turned) => {
    const model = new Model({ seed: SEED, endpoints: (_, chance) => healthy(chance, 300), ...turned });
    const organizations = ids(2000).map((name) => ({ name, subscriptions: ids(5, `${name}/`) }));
    evenly(model, 200_000, MINUTE_MS, (n) => {
      const { name, subscriptions } = organizations[n % organizations.length]!;
      model.accept(name, subscriptions);
    });
    return model;
  },
  untilMs: HOUR_MS,
  sampleMs: 2000,
  series: waiting,
};

/** Others' deliveries beside what a scenario is about, a second. */
const NEIGHBOURS_PER_SECOND = 20;

const largeOrganization: Scenario = {
  name: 'organization',
  title: `One organization with 10,000 subscribers: 10 events at once (100,000 deliveries), beside ${NEIGHBOURS_PER_SECOND} deliveries a second of others`,
  variants: [
    { name: 'as deployed', turned: {} },
    { name: 'senders 500', turned: { senderConcurrency: 500 } },
    { name: 'senders 500, batches of 100', turned: { senderConcurrency: 500, senderBatchSize: 100 } },
    {
      name: '… and warm tables, 25,000 writes/s',
      turned: { senderConcurrency: 500, senderBatchSize: 100, warmUnits: 25_000 },
    },
  ],
  prepare: (turned) => {
    const model = new Model({
      seed: SEED,
      endpoints: (_, chance) => healthy(chance, 300),
      isHealthy: (subscription) => subscription.startsWith('other'),
      ...turned,
    });
    const subscribers = ids(10_000);
    evenly(model, 3 * 60 * NEIGHBOURS_PER_SECOND, 3 * MINUTE_MS, (n) =>
      model.accept(`other${n % 50}`, [`other${n % 50}`]),
    );
    evenly(model, 10, 1, () => model.timeline.after(10_000, () => model.accept('large', subscribers)));
    return model;
  },
  untilMs: HOUR_MS,
  sampleMs: 1000,
  series: { label: 'deliveries waiting in queues', of: ({ waitingFast, waitingSlow }) => waitingFast + waitingSlow },
  pictureSeconds: 140,
};

/** Deliveries of the largest customer, a second, day and night: 1.7 million a day. */
const LARGEST_PER_SECOND = 20;
const DOWN_FROM_MS = 0.5 * HOUR_MS;
const DOWN_UNTIL_MS = DOWN_FROM_MS + 24 * HOUR_MS;

const customerDown: Scenario = {
  name: 'down',
  title: `The largest customer (${LARGEST_PER_SECOND} deliveries a second) is down for a day`,
  variants: [
    { name: 'answers in 300 ms afterwards', turned: {} },
    {
      name: 'answers in 2 s afterwards',
      turned: { endpoints: (_, chance) => downBetween(DOWN_FROM_MS, DOWN_UNTIL_MS, healthy(chance, 2000)) },
    },
    {
      name: 'answers in 2 s, slow senders 50',
      turned: {
        endpoints: (_, chance) => downBetween(DOWN_FROM_MS, DOWN_UNTIL_MS, healthy(chance, 2000)),
        slowSenderConcurrency: 50,
      },
    },
  ],
  prepare: (turned) => {
    const model = new Model({
      seed: SEED,
      endpoints: (_, chance) => downBetween(DOWN_FROM_MS, DOWN_UNTIL_MS, healthy(chance, 300)),
      ...turned,
    });
    let left = 30 * 3600 * LARGEST_PER_SECOND;
    const next = (): void => {
      model.accept('largest', ['largest']);
      if (--left > 0) model.timeline.after(1000 / LARGEST_PER_SECOND, next);
    };
    next();
    return model;
  },
  untilMs: 48 * HOUR_MS,
  sampleMs: 5 * MINUTE_MS,
  series: { label: 'deliveries held', of: ({ held }) => held },
  pictureSeconds: 40 * 3600,
};

/** Every twentieth endpoint takes connections and never answers. */
const hangs = (subscription: string): boolean => Number(subscription) % 20 === 7;

const hangingEndpoints: Scenario = {
  name: 'hanging',
  title: '100,000 deliveries at once to 1,000 endpoints, 50 of which hang 15 s',
  variants: [
    { name: 'one queue, batches of 10, no retries', turned: { lanes: false, retries: false, senderConcurrency: MOST } },
    { name: 'lanes, told at the end of a batch', turned: { flagAtOnce: false, senderConcurrency: MOST } },
    { name: 'lanes, told after 2 s', turned: { senderConcurrency: MOST } },
    { name: '… and batches of 100', turned: { senderConcurrency: MOST, senderBatchSize: 100 } },
    { name: `as deployed, ${DEFAULTS.senderConcurrency} senders`, turned: {} },
  ],
  prepare: (turned) => {
    const model = new Model({
      seed: SEED,
      endpoints: (subscription, chance) => (hangs(subscription) ? hanging : healthy(chance, 300)),
      isHealthy: (subscription) => !hangs(subscription),
      timeoutSeconds: 15,
      warmUnits: 25_000,
      ...turned,
    });
    for (let n = 0; n < 100_000; n++) model.deliver(String((n * 7919) % 1000));
    return model;
  },
  untilMs: HOUR_MS,
  sampleMs: 1000,
  series: waiting,
  pictureSeconds: 180,
};

export const SCENARIOS: readonly Scenario[] = [million, largeOrganization, customerDown, hangingEndpoints];
