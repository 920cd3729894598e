import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printTable } from '../support/report.ts';
import { median } from '../support/rounds.ts';
import { PRODUCTS, type Product } from './products.ts';
import { startReceiver } from './receiver.ts';
import { SCENARIOS, type Figures, type Scenario } from './scenarios.ts';
import { watchProcesses } from './usage.ts';

/** What is compared: a product that runs, and which processes are its. */
interface Peer {
  /** What the report calls it. */
  name: string;
  product: string;
  url: string;
  key: string;
  /** Patterns of command lines, by group: `server`, `databases`, … */
  processes: Record<string, string>;
  /** The group that `kill` kills. @default the first one */
  kill?: string;
}

/** Those of this checkout: another one's may run beside, and `kill` kills all of them. */
const ROOT = join(import.meta.dirname, '../..').replaceAll(/[^\w/]/g, '.');
const OWN = `server=^\\S*node .*${ROOT}/local/lambda/(host-process|bootstrap),local AWS=^\\S*node .*local/main\\.ts.* in ${ROOT}$`;

const USAGE = `npm run bench -- peers --product posthorn|svix|outpost --url <API> --key <key> [--processes server=<pattern>,databases=<pattern>]
npm run bench -- peers --peers peers.json     several in one run, in turn: [{ "name", "product", "url", "key", "processes": { … }, "kill" }]
  --scenarios ${Object.keys(SCENARIOS).join(',')}   --rounds 3   --events 5000   --seconds 20   --per-second 50
  --patience 150     seconds that are waited for what has not come`;

/**
 * Compares webhook products that run on this machine: the same events by the same load program to the same receiver, each
 * scenario for one after the other, round by round.
 */
export async function run(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      product: { type: 'string', default: 'posthorn' },
      url: { type: 'string' },
      key: { type: 'string' },
      processes: { type: 'string', default: OWN },
      peers: { type: 'string' },
      scenarios: { type: 'string', default: 'burst,ten,steady' },
      rounds: { type: 'string', default: '3' },
      events: { type: 'string', default: '5000' },
      seconds: { type: 'string', default: '20' },
      'per-second': { type: 'string', default: '50' },
      patience: { type: 'string', default: '150' },
    },
  });
  const peers = readPeers(values);
  const size = {
    events: Number(values.events),
    seconds: Number(values.seconds),
    perSecond: Number(values['per-second']),
    patience: Number(values.patience),
  };
  const receiver = await startReceiver();
  // Tenants of their own for each run: to those of the one before, endpoints belong that are not there any more.
  const run = Date.now().toString(36);
  const running = peers.map((peer) => ({
    peer,
    id: `${peer.name}_${run}`,
    product: productOf(peer),
    watch: watchProcesses(peer.processes),
    all: new Map<string, Figures[]>(),
  }));
  try {
    const names = values.scenarios.split(',');
    for (const { id, product } of running) {
      const tenants = names.flatMap((name) => scenarioOf(name).tenants(id));
      await product.prepare(
        tenants.map(({ name, paths }) => ({ name, urls: paths.map((path) => receiver.url(path)) })),
      );
    }
    for (let round = 0; round <= Number(values.rounds); round++) {
      for (const name of names) {
        for (const { peer, id, product, watch, all } of running) {
          // The first round only warms: code is compiled, processes are started, and nothing is killed.
          const kill = (): number => (round === 0 ? 0 : watch.kill(peer.kill ?? Object.keys(peer.processes)[0]!));
          const part = round === 0 ? { ...size, events: Math.ceil(size.events / 5), seconds: 5 } : size;
          const figures = await scenarioOf(name).run({ peer: id, product, receiver, watch, kill, ...part });
          if (round === 0) continue;
          all.set(name, [...(all.get(name) ?? []), figures]);
          console.log(`round ${round} · ${name} · ${peer.name}: ${inWords(figures)}`);
        }
      }
    }
    for (const name of names) report(name, running);
  } finally {
    for (const { watch } of running) watch.close();
    receiver.close();
  }
}

function readPeers(values: { peers?: string; product: string; url?: string; key?: string; processes: string }): Peer[] {
  if (values.peers !== undefined) return JSON.parse(readFileSync(values.peers, 'utf8')) as Peer[];
  const { product, url, key } = values;
  if (url === undefined || key === undefined) throw new Error(`Expected --url and --key, or --peers.\n${USAGE}`);
  const processes = Object.fromEntries(
    values.processes.split(',').map((group) => group.split('=') as [string, string]),
  );
  return [{ name: product, product, url: url.replace(/\/$/, ''), key, processes }];
}

function productOf({ product, url, key }: Peer): Product {
  const create = PRODUCTS[product];
  if (!create)
    throw new Error(`Expected a product of ${Object.keys(PRODUCTS).join(', ')}, got "${product}".\n${USAGE}`);
  return create({ url, key });
}

function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS[name];
  if (!scenario)
    throw new Error(`Expected scenarios of ${Object.keys(SCENARIOS).join(', ')}, got "${name}".\n${USAGE}`);
  return scenario;
}

const inWords = (figures: Figures): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${format(value)}`)
    .join(', ');

const format = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3));

/** Medians of the rounds, peers beside each other. */
function report(name: string, running: { peer: Peer; all: Map<string, Figures[]> }[]): void {
  const rows = [...new Set(running.flatMap(({ all }) => all.get(name)?.flatMap((f) => Object.keys(f)) ?? []))];
  console.log();
  printTable(
    [name, ...running.map(({ peer }) => peer.name)],
    rows.map((row) => [
      row,
      ...running.map(({ all }) => {
        const values = all.get(name)?.flatMap((figures) => figures[row] ?? []) ?? [];
        return values.length === 0 ? '' : format(median(values));
      }),
    ]),
  );
}
