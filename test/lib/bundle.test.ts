import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeBundle } from '../../lib/constructs/bundle.ts';

const ROOT = join(import.meta.dirname, '../..');
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'posthorn-bundle-'));
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

describe('the bundle of a stage', () => {
  it('is made once of the same sources, and again when one of them changed', () => {
    const [cache, first, second, third] = [newFolder(), newFolder(), newFolder(), newFolder()];
    const props = { stage: 'statistics', minify: false, cache };

    expect(writeBundle(first, props)).toBe(true);
    expect(writeBundle(second, props)).toBe(false);
    const kept = join(cache, readdirSync(cache)[0]!);
    // As if the handler had been another when it was made.
    writeFileSync(kept, readFileSync(kept, 'utf8').replace(/(handler\.ts":")[^"]+/, '$1another'));
    expect(writeBundle(third, props)).toBe(true);

    expect(read(second, 'index.mjs')).toBe(read(first, 'index.mjs'));
    expect(read(third, 'index.mjs')).toBe(read(first, 'index.mjs'));
  });

  it('is another when it is minified', () => {
    const [cache, plain, small] = [newFolder(), newFolder(), newFolder()];
    writeBundle(plain, { stage: 'statistics', minify: false, cache });

    expect(writeBundle(small, { stage: 'statistics', minify: true, cache })).toBe(true);

    expect(read(small, 'index.mjs').length).toBeLessThan(read(plain, 'index.mjs').length);
  });

  it('has a map that leads to the sources from where it lies', () => {
    const folder = newFolder();
    writeBundle(folder, { stage: 'statistics', minify: false });

    const { sources } = JSON.parse(read(folder, 'index.mjs.map')) as { sources: string[] };

    const paths = sources.map((source) => resolve(folder, source));
    expect(paths).toContain(join(ROOT, 'lambdas/statistics/handler.ts'));
  });

  it('has what is loaded on demand in parts, each with a map that leads to its sources too', () => {
    const folder = newFolder();
    writeBundle(folder, { stage: 'statistics', minify: false, cache: newFolder() });

    const maps = readdirSync(join(folder, 'parts')).filter((name) => name.endsWith('.map'));

    const sources = maps.flatMap((name) => {
      const map = JSON.parse(read(join(folder, 'parts'), name)) as { sources: string[] };
      return map.sources.map((source) => resolve(folder, 'parts', source));
    });
    expect(sources.filter((path) => path.startsWith(join(ROOT, 'node_modules/@aws-sdk/lib-dynamodb/')))).not.toEqual(
      [],
    );
    expect(sources.filter((path) => !existsSync(path))).toEqual([]);
  });
});
