import { hanging, healthy } from '../endpoints.ts';
import { Model } from '../model.ts';
import type { Run } from './figures.ts';

/** What happens to Posthorn, for the model and for the local engines alike. */
export interface Load {
  name: string;
  title: string;
  /** Functions at the same time. */
  concurrency: { senders: number; slowSenders: number; fanOut: number };
  timeoutSeconds: number;
  /** Subscriptions by organization. */
  organizations: ReadonlyMap<string, readonly string[]>;
  /** Events, by the time at which they are accepted. */
  posts: readonly { atMs: number; organization: string }[];
  /** Subscriptions whose endpoints never answer. */
  hangs: (subscription: string) => boolean;
  /** Subscriptions whose deliveries are compared. */
  counts: (subscription: string) => boolean;
}

/** What endpoints that are well take on average, milliseconds. */
export const MEAN_MS = 300;
/** A new connection without TLS, milliseconds of a whole processor: endpoints on this machine have none. */
const PLAIN_CONNECTION_MS = 0.3;
const SEED = 20_261;
const LONGEST_MS = 600_000;
const SAMPLE_MS = 500;
const NOBODY = (): boolean => false;

const ids = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, n) => `${prefix}_${n}`);
const times = (count: number, atMs: (n: number) => number, organization: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => ({ atMs: atMs(n), organization: organization(n) }));

/** A tenth of the scenario with 10,000 subscribers: of its subscribers, of the others' deliveries, and of the functions. */
const organization: Load = {
  name: 'organization',
  title:
    '10 events at once to 1,000 subscribers, beside 2 deliveries a second of others; what is compared are the others',
  concurrency: { senders: 5, slowSenders: 2, fanOut: 2 },
  timeoutSeconds: 10,
  organizations: new Map([
    ['large', ids(1000, 'large')],
    ...ids(5, 'other').map((name): [string, string[]] => [name, [name]]),
  ]),
  posts: [
    ...times(
      240,
      (n) => n * 500,
      (n) => `other_${n % 5}`,
    ),
    ...times(
      10,
      () => 10_000,
      () => 'large',
    ),
  ].toSorted((a, b) => a.atMs - b.atMs),
  hangs: NOBODY,
  counts: (subscription) => subscription.startsWith('other'),
};

/** A tenth of the burst in which 5 % hang. */
const burst: Load = {
  name: 'hanging',
  title: '10,000 deliveries at once to 100 endpoints, 5 of which hang 15 s; what is compared are the other 95',
  concurrency: { senders: 5, slowSenders: 2, fanOut: 2 },
  timeoutSeconds: 15,
  organizations: new Map([['burst', [...ids(95, 'well'), ...ids(5, 'hangs')]]]),
  posts: times(
    100,
    () => 0,
    () => 'burst',
  ),
  hangs: (subscription) => subscription.startsWith('hangs'),
  counts: (subscription) => subscription.startsWith('well'),
};

export const LOADS: readonly Load[] = [organization, burst];

/** Deliveries of a load to endpoints that are well. */
export function expectedOf({ posts, organizations, hangs }: Load): number {
  return posts.reduce(
    (sum, post) => sum + organizations.get(post.organization)!.filter((one) => !hangs(one)).length,
    0,
  );
}

/** What the model says of it. */
export function onModel({ concurrency, timeoutSeconds, organizations, posts, hangs }: Load): Run {
  const run: Run = { arrivals: [], samples: [] };
  const model = new Model({
    seed: SEED,
    endpoints: (subscription, chance) => (hangs(subscription) ? hanging : healthy(chance, MEAN_MS)),
    senderConcurrency: concurrency.senders,
    slowSenderConcurrency: concurrency.slowSenders,
    fanOutConcurrency: concurrency.fanOut,
    timeoutSeconds,
    // One machine has one name, and no TLS.
    serverOf: () => 'this machine',
    connectionMs: PLAIN_CONNECTION_MS,
    onDelivered: (subscription, acceptedMs, answeredMs) =>
      run.arrivals.push({ subscription, acceptedMs, arrivedMs: answeredMs }),
  });
  for (const { atMs, organization } of posts)
    model.timeline.at(atMs, () => model.accept(organization, organizations.get(organization)!));
  model.run(LONGEST_MS, SAMPLE_MS);
  run.samples.push(...model.samples);
  return run;
}
