import { printHeader } from './support/report.ts';

// `npm run bench -- <name>`: what is measured and why, docs/performance.md.

const BENCHMARKS: Record<string, () => Promise<{ run(words: readonly string[]): Promise<unknown> }>> = {
  sender: () => import('./sender/kept-alive.ts'),
  scale: () => import('./scale/scale.ts'),
  isolation: () => import('./platform/isolation.ts'),
  outage: () => import('./platform/outage.ts'),
  throttling: () => import('./platform/throttling.ts'),
  'long-waits': () => import('./platform/long-waits.ts'),
  'one-key': () => import('./platform/one-key.ts'),
  pause: () => import('./platform/pause.ts'),
  bars: () => import('./platform/bars.ts'),
  crash: () => import('./platform/crash.ts'),
  'end-to-end': () => import('./platform/end-to-end.ts'),
  'new-connections': () => import('./sender/new-connections.ts'),
  'own-lag': () => import('./sender/own-lag.ts'),
  'fan-out': () => import('./fan-out/deliveries.ts'),
  'cold-start': () => import('./cold-start/cold-start.ts'),
  cost: () => import('./cost/cost.ts'),
  growth: () => import('./growth/growth.ts'),
  ingest: () => import('./ingest/events.ts'),
  find: () => import('./find/find.ts'),
  peers: () => import('./peers/peers.ts'),
};

/** Those that start the platform, or its engines: with `POSTHORN_LIKE_AWS` they are as bad as AWS. */
const ON_PLATFORM = new Set([
  'bars',
  'cost',
  'crash',
  'end-to-end',
  'find',
  'isolation',
  'long-waits',
  'one-key',
  'outage',
  'pause',
  'throttling',
]);

const [name = '', ...words] = process.argv.slice(2);
const load = BENCHMARKS[name];
const like = process.env.POSTHORN_LIKE_AWS;
if (load && like && !ON_PLATFORM.has(name)) {
  console.error(`Expected no POSTHORN_LIKE_AWS with ${name}, got "${like}": it starts no platform that could be so.`);
  process.exitCode = 1;
} else if (load) {
  printHeader(name);
  await (await load()).run(words);
} else {
  console.error(`Expected one of ${Object.keys(BENCHMARKS).join(', ')}, got "${name}".`);
  process.exitCode = 1;
}
