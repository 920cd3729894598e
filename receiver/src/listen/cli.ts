#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { askKey } from './ask-key.ts';
import { forward } from './forward.ts';
import { findSubscription, listen } from './listen.ts';
import { HELP, Misused, readOptions } from './options.ts';
import { createPosthorn, pause, Refused, Unavailable } from './posthorn.ts';
import { createProgress } from './progress.ts';

/** Exit codes: it ended as told, somebody has to change something, and the call was wrong. */
const EXIT = { done: 0, refused: 1, misused: 2, killed: 130 };

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

async function main(words: readonly string[]): Promise<number> {
  const [command, ...rest] = words;
  if (words.includes('--help') || words.includes('-h') || command === undefined || command === 'help') {
    process.stdout.write(HELP);
    return command === undefined ? EXIT.misused : EXIT.done;
  }
  if (words.includes('--version')) {
    process.stdout.write(`${version()}\n`);
    return EXIT.done;
  }
  if (command !== 'listen') throw new Misused(`Expected the command listen, got "${command}".`);
  const options = readOptions(rest, process.env);
  const key = options.key ?? (process.stdin.isTTY ? await askKey() : '');
  if (key === '') throw new Misused('Expected the API key of your organization in POSTHORN_API_KEY.');
  return run({ ...options, key });
}

async function run(options: ReturnType<typeof readOptions> & { key: string }): Promise<number> {
  const posthorn = createPosthorn({ ...options, version: version() });
  const { say, progress, end } = createProgress(process.stdout, Date.now);
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(EXIT.killed);
    stop.abort();
    say('ending; once more to end at once');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const subscription = await found(options.subscription, posthorn, say, stop.signal);
  if (subscription === undefined) return EXIT.done;
  say(`forwarding ${subscription} to ${options.forward.href}`);
  const forwarded = await listen(subscription, {
    posthorn,
    forward: (item) => forward(options.forward, item, options.timeoutSeconds * 1000),
    say,
    progress,
    signal: stop.signal,
    now: Date.now,
    // What is told of a refusal gets a line of its own.
  }).finally(end);
  say(`ended; ${forwarded} forwarded`);
  return EXIT.done;
}

/** Waits for Posthorn at the beginning as well: whoever starts both at once need not mind which is first. */
async function found(
  named: string | undefined,
  posthorn: ReturnType<typeof createPosthorn>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  while (!signal.aborted) {
    try {
      return await findSubscription(named, posthorn);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const seconds = error.afterSeconds ?? 5;
      say(`${error.message}; again in ${seconds} s`);
      await pause(seconds * 1000, signal);
    }
  }
  return undefined;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isMisused = error instanceof Misused;
  if (!isMisused && !(error instanceof Refused)) throw error;
  process.stderr.write(`${error.message}\n${isMisused ? 'posthorn-receiver --help says more.\n' : ''}`);
  process.exitCode = isMisused ? EXIT.misused : EXIT.refused;
}
// A connection that is kept open would keep the process.
process.exit();
