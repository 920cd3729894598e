import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { sourcePlaces } from '../../lambda/source-places.ts';

/** A file of a bundle, with its map; its second line throws. */
function bundle(name: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-places-'));
  const file = join(folder, name);
  writeFileSync(
    join(folder, 'source.ts'),
    'interface Nothing {}\n\nexport const f = (): never => {\n  throw new Error("oops");\n};\n',
  );
  buildSync({ entryPoints: [join(folder, 'source.ts')], outfile: file, format: 'esm', sourcemap: true });
  return { folder, file };
}

describe('a line of the log', () => {
  it.each(['index.mjs', 'parts/dynamodb-JCLH7LIT.mjs'])(
    'names places of bundles as those of the source: %s',
    (name) => {
      const { folder, file } = bundle(name);

      const line = sourcePlaces()(`{"at":"at f (${pathToFileURL(file).href}:2:9)","stack":["at ${file}:2:9"]}`);

      const place = `${join(folder, 'source.ts')}:4:9`;
      expect(line).toBe(`{"at":"at f (${place})","stack":["at ${place}"]}`);
    },
  );

  it.each(['no place at all', 'at f (/nowhere/index.mjs:2:9)', 'at f (/nowhere/other.mjs:1:1)'])(
    'stays as it is: %s',
    (line) => {
      expect(sourcePlaces()(line)).toBe(line);
    },
  );
});
