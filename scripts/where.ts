import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createBundles, type Bundles } from '../bench/support/bundle.ts';
import { mapBeside, mapIn, readTrouble, type Frame, type Trouble } from './find-source.ts';
import { readOptions } from './read-options.ts';

const STAGES = ['ingest', 'fan-out', 'sender', 'api', 'subscription-guard', 'statistics', 'recovery'];
const USAGE = `npm run where -- '<log line, or its at or stack>' [--stage <stage>] [--map <path>]
Finds file and line of the source for a place in a function's bundle. Without text, reads standard input.
  --stage <stage>   whose bundle it is, when the text does not say: ${STAGES.join(', ')}
  --map <path>      folder with the source maps of the code that wrote the line, or its index.mjs.map (docs/runbook.md says
                    how to fetch them). Without it, maps beside the bundle are used, else those made from this checkout
                    now: right only if this is the commit that was deployed`;

const { values, positionals } = readOptions(
  { allowPositionals: true, options: { stage: { type: 'string' }, map: { type: 'string' } } },
  USAGE,
);

/** Finds the source of a place in any file of a bundle. */
type FindPlace = (frame: Frame) => string | undefined;

const inFolder =
  (folder: string): FindPlace =>
  (frame) =>
    mapIn(folder, frame)?.(frame);

async function findPlaces({ stage, frames: [first] }: Trouble, bundles: Bundles): Promise<FindPlace> {
  if (values.map !== undefined) return inFolder(statSync(values.map).isDirectory() ? values.map : dirname(values.map));
  if (first && mapBeside(first)) return (frame) => mapBeside(frame)?.(frame);
  const whose = values.stage ?? stage;
  if (whose === undefined || !STAGES.includes(whose)) {
    throw new Error(`Expected --stage with one of ${STAGES.join(', ')}, got ${whose ?? 'none'}.\n${USAGE}`);
  }
  console.error('No map given: made from this checkout. Is it the commit that is deployed?');
  return inFolder(dirname(await bundles.stage(whose)));
}

async function main(): Promise<void> {
  const trouble = readTrouble(positionals.join('\n') || readFileSync(process.stdin.fd, 'utf8'));
  if (trouble.frames.length === 0)
    throw new Error(`Expected a place such as "at f (file:///var/task/index.mjs:106:5631)".\n${USAGE}`);
  const bundles = createBundles();
  try {
    const find = await findPlaces(trouble, bundles);
    for (const frame of trouble.frames) console.log(`${find(frame) ?? 'not in the map'}  ${frame.text}`);
  } finally {
    bundles.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
