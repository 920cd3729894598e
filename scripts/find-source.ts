import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// From a place in a function's bundle, as the log names it, to file and line of the source.

/** A line of a stack, as `at` and `stack` in the log have it. */
export interface Frame {
  text: string;
  /** Path of the bundle's file; in AWS `/var/task/index.mjs`, or one of `/var/task/parts`. */
  file: string;
  /** From 1. */
  line: number;
  column: number;
}

/** What a log line, or a part of one, says of an error. */
export interface Trouble {
  frames: Frame[];
  /** Whose log it is, when that is said. */
  stage?: string;
}

/** Everything from `at` on, up to a quote or a bracket that ends it. */
const FRAME = /\bat (?:async (?=file:|\/)|[^"\n]*?\()?((?:file:\/\/)?\/[^"\n()]*?):(\d+):(\d+)/g;

/** Reads frames and stage from whatever was copied out of a log: a frame, a stack, a whole line, several of them. */
export function readTrouble(text: string): Trouble {
  const frames = [...text.matchAll(FRAME)].map(([match, file = '', line, column]) => ({
    text: match.endsWith(')') || !match.includes('(') ? match : `${match})`,
    file: file.startsWith('file:') ? fileURLToPath(file) : file,
    line: Number(line),
    column: Number(column),
  }));
  return { frames, stage: /"stage":"([a-z-]+)"/.exec(text)?.[1] };
}

/** Where the source of a frame is: `lambdas/fan-out/enqueue.ts:110:5`; undefined when the map does not know. */
export type FindSource = (frame: Pick<Frame, 'line' | 'column'>) => string | undefined;

/** @param json of a map, as of `index.mjs.map` */
function readMap(json: string): FindSource {
  const map = new SourceMap(JSON.parse(json) as SourceMapPayload);
  return ({ line, column }) => {
    const origin = map.findOrigin(line, column);
    return 'fileName' in origin
      ? `${inRepository(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
      : undefined;
  };
}

/** The map beside a file of a bundle on this machine: the local run's, or one that was fetched from AWS. */
export function mapBeside({ file }: Frame): FindSource | undefined {
  return readOnce(`${file}.map`);
}

/** The map of a frame's file in a folder where maps lie as beside the bundle: `index.mjs.map`, `parts/dynamodb-JCLH7LIT.mjs.map`. */
export function mapIn(folder: string, { file }: Frame): FindSource | undefined {
  const name = file.split('/').slice(file.includes('/parts/') ? -2 : -1);
  return readOnce(`${join(folder, ...name)}.map`);
}

const maps = new Map<string, FindSource | undefined>();

/** @returns undefined where there is none. */
function readOnce(path: string): FindSource | undefined {
  if (!maps.has(path)) maps.set(path, existsSync(path) ? readMap(readFileSync(path, 'utf8')) : undefined);
  return maps.get(path);
}

/** Maps name sources as seen from the folder of the bundle, wherever that was. */
function inRepository(source: string): string {
  return source.replace(/^.*?(?=\b(?:lambdas|node_modules)\/)/, '');
}
