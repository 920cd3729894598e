import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { ConsoleFiles, ContentEncoding } from './console.ts';

/** What leads from the root in a page: the console's own script and style, and links among documents. */
const FROM_ROOT = /\b(href|src)="\/(?!\/)/g;
const ENCODERS: Record<ContentEncoding, (text: Buffer) => Buffer> = {
  br: (text) => brotliCompressSync(text),
  gzip: (text) => gzipSync(text),
  identity: (text) => text,
};

/**
 * The same files for an API that is below a path: their pages lead to what is below it. Scripts find each other by their own
 * addresses, and from them the console knows the path.
 * @param basePath with its first slash; empty: none.
 */
export function filesBelow(files: ConsoleFiles, basePath: string): ConsoleFiles {
  if (basePath === '') return files;
  const made = new Map<string, Promise<Buffer>>();
  const rewrite = async (name: string, encoding: ContentEncoding): Promise<Buffer> => {
    const page = (await files.read(name, 'identity')).toString();
    return ENCODERS[encoding](Buffer.from(page.replace(FROM_ROOT, `$1="${basePath}/`)));
  };
  return {
    typeOf: (name) => files.typeOf(name),
    read(name, encoding) {
      if (!files.typeOf(name)?.startsWith('text/html')) return files.read(name, encoding);
      const key = `${encoding} ${name}`;
      const bytes = made.get(key) ?? rewrite(name, encoding);
      made.set(key, bytes);
      // What could not be read now may be read later.
      bytes.catch(() => made.delete(key));
      return bytes;
    },
  };
}
