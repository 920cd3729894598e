import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * The files of a folder written by scripts/console.ts. Nothing is read before the first request: most starts of the
 * function serve no file. What was read stays in memory.
 */
export function createStaticFiles(folder: string) {
  let types: Record<string, string> | undefined;
  const cache = new Map<string, Promise<Buffer>>();
  const load = (path: string): Promise<Buffer> => {
    const bytes = cache.get(path) ?? readFile(join(folder, path));
    cache.set(path, bytes);
    // What could not be read now may be read later.
    bytes.catch(() => cache.delete(path));
    return bytes;
  };
  return {
    /** Media type of a file; undefined: there is none of this name. */
    typeOf(name: string): string | undefined {
      types ??= JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')) as Record<string, string>;
      return Object.hasOwn(types, name) ? types[name] : undefined;
    },
    /** Its bytes. @throws when there is no such file. */
    async read(name: string, encoding: 'br' | 'gzip' | 'identity'): Promise<Buffer> {
      if (encoding === 'br') return load(`${name}.br`);
      const zipped = await load(`${name}.gz`);
      return encoding === 'gzip' ? zipped : gunzipSync(zipped);
    },
  };
}
