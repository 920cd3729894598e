import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as source from '../src/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): Record<string, Record<string, string>> =>
  JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Record<string, Record<string, string>>;

describe('the package', () => {
  it('builds to JavaScript that exports what the source exports', async () => {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'receiver')]);

    const built = (await import(join(ROOT, 'receiver/dist/index.js'))) as Record<string, unknown>;

    expect(Object.keys(built).sort()).toEqual(Object.keys(source).sort());
  });

  it('needs the very versions that it was tested with', () => {
    const mine = read('receiver/package.json');
    const root = read('package.json');
    for (const [name, version] of Object.entries({ ...mine.dependencies, ...mine.devDependencies })) {
      expect(root.devDependencies![name]).toBe(version);
    }
  });
});
