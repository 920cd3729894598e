import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChance, type Chance } from '../../simulation/random.ts';
import { startPosthorn, type OwnPosthorn } from '../../../test/support/posthorn.ts';
import { miscounted } from './counted.ts';
import { startCustomers, type Customers, type Manner } from './customers.ts';
import { readLog, type Line } from './log.ts';
import type { FlowReport } from './report.ts';
import { startFetching } from './fetching.ts';
import { Clocks, FURTHEST_MS } from './clocks.ts';
import { perSecondOf, startParts } from './parts.ts';
import { DELIVERIES_PER_EVENT, publishAll, wants, WANTED, type Accepted } from './producers.ts';
import { untilRest } from './rest.ts';
import type { Trouble } from './trouble.ts';
import { judge, type Subscribed } from './verdict.ts';

const ORGANIZATIONS = ['proof_a', 'proof_b', 'proof_c', 'proof_d'];
/** Seconds in which functions learn of a purge and end what they had begun; as deployed it is five minutes. */
const PURGE_SECONDS = '15';
/** Each start of a process costs half a second of the machine: a burst for two cores needs no more of them at a time. */
const CONCURRENCY = {
  POSTHORN_FAN_OUT_CONCURRENCY: '2',
  POSTHORN_SENDER_CONCURRENCY: '4',
  POSTHORN_SLOW_SENDER_CONCURRENCY: '2',
};

/**
 * The whole way on the local platform: producers publish, customers answer well, badly or never, and `trouble` happens
 * meanwhile. What a crash left invisible comes back when the clock moves, which it does only when nothing else can happen.
 * @param deliveries how many to make, about.
 */
export async function runFlow(seed: number, deliveries: number, trouble: Trouble): Promise<FlowReport> {
  const chance = createChance(seed);
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-flow-'));
  const clocks = new Clocks(folder);
  const posthorn = await startPosthorn({
    clock: clocks.clock,
    folder,
    // An endpoint that is dead shall use up its tries, and what is exhausted ends: circuits and healing are the business of
    // the simulation.
    settings: {
      ...{ POSTHORN_CIRCUIT_FAILURES: '10000', POSTHORN_HEAL_HOURS: '0', POSTHORN_STATISTICS_SECONDS: '1' },
      POSTHORN_PURGE_SECONDS: PURGE_SECONDS,
      ...CONCURRENCY,
    },
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow', ...clocks.variables() },
    faults: { ...trouble.faults, skewMs: FURTHEST_MS },
    ...(trouble.watch ? { watch: trouble.watch } : {}),
  });
  const customers = await startCustomers(() => clocks.now());
  const stage = { posthorn, customers, chance, clocks };
  try {
    return await flow(stage, Math.ceil(deliveries / DELIVERIES_PER_EVENT), trouble);
  } finally {
    await posthorn.close();
    await customers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  posthorn: OwnPosthorn;
  customers: Customers;
  chance: Chance;
  clocks: Clocks;
}

async function flow(stage: Stage, events: number, trouble: Trouble): Promise<FlowReport> {
  const { posthorn, customers, chance } = stage;
  const subscriptions = await subscribeAll(stage, events);
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
  const parts = await startParts({ ...stage, subscriptions, accepted, events, signal });
  const publishing = publishAll(posthorn, { organizations: ORGANIZATIONS, events, chance, signal }, accepted);
  let published = false;
  void publishing.then(
    () => (published = true),
    () => (published = true),
  );
  const step: Trouble['step'] = (_, progress) => {
    trouble.step?.(posthorn, progress);
    parts.step(accepted.length / events);
  };
  try {
    const { missing, skips, redriven, exhausted } = await untilRest(
      stage,
      { ...trouble, step },
      {
        progress: () => accepted.length + customers.requests,
        published: () => published,
        missing: parts.missing,
        inHand: parts.inHand,
      },
    );
    const repeatedPosts = await publishing;
    await fetching.drain(toFetch);
    const log = new Map<string, Map<string, Line[]>>();
    for (const { id } of subscriptions) log.set(id, await readLog(posthorn, id));
    const verdict = judge({ accepted, subscriptions, customers, log, exhausted });
    const wrong = await miscounted(posthorn, parts.purgedTries());
    verdict.violations.push(...missing, ...wrong, ...(await parts.wrong(log)));
    const fetched = [...customers.seen.keys()].filter((key) => key.includes('/fetching ')).length;
    const numbers = { events: accepted.length, requests: customers.requests, fetched, repeatedPosts, redriven, skips };
    return { ...verdict, ...numbers, miscounted: wrong.length, ...parts.numbers(log) };
  } finally {
    end.abort();
    await fetching.stop();
  }
}

async function subscribeAll({ posthorn, customers }: Stage, events: number): Promise<Subscribed[]> {
  const subscriptions: Subscribed[] = [];
  for (const organization of ORGANIZATIONS) {
    for (const manner of Object.keys(WANTED) as Manner[]) {
      if (manner === 'paced' && organization !== ORGANIZATIONS[0]) continue;
      const url = customers.url(organization, manner);
      const path = new URL(url).pathname;
      const ceiling = manner === 'paced' && { rate_per_second: perSecondOf(events) };
      const how = manner === 'fetching' ? { delivery: 'pull' } : { url, ...ceiling };
      const { id, secret } = await posthorn.subscribe({ organization, ...how, events: WANTED[manner] });
      customers.secrets.set(path, secret);
      subscriptions.push({ id, organization, manner, path });
    }
  }
  return subscriptions;
}
