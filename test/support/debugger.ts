import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait-for.ts';

/** A message of the Chrome DevTools protocol, as Node's inspector sends it. */
interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** A debugger that thinks in TypeScript, as editors do: it finds its places by the source maps of what is loaded. */
export interface Debugger {
  /** Stops at a line. @param file end of the path of the source; @param text part of the line. */
  breakAt(file: string, text: string): Promise<void>;
  /** Waits until the process stands still. @returns source and line (from 1) of where. */
  paused(): Promise<{ file: string; line: number }>;
  /** The value of an expression where it stands still. */
  evaluate(expression: string): Promise<unknown>;
  resume(): Promise<void>;
  close(): void;
}

interface Script {
  id: string;
  map: SourceMap;
  folder: string;
}

/** Attaches to the inspector at a port of this machine. */
export async function attachDebugger(port: number): Promise<Debugger> {
  const list = await waitFor('the inspector to listen', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
    return (await response?.json()) as { webSocketDebuggerUrl: string }[] | undefined;
  });
  const socket = new WebSocket(list[0]!.webSocketDebuggerUrl);
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const scripts: Script[] = [];
  const stops: Record<string, unknown>[] = [];
  let stopped = Promise.withResolvers<void>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) {
      const { resolve: done, reject } = waiting.get(message.id)!;
      return message.error ? reject(new Error(message.error.message)) : done(message.result ?? {});
    }
    if (message.method === 'Debugger.scriptParsed') note(message.params!, scripts);
    if (message.method === 'Debugger.paused') {
      stops.push(message.params!);
      stopped.resolve();
    }
  });
  await new Promise((open, fail) => {
    socket.addEventListener('open', open);
    socket.addEventListener('error', () => fail(new Error(`No debugger could be attached at ${port}.`)));
  });
  let count = 0;
  const call = (method: string, params: object = {}): Promise<Record<string, unknown>> => {
    const done = Promise.withResolvers<Record<string, unknown>>();
    waiting.set(++count, done);
    socket.send(JSON.stringify({ id: count, method, params }));
    return done.promise;
  };
  await call('Debugger.enable');
  return {
    async breakAt(file, text) {
      const place = await waitFor(
        `a line of ${file} with "${text}" to be loaded`,
        () => scripts.flatMap((script) => placesOf(script, file, text))[0],
      );
      await call('Debugger.setBreakpoint', { location: place });
    },
    async paused() {
      await stopped.promise;
      const [frame] = (stops.at(-1)!['callFrames'] as { location: Location }[]) ?? [];
      const { scriptId, lineNumber, columnNumber } = frame!.location;
      const script = scripts.find(({ id }) => id === scriptId)!;
      const { originalSource, originalLine } = script.map.findEntry(lineNumber, columnNumber) as Entry;
      return { file: resolve(script.folder, originalSource), line: originalLine + 1 };
    },
    async evaluate(expression) {
      const [frame] = stops.at(-1)!['callFrames'] as { callFrameId: string }[];
      const { result } = await call('Debugger.evaluateOnCallFrame', {
        callFrameId: frame!.callFrameId,
        expression,
        returnByValue: true,
      });
      return (result as { value: unknown }).value;
    },
    async resume() {
      stopped = Promise.withResolvers<void>();
      await call('Debugger.resume');
    },
    close: () => socket.close(),
  };
}

interface Location {
  scriptId: string;
  lineNumber: number;
  columnNumber: number;
}
interface Entry {
  originalSource: string;
  originalLine: number;
  generatedLine: number;
  generatedColumn: number;
}

function note({ scriptId, url, sourceMapURL }: Record<string, unknown>, scripts: Script[]): void {
  if (typeof sourceMapURL !== 'string' || sourceMapURL === '' || sourceMapURL.startsWith('data:')) return;
  const folder = dirname(fileURLToPath(String(url)));
  const payload = JSON.parse(readFileSync(resolve(folder, sourceMapURL), 'utf8')) as ConstructorParameters<
    typeof SourceMap
  >[0];
  // Node's own SourceMap leaves it out.
  const { sourceRoot = '' } = payload;
  const sources = payload.sources.map((source) => sourceRoot + source);
  scripts.push({ id: String(scriptId), map: new SourceMap({ ...payload, sources, sourceRoot: '' }), folder });
}

/** Where the lines of a source that contain a text stand in a script. */
function placesOf({ id, map, folder }: Script, file: string, text: string): Location[] {
  const source = map.payload.sources.find((one) => resolve(folder, one).endsWith(file));
  if (source === undefined) return [];
  const wanted = readFileSync(resolve(folder, source), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  const lines = map.payload.mappings.split(';').length;
  const places: Location[] = [];
  for (let lineNumber = 0; lineNumber < lines; lineNumber += 1) {
    const entry = map.findEntry(lineNumber, 10_000) as Partial<Entry>;
    if (entry.originalSource !== source || entry.originalLine !== wanted) continue;
    if (entry.generatedLine === lineNumber) places.push({ scriptId: id, lineNumber, columnNumber: 0 });
  }
  return places;
}
