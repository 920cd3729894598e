import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { parseArgs } from 'node:util';
import type { Proof } from '../bench/proof/proof.ts';

/** Proofs by name. A new one is a module that exports `proof`, and a line here. */
const PROOFS: Record<string, () => Promise<{ proof: Proof }>> = {
  isolation: () => import('../test/isolation/proof.ts'),
  kill: () => import('../bench/proof/kill.ts'),
  faults: () => import('../bench/proof/faults.ts'),
  simulation: () => import('../bench/proof/simulation.ts'),
  fuzz: () => import('../bench/proof/fuzz.ts'),
  bytes: () => import('../bench/proof/bytes.ts'),
  mutants: () => import('../bench/proof/mutants.ts'),
  'flow-mutants': () => import('../bench/proof/flow-mutants.ts'),
  listen: () => import('../bench/proof/listen.ts'),
  soak: () => import('../bench/proof/soak.ts'),
  engines: () => import('../bench/engines/engines.ts'),
  deploy: () => import('../bench/engines/deploy.ts'),
  pipeline: () => import('../bench/engines/whole-way.ts'),
  checkov: () => import('../bench/engines/checkov.ts'),
};

const USAGE = `npm run proof -- <${Object.keys(PROOFS).join('|')}> [--seed <number>] [--count <number>]`;

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,9}$/.test(text)) throw new Error(`Expected --${name} with a whole number, got "${text}".\n${USAGE}`);
  return Number(text);
}

/** The commit that is proven; `+` when the files differ from it. */
function commit(): string {
  const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+');
  } catch {
    return 'no git repository';
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, count: { type: 'string' } },
  });
  const load = PROOFS[positionals[0] ?? ''];
  if (!load) throw new Error(USAGE);
  const seed = readNumber('seed', values.seed) ?? Date.now() % 1_000_000_000;
  const count = readNumber('count', values.count);
  const { proof } = await load();
  const like = process.env.POSTHORN_LIKE_AWS;
  if (like && !proof.onPlatform) {
    throw new Error(
      `Expected no POSTHORN_LIKE_AWS with ${positionals[0]}, got "${like}": it starts no platform that could be so.`,
    );
  }
  const lines = {
    proof: positionals[0]!,
    promise: proof.promise,
    seed,
    commit: commit(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.version}`,
  };
  // Proofs that start the platform read it: local/README.md, Like AWS.
  if (like) console.log(`like AWS: ${like}`);
  for (const [name, value] of Object.entries(lines)) console.log(`${name}: ${value}`);
  const started = Date.now();
  const result = await proof.run({ seed, count });
  for (const [name, value] of Object.entries(result)) console.log(`${name}: ${value}`);
  console.log(`seconds: ${Math.round((Date.now() - started) / 1000)}\nresult: holds`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('result: broken');
  process.exitCode = 1;
}
