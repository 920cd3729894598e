import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readArguments } from './arguments.ts';
import { lockFolder } from './lock.ts';
import { readableLine } from './log.ts';
import type { LogEntry } from './log.ts';
import { localOutputs, writeOutputs } from './outputs-file.ts';
import { startPlatform } from './platform.ts';
import type { Platform } from './platform.ts';
import { prepare } from './prepare.ts';

const PROJECT = join(import.meta.dirname, '..');
const FOLDER = join(PROJECT, '.local');
const OUTPUTS = join(FOLDER, 'outputs.json');
/** Width of the names in front of log lines. */
const NAME_WIDTH = 18;

async function main(): Promise<void> {
  const { port, reset } = readArguments(process.argv.slice(2), process.env);
  readyFolder(reset);
  console.log('Synthesizing the app …');
  const platform = await startPlatform({
    folder: FOLDER,
    project: PROJECT,
    apiPort: port,
    // Lets the functions talk to receivers on this machine; no template has it.
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    onLog: print,
  });
  endWith(platform);
  const outputs = localOutputs(platform, await prepare(platform, FOLDER));
  writeOutputs(OUTPUTS, outputs);
  welcome(platform, outputs);
}

/**
 * Takes away what the last run left: its outputs always, so that whoever waits for the file does not find old ports;
 * with reset, everything. @throws when a run is using the folder.
 */
function readyFolder(reset: boolean): void {
  const unlock = lockFolder(FOLDER);
  rmSync(OUTPUTS, { force: true });
  for (const name of reset ? readdirSync(FOLDER) : []) {
    if (name !== 'lock') rmSync(join(FOLDER, name), { recursive: true, force: true });
  }
  unlock();
}

function print({ source, line }: LogEntry): void {
  const readable = readableLine(line);
  if (readable) console.log(`${source.padEnd(NAME_WIDTH)} ${readable}`);
}

function welcome({ apiUrl }: Platform, outputs: Record<string, Record<string, string>>): void {
  const consoleUrl = Object.values(outputs).find((o) => o['ConsoleUrl'])?.['ConsoleUrl'] ?? `${apiUrl}/`;
  console.log(
    [
      '',
      'Posthorn runs.',
      `  API      ${apiUrl}`,
      `  Console  ${consoleUrl}`,
      `  Outputs  ${relative(process.cwd(), OUTPUTS)} (URLs, tables, queues, local keys)`,
      'Ctrl-C ends it; data stays. "npm start -- --reset" begins anew.',
      '',
    ].join('\n'),
  );
}

/** Ends the run on the usual signals, and when the process that started this one is gone. */
function endWith(platform: Platform): void {
  let ending = false;
  const end = (): void => {
    // Asked a second time: at once. The functions notice the closed pipe and end too.
    if (ending) process.exit(1);
    ending = true;
    rmSync(OUTPUTS, { force: true });
    void platform.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !ending) end();
  }, 1000).unref();
}

try {
  await main();
} catch (error) {
  // Plain errors say what to do; anything else is a defect, and its stack says where.
  console.error(error instanceof Error && error.name === 'Error' ? error.message : error);
  process.exit(1);
}
