import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { READABLE, readArguments } from './arguments.ts';
import { endWhenAsked } from './ending.ts';
import { LOCK_FILES, lockFolder } from './lock.ts';
import { readableLine } from './log.ts';
import type { LogEntry } from './log.ts';
import { inspectorHint, inspectorsFor } from './lambda/inspect.ts';
import type { Inspector } from './lambda/inspect.ts';
import { OUTPUTS_FILE, localOutputs, writeOutputs, type Outputs } from './outputs-file.ts';
import { startPlatform } from './platform.ts';
import type { Platform } from './platform.ts';
import { prepare } from './prepare.ts';

const PROJECT = join(import.meta.dirname, '..');
/** Width of the names in front of log lines. */
const NAME_WIDTH = 18;

async function main(asked: AbortController): Promise<void> {
  const run: { started?: Promise<Platform>; outputsFile?: string } = {};
  endWhenAsked(async () => {
    asked.abort();
    const platform = await run.started?.catch(() => undefined);
    // Only of a run that has begun: before, the file may be another's.
    if (platform && run.outputsFile) rmSync(run.outputsFile, { force: true });
    await platform?.close();
  });
  const { port, folder, reset, inspect, likeAws } = readArguments(process.argv.slice(2), process.env);
  const outputsFile = (run.outputsFile = join(folder, OUTPUTS_FILE));
  readyFolder(folder, outputsFile, reset);
  const inspectors = await inspectorsFor(inspect, { waits: false });
  console.log('Synthesizing the app …');
  run.started = startPlatform({
    folder,
    project: PROJECT,
    apiPort: port,
    // Lets the functions talk to receivers on this machine; no template has it.
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    env: READABLE,
    isShared: true,
    inspectors,
    likeAws,
    onLog: print,
    signal: asked.signal,
  });
  const platform = await run.started;
  const outputs = localOutputs(platform, await prepare(platform, folder));
  asked.signal.throwIfAborted();
  writeOutputs(outputsFile, outputs);
  welcome(platform, outputsFile, outputs, inspectors);
  if (likeAws) console.log('Like AWS: slow, throttled and cold as local/README.md says.');
}

/**
 * Takes away what the last run left: its outputs always, so that whoever waits for the file does not find old ports;
 * with reset, everything. @throws when a run is using the folder.
 */
function readyFolder(folder: string, outputsFile: string, reset: boolean): void {
  const unlock = lockFolder(folder);
  rmSync(outputsFile, { force: true });
  for (const name of reset ? readdirSync(folder) : []) {
    if (!LOCK_FILES.includes(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  unlock();
}

/** Lines are written together: each write wakes whoever reads, and a burst has hundreds a second. Milliseconds. */
const TOGETHER_MS = 20;
let unwritten = '';

function print({ source, line }: LogEntry): void {
  const readable = readableLine(line);
  if (!readable) return;
  if (unwritten === '') setTimeout(write, TOGETHER_MS);
  unwritten += `${source.padEnd(NAME_WIDTH)} ${readable}\n`;
}

function write(): void {
  if (unwritten !== '') process.stdout.write(unwritten);
  unwritten = '';
}
process.on('exit', write);

function welcome(
  { apiUrl, leftOut }: Platform,
  outputsFile: string,
  outputs: Outputs,
  inspectors: ReadonlyMap<string, Inspector>,
): void {
  const consoleUrl = Object.values(outputs).find((o) => o['ConsoleUrl'])?.['ConsoleUrl'] ?? `${apiUrl}/`;
  console.log(
    [
      '',
      'Posthorn runs.',
      `  API      ${apiUrl}`,
      `  Console  ${consoleUrl}`,
      `  Outputs  ${relative(process.cwd(), outputsFile)} (URLs, tables, queues, local keys)`,
      ...[...inspectors].map(([name, inspector]) => `  Debug    ${inspectorHint(name, inspector)}`),
      ...(leftOut.length > 0 ? [`  Left out ${leftOut.join(', ')}: they exist in AWS alone`] : []),
      'Ctrl-C ends it; data stays. "npm start -- --reset" begins anew.',
      '',
    ].join('\n'),
  );
}

const asked = new AbortController();
try {
  await main(asked);
} catch (error) {
  // Asked to end, a start that was under way fails: the end is already on its way.
  if (!asked.signal.aborted) {
    // Plain errors say what to do; anything else is a defect, and its stack says where.
    console.error(error instanceof Error && error.name === 'Error' ? error.message : error);
    process.exit(1);
  }
}
