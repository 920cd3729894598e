import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a bundle, as stacks name it. */
const PLACE = /(?:file:\/\/)?\/[^\s"()]+\/(?:index|parts\/[\w-]+)\.mjs:(\d+):(\d+)/g;

/**
 * Names places of bundles in log lines as those of their sources: here rather than by Node's `--enable-source-maps` in the
 * functions, which takes 8 MB of each of them, and 30 MB and 150 ms for the first error whose stack anybody looks at; Node does so
 * whenever an idle connection ends.
 */
export function sourcePlaces(): (line: string) => string {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string): SourceMap | undefined => {
    if (!maps.has(file)) maps.set(file, existsSync(`${file}.map`) ? readMap(file) : undefined);
    return maps.get(file);
  };
  return (line) => {
    if (!line.includes('.mjs:')) return line;
    return line.replaceAll(PLACE, (place, row: string, column: string) => {
      const path = place.slice(0, -`:${row}:${column}`.length);
      const file = path.startsWith('file:') ? fileURLToPath(path) : path;
      const origin = mapOf(file)?.findOrigin(Number(row), Number(column));
      if (!origin || !('fileName' in origin)) return place;
      return `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`;
    });
  };
}

function readMap(file: string): SourceMap {
  const map = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload;
  const sources = map.sources.map((source) => resolve(dirname(file), map.sourceRoot ?? '', source));
  return new SourceMap({ ...map, sourceRoot: '', sources });
}
