import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Where a script keeps what Node has compiled for it, in this environment. */
function compiledIn(env: NodeJS.ProcessEnv): string {
  const words = ['scripts/node24.mjs', '-p', 'require("node:module").getCompileCacheDir()'];
  return execFileSync(process.execPath, words, { cwd: ROOT, env, encoding: 'utf8' });
}

it('keeps what Node has compiled with the other caches', () => {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;

  expect(compiledIn(env)).toContain(join(ROOT, 'node_modules/.cache/compiled'));
});

it('keeps it where the user wants it', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'posthorn-compiled-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));

  expect(compiledIn({ ...process.env, NODE_COMPILE_CACHE: folder })).toContain(folder);
});
