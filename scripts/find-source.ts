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
export function readMap(json: string): FindSource {
  const map = new SourceMap(JSON.parse(json) as SourceMapPayload);
  return ({ line, column }) => {
    const origin = map.findOrigin(line, column);
    return 'fileName' in origin
      ? `${inRepository(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
      : undefined;
  };
}

/** Path of a frame's file in its bundle: `index.mjs`, `parts/dynamodb-JCLH7LIT.mjs`. */
export function nameOf({ file }: Frame): string {
  return file
    .split('/')
    .slice(file.includes('/parts/') ? -2 : -1)
    .join('/');
}

/** The map beside a file of a bundle on this machine: the local run's, or one that was fetched from AWS. */
export function mapBeside({ file }: Frame): FindSource | undefined {
  return readIfThere(`${file}.map`);
}

/** Maps of the files of a bundle that lie in a folder, as they lie beside the bundle. */
export function mapsIn(folder: string): (frame: Frame) => FindSource | undefined {
  const known = new Map<string, FindSource | undefined>();
  return (frame) => {
    const path = join(folder, `${nameOf(frame)}.map`);
    if (!known.has(path)) known.set(path, readIfThere(path));
    return known.get(path);
  };
}

function readIfThere(path: string): FindSource | undefined {
  return existsSync(path) ? readMap(readFileSync(path, 'utf8')) : undefined;
}

/** Maps name sources as seen from the folder of the bundle, wherever that was. */
function inRepository(source: string): string {
  return source.replace(/^.*?(?=\b(?:lambdas|node_modules)\/)/, '');
}
