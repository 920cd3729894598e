import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../platform/phase.ts';
import type { Product } from './products.ts';
import type { Arrivals, Receiver } from './receiver.ts';
import type { Watch } from './usage.ts';

/** Numbers by what they say. */
export type Figures = Record<string, number>;

/** What a scenario works with. */
export interface Setting {
  peer: string;
  product: Product;
  receiver: Receiver;
  watch: Watch;
  /** Kills the product's server. @returns how many processes that were. */
  kill(): number;
  /** Events of a burst. */
  events: number;
  /** Length of a steady load. */
  seconds: number;
  /** Events a second of a steady load. */
  perSecond: number;
  /** How long is waited for what has not come, seconds. */
  patience: number;
}

/** A load and what is measured under it. */
export interface Scenario {
  /** Who is published to, and at which paths they receive. */
  tenants(peer: string): { name: string; paths: string[] }[];
  run(setting: Setting): Promise<Figures>;
}

/** Connections of the publisher in a burst. */
const CONNECTIONS = 32;
const HUNDRED = 100;
const HANGING = 5;
/** Only these are measured: what hung in an earlier round gets its deliveries when the product trusts it again. */
const NEVER_HANG = 70;
/** Part of the burst that is accepted when the server is killed. */
const KILLED_AT = 0.4;
/** A publisher repeats what nobody has accepted. */
const REPEAT_MS = 250;
/** How long after the kill it is counted what has not come yet, seconds. */
const COUNTED_AFTER = [10, 30, 120];
const PAUSE_MS = 20;

/** Numbers of events are never used twice: a product may know an event that it had. */
let numbers = 0;

interface Published {
  tenant: string;
  number: number;
  /** `performance.now()` when it was first sent, and when it was accepted. */
  sentMs: number;
  acceptedMs: number;
}

const one = (name: string, endpoints: number) => (peer: string) => [
  {
    name: `${peer}_${name}`,
    paths: Array.from({ length: endpoints }, (_, n) => `/${peer}/${name}/${n}`),
  },
];

const hundred = (peer: string): { name: string; paths: string[] }[] =>
  Array.from({ length: HUNDRED }, (_, n) => ({ name: `${peer}_h${n}`, paths: [`/${peer}/hang/${n}`] }));

/** By the name on the command line. */
export const SCENARIOS: Record<string, Scenario> = {
  burst: { tenants: one('burst', 1), run: (setting) => burst(setting, `${setting.peer}_burst`, 1) },
  ten: { tenants: one('ten', 10), run: (setting) => burst(setting, `${setting.peer}_ten`, 10) },
  steady: { tenants: one('steady', 1), run: (setting) => steady(setting, [`${setting.peer}_steady`]) },
  hang: { tenants: hundred, run: hang },
  kill: { tenants: one('kill', 1), run: kill },
};

/** As many events as there are, over {@link CONNECTIONS} connections, each one after the other. */
async function burst(setting: Setting, tenant: string, endpoints: number): Promise<Figures> {
  const { receiver, watch } = setting;
  const arrivals = receiver.begin(numbers + 1);
  watch.begin();
  const startMs = performance.now();
  const published = await publishAll(setting, tenant, Math.ceil(setting.events / endpoints));
  await arrived(setting, arrivals, published, endpoints);
  return figures(setting, { startMs, published, arrivals, endpoints });
}

async function publishAll(
  { product }: Setting,
  tenant: string,
  count: number,
  onAccepted: (count: number) => void = () => undefined,
): Promise<Published[]> {
  const published: Published[] = [];
  let left = count;
  const connection = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      published.push(await publish(product, tenant));
      onAccepted(published.length);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return published;
}

/** Publishes one event, again until it is accepted. */
async function publish(product: Product, tenant: string): Promise<Published> {
  const number = (numbers += 1);
  const sentMs = performance.now();
  for (;;) {
    const status = await product.publish(tenant, number);
    if (status >= 200 && status < 300) return { tenant, number, sentMs, acceptedMs: performance.now() };
    if (status >= 400 && status < 500 && status !== 429)
      throw new Error(`Expected the event to be accepted, got ${status}`);
    await pause(REPEAT_MS);
  }
}

/** At even distances, whatever becomes of the posts before. @param load.measured those of the tenants that count; all by default */
async function steady(
  setting: Setting,
  tenants: readonly string[],
  { hanging = [], measured = tenants }: { hanging?: readonly string[]; measured?: readonly string[] } = {},
): Promise<Figures> {
  const { product, receiver, watch, seconds, perSecond } = setting;
  const arrivals = receiver.begin(numbers + 1, hanging);
  watch.begin();
  const startMs = performance.now();
  const posts: Promise<Published>[] = [];
  for (let n = 0; n < seconds * perSecond; n++) {
    const waitMs = startMs + (n * 1000) / perSecond - performance.now();
    if (waitMs > 0) await pause(waitMs);
    posts.push(publish(product, tenants[n % tenants.length]!));
  }
  const published = (await Promise.all(posts)).filter(({ tenant }) => measured.includes(tenant));
  await arrived(setting, arrivals, published);
  return figures(setting, { startMs, published, arrivals, endpoints: 1 });
}

