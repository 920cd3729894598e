import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { READABLE, dataFolder } from './arguments.ts';
import { endWhenAsked } from './ending.ts';
import { invokeOnce } from './invoke-once.ts';
import { inspectorHint, inspectorsFor, readInspect } from './lambda/inspect.ts';
import { readableLine } from './log.ts';

// `npm run invoke -- sender event.json`: one function, once. Its log lines go to standard error, its result to standard output.

const USAGE = `Usage: npm run invoke -- <function> <event.json, or - for standard input> [--folder <path>]
  With POSTHORN_INSPECT=<function>[:port] it waits for a debugger first.`;

interface Wanted {
  functionName: string;
  event: unknown;
  folder: string;
}

/** @throws with the usage, or saying what is wrong with the event. */
function readWanted(args: string[]): Wanted {
  let folder: string | undefined;
  let words: string[];
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { folder: { type: 'string' } },
    });
    ({ folder } = values);
    words = positionals;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  const [functionName, file, ...more] = words;
  if (functionName === undefined || file === undefined || more.length > 0) throw new Error(USAGE);
  return { functionName, event: readEvent(file), folder: dataFolder(folder, process.env) };
}

function readEvent(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' ? process.stdin.fd : file, 'utf8');
  } catch {
    throw new Error(`Expected an event in ${file}, which cannot be read.\n${USAGE}`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`Expected JSON in ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function main(signal: AbortSignal): Promise<void> {
  const wanted = readWanted(process.argv.slice(2));
  const inspectors = await inspectorsFor(readInspect(process.env['POSTHORN_INSPECT']), { waits: true });
  for (const [name, inspector] of inspectors) console.error(`Debug ${inspectorHint(name, inspector)}`);
  const result = await invokeOnce({
    ...wanted,
    project: join(import.meta.dirname, '..'),
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    env: READABLE,
    inspectors,
    signal,
    onLog: ({ line }) => {
      const readable = readableLine(line);
      if (readable) console.error(readable);
    },
  });
  // As Lambda answers: the payload, or the error in its place.
  console.log(result.ok ? result.payload : JSON.stringify(result.error, null, 2));
  if (!result.ok) process.exitCode = 1;
}

const asked = new AbortController();
endWhenAsked(async () => asked.abort());
try {
  await main(asked.signal);
} catch (error) {
  if (!asked.signal.aborted) {
    // Plain errors say what to do; anything else is a defect, and its stack says where.
    console.error(error instanceof Error && error.name === 'Error' ? error.message : error);
    process.exitCode = 1;
  }
}
