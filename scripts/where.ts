import { readFileSync } from 'node:fs';
import { createBundles } from '../bench/support/bundle.ts';
import { mapBeside, readMap, readTrouble, type FindSource, type Frame, type Trouble } from './find-source.ts';
import { readOptions } from './read-options.ts';

const STAGES = ['ingest', 'fan-out', 'sender', 'api', 'subscription-guard', 'statistics', 'recovery'];
const USAGE = `npm run where -- '<log line, or its at or stack>' [--stage <stage>] [--map <file>]
Finds file and line of the source for a place in a function's bundle. Without text, reads standard input.
  --stage <stage>   whose bundle it is, when the text does not say: ${STAGES.join(', ')}
  --map <file>      index.mjs.map of the code that wrote the line (docs/runbook.md says how to fetch it).
                    Without it, a map beside the bundle is used, else one made from this checkout now:
                    right only if this is the commit that was deployed`;

const { values, positionals } = readOptions(
  { allowPositionals: true, options: { stage: { type: 'string' }, map: { type: 'string' } } },
  USAGE,
);

/** The map of this checkout's bundle. */
async function builtMap(stage: string): Promise<FindSource> {
  const bundles = createBundles();
  try {
    return readMap(readFileSync(`${await bundles.stage(stage)}.map`, 'utf8'));
  } finally {
    bundles.close();
  }
}

async function findMap(frame: Frame, { stage }: Trouble): Promise<FindSource> {
  if (values.map !== undefined) return readMap(readFileSync(values.map, 'utf8'));
  const beside = mapBeside(frame);
  if (beside) return beside;
  const whose = values.stage ?? stage;
  if (whose === undefined || !STAGES.includes(whose)) {
    throw new Error(`Expected --stage with one of ${STAGES.join(', ')}, got ${whose ?? 'none'}.\n${USAGE}`);
  }
  console.error('No map given: made from this checkout. Is it the commit that is deployed?');
  return builtMap(whose);
}

async function main(): Promise<void> {
  const trouble = readTrouble(positionals.join('\n') || readFileSync(process.stdin.fd, 'utf8'));
  const [first] = trouble.frames;
  if (!first) throw new Error(`Expected a place such as "at f (file:///var/task/index.mjs:106:5631)".\n${USAGE}`);
  const find = await findMap(first, trouble);
  for (const frame of trouble.frames) console.log(`${find(frame) ?? 'not in the map'}  ${frame.text}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