/** 100 tenants, of which first none and then five hang: how long the others wait. */
async function hang(setting: Setting): Promise<Figures> {
  const tenants = hundred(setting.peer);
  const names = tenants.map(({ name }) => name);
  const measured = names.slice(0, NEVER_HANG);
  const hanging = tenants.slice(NEVER_HANG, NEVER_HANG + HANGING).flatMap((tenant) => tenant.paths);
  const none = await steady(setting, names, { measured });
  const five = await steady(setting, names, { measured, hanging });
  setting.receiver.begin(numbers + 1);
  const key = 'delivered p99 ms';
  return { 'p99 ms, none hangs': none[key]!, 'p99 ms, five hang': five[key]!, lost: none['lost']! + five['lost']! };
}

/** kill -9 of the server within a burst; the publisher repeats what was not accepted. Whoever runs the product starts it again. */
async function kill(setting: Setting): Promise<Figures> {
  const { receiver, watch, events } = setting;
  const arrivals = receiver.begin(numbers + 1);
  watch.begin();
  const startMs = performance.now();
  let killedMs = 0;
  let killed = 0;
  const published = await publishAll(setting, `${setting.peer}_kill`, events, (count) => {
    if (count < events * KILLED_AT || killedMs > 0) return;
    killedMs = performance.now();
    killed = setting.kill();
  });
  await arrived(setting, arrivals, published);
  const { lost, duplicates } = figures(setting, { startMs, published, arrivals, endpoints: 1 });
  const cameMs = [...arrivals.first.values()].map((ms) => ms - killedMs);
  const missing = (seconds: number): number => published.length - cameMs.filter((ms) => ms <= seconds * 1000).length;
  return {
    killed,
    ...Object.fromEntries(COUNTED_AFTER.map((seconds) => [`missing ${seconds} s after the kill`, missing(seconds)])),
    [`missing at the end`]: lost!,
    duplicates: duplicates!,
    's from the kill to the last that came': Math.max(...cameMs) / 1000,
  };
}

/** Waits until what was published has come to all endpoints, as long as its patience lasts. */
async function arrived(
  { patience }: Setting,
  { first }: Arrivals,
  published: readonly Published[],
  endpoints = 1,
): Promise<void> {
  const numbers = new Set(published.map(({ number }) => number));
  const count = (): number => [...first.keys()].filter((delivery) => numbers.has(numberIn(delivery))).length;
  const deadlineMs = performance.now() + patience * 1000;
  while (first.size < numbers.size * endpoints || count() < numbers.size * endpoints) {
    if (performance.now() > deadlineMs) return;
    await pause(PAUSE_MS);
  }
}

const numberIn = (delivery: string): number => Number(delivery.split(' ')[1]);

function figures(
  { peer, watch }: Setting,
  result: { startMs: number; published: Published[]; arrivals: Arrivals; endpoints: number },
): Figures {
  const { startMs, published, arrivals, endpoints } = result;
  const usage = watch.read();
  const acceptedMs = new Map(published.map(({ number, acceptedMs }) => [number, acceptedMs]));
  const accepts = published.map(({ sentMs, acceptedMs }) => acceptedMs - sentMs);
  const came = [...arrivals.first].filter(([delivery]) => delivery.startsWith(`/${peer}/`));
  const waits = came.flatMap(([delivery, ms]) => {
    const accepted = acceptedMs.get(numberIn(delivery));
    return accepted === undefined ? [] : [Math.max(0, ms - accepted)];
  });
  const wanted = published.length * endpoints;
  const lastMs = Math.max(...came.map(([, ms]) => ms));
  return {
    'deliveries/s': (1000 * waits.length) / (lastMs - startMs),
    ...shares('accepted', accepts),
    ...shares('delivered', waits),
    lost: wanted - waits.length,
    duplicates: arrivals.duplicates,
    ...Object.fromEntries(
      Object.entries(usage).flatMap(([group, { cpuMs, peakMb, processes }]) => [
        [`CPU ms a delivery, ${group}`, cpuMs / wanted],
        [`MiB, ${group}`, Math.round(peakMb)],
        [`processes, ${group}`, processes],
      ]),
    ),
  };
}

const shares = (what: string, values: number[]): Figures =>
  Object.fromEntries([0.5, 0.95, 0.99].map((share) => [`${what} p${share * 100} ms`, percentile(values, share)]));
