import { setTimeout as pause } from 'node:timers/promises';
import { createChance, type Chance } from '../../simulation/random.ts';
import { startPosthorn, type OwnPosthorn } from '../../../test/support/posthorn.ts';
import { SkippingClock } from '../../../test/support/skipping-clock.ts';
import type { BatchWatch } from '../../../local/event-sources/sqs-poller.ts';
import type { Faults } from '../../../local/services.ts';
import { miscounted } from './counted.ts';
import { startCustomers, type Customers, type Manner } from './customers.ts';
import { sortDeadLetters } from './dead-letters.ts';
import { readLog, type Line } from './log.ts';
import { startFetching } from './fetching.ts';
import { DELIVERIES_PER_EVENT, publishAll, wants, WANTED, type Accepted } from './producers.ts';
import { judge, type Subscribed, type Verdict } from './verdict.ts';

/** Trouble that a proof makes while events flow. */
export interface Trouble {
  faults?: Faults;
  watch?: BatchWatch;
  /** Whether something has to happen in real time yet, before the clock may be moved. @default never */
  mustWait?: () => boolean;
  /** Called every {@link STEP_MS} until everything is at rest. @param progress events accepted and requests seen. */
  step?: (posthorn: OwnPosthorn, progress: number) => void;
  /** Called when nothing else could happen and the clock was moved by {@link SKIP_MS}. */
  skipped?: () => void;
}

export interface FlowReport extends Verdict {
  events: number;
  requests: number;
  /** Deliveries that customers fetched. */
  fetched: number;
  /** Posts that a producer had to make again. */
  repeatedPosts: number;
  /** Dead letters sent back to their queue. */
  redriven: number;
  /** Times that the clock was moved. */
  skips: number;
  /** Rows of statistics that differ from the log for good. */
  miscounted: number;
}

const ORGANIZATIONS = ['proof_a', 'proof_b', 'proof_c', 'proof_d'];
const STEP_MS = 25;
/** Longer than every visibility timeout and every delay. */
const SKIP_MS = 16 * 60_000;
/**
 * Looks in a row at which nothing moves before the clock is moved. On a busy machine a received message needs many turns
 * of the event loop to reach its function, and a clock that moves meanwhile would take its receives away.
 */
const STILL = 40;
/** Without any progress for this long the run has failed. */
const STUCK_MS = 180_000;
const QUEUES = ['EventsQueueUrl', 'DeliveriesQueueUrl', 'SlowDeliveriesQueueUrl'];

/**
 * The whole way on the local platform: producers publish, customers answer well, badly or never, and `trouble` happens
 * meanwhile. What a crash left invisible comes back when the clock moves, which it does only when nothing else can happen.
 * @param deliveries how many to make, about.
 */
export async function runFlow(seed: number, deliveries: number, trouble: Trouble): Promise<FlowReport> {
  const chance = createChance(seed);
  const clock = new SkippingClock();
  const posthorn = await startPosthorn({
    clock,
    // An endpoint that is dead shall use up its tries, and what is exhausted ends: circuits and healing are the business of
    // the simulation.
    settings: { POSTHORN_CIRCUIT_FAILURES: '10000', POSTHORN_HEAL_HOURS: '0', POSTHORN_STATISTICS_SECONDS: '1' },
    ...(trouble.faults ? { faults: trouble.faults } : {}),
    ...(trouble.watch ? { watch: trouble.watch } : {}),
  });
  const customers = await startCustomers();
  try {
    return await flow({ posthorn, customers, clock, chance }, Math.ceil(deliveries / DELIVERIES_PER_EVENT), trouble);
  } finally {
    await posthorn.close();
    await customers.close();
  }
}

interface Stage {
  posthorn: OwnPosthorn;
  customers: Customers;
  clock: SkippingClock;
  chance: Chance;
}

async function flow(stage: Stage, events: number, trouble: Trouble): Promise<FlowReport> {
  const { posthorn, customers, chance } = stage;
  const subscriptions = await subscribeAll(posthorn, customers);
  const accepted: Accepted[] = [];
  const feeds = subscriptions.filter(({ manner }) => manner === 'fetching');
  const fetching = startFetching(posthorn, customers, feeds);
  const toFetch = (): number =>
    accepted.filter(
      ({ id, organization, type }) =>
        wants('fetching', type) &&
        feeds.some((feed) => feed.organization === organization && !customers.seen.has(`${feed.path} ${id}`)),
    ).length;
  const end = new AbortController();
  const signal = end.signal;
  const publishing = publishAll(posthorn, { organizations: ORGANIZATIONS, events, chance, signal }, accepted);
  let published = false;
  void publishing.then(
    () => (published = true),
    () => (published = true),
  );
  try {
    const { skips, redriven, exhausted } = await untilRest(stage, trouble, {
      progress: () => accepted.length + customers.requests,
      published: () => published,
    });
    const repeatedPosts = await publishing;
    await fetching.drain(toFetch);
    const log = new Map<string, Map<string, Line[]>>();
    for (const { id } of subscriptions) log.set(id, await readLog(posthorn, id));
    const verdict = judge({ accepted, subscriptions, customers, log, exhausted });
    const wrong = await miscounted(posthorn);
    verdict.violations.push(...wrong);
    const fetched = [...customers.seen.keys()].filter((key) => key.includes('/fetching ')).length;
    const numbers = { events: accepted.length, requests: customers.requests, fetched, repeatedPosts, redriven, skips };
    return { ...verdict, ...numbers, miscounted: wrong.length };
  } finally {
    end.abort();
    await fetching.stop();
  }
}

async function subscribeAll(posthorn: OwnPosthorn, customers: Customers): Promise<Subscribed[]> {
  const subscriptions: Subscribed[] = [];
  for (const organization of ORGANIZATIONS) {
    for (const manner of Object.keys(WANTED) as Manner[]) {
      const url = customers.url(organization, manner);
      const path = new URL(url).pathname;
      const how = manner === 'fetching' ? { delivery: 'pull' } : { url };
      const { id, secret } = await posthorn.subscribe({ organization, ...how, events: WANTED[manner] });
      customers.secrets.set(path, secret);
      subscriptions.push({ id, organization, manner, path });
    }
  }
  return subscriptions;
}

interface Observed {
  progress: () => number;
  published: () => boolean;
}

/** Waits until all queues are empty and all dead letters looked at. @throws when nothing moves any more. */
async function untilRest(
  { posthorn, clock }: Stage,
  trouble: Trouble,
  { progress, published }: Observed,
): Promise<{ skips: number; redriven: number; exhausted: Set<string> }> {
  const exhausted = new Set<string>();
  let skips = 0;
  let redriven = 0;
  let still = 0;
  let last = '';
  let movedAt = Date.now();
  for (;;) {
    await pause(STEP_MS);
    trouble.step?.(posthorn, progress());
    const calls = [...posthorn.platform.sqs.calls].filter(([name]) => name !== 'GetQueueAttributes');
    const now = `${progress()} ${calls.join()}`;
    if (now !== last) movedAt = Date.now();
    still = published() && now === last && posthorn.platform.running() === 0 ? still + 1 : 0;
    last = now;
    if (Date.now() - movedAt > STUCK_MS) throw new Error(`Nothing has moved for ${STUCK_MS / 1000} s.`);
    if (still < STILL) continue;
    still = 0;
    const depths = await Promise.all(QUEUES.map((queue) => posthorn.depth(queue)));
    if (depths.some((depth) => depth > 0)) {
      if (trouble.mustWait?.()) continue;
      // Gives the retries, the crashed and the delayed back to their queues.
      clock.skip(SKIP_MS);
      trouble.skipped?.();
      skips += 1;
      continue;
    }
    const isExhausted = async (delivery: string): Promise<boolean> => {
      const [event, subscription] = delivery.split(' ') as [string, string];
      const lines = (await readLog(posthorn, subscription, event)).get(event) ?? [];
      return lines.at(-1)?.outcome === 'exhausted';
    };
    const sorted = await sortDeadLetters(posthorn, isExhausted);
    for (const delivery of sorted.exhausted) exhausted.add(delivery);
    redriven += sorted.redriven;
    if (sorted.redriven === 0) return { skips, redriven, exhausted };
  }
}
