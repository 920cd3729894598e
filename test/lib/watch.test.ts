import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createBundles } from '../../bench/support/bundle.ts';
import { readCdkJson } from '../../local/template/synth.ts';
import { CONSOLE_INPUTS } from '../../scripts/console.ts';

// A synthesis is repeated when a file that `watch` of cdk.json names has changed: one that it lacks would leave the local run
// on old code.

const ROOT = join(import.meta.dirname, '../..');

function watchedFiles(): Set<string> {
  const { include, exclude } = readCdkJson(ROOT).watch!;
  const found = globSync(include, { cwd: ROOT, exclude: [...exclude, '**/node_modules', '**/.*'] });
  return new Set(found);
}

/** Files of the repository that a synthesis loads as modules. */
function loadedBySynthesis(): string[] {
  const note = `
    import { registerHooks } from 'node:module';
    import { appendFileSync } from 'node:fs';
    registerHooks({ load: (url, context, next) => (appendFileSync(process.env.LOADED, url + '\\n'), next(url, context)) });`;
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-watch-'));
  const loaded = join(folder, 'loaded');
  const hooks = `data:text/javascript,${encodeURIComponent(note)}`;
  // Which line made what is of no account here, and takes a fifth of a synthesis.
  const context = { 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-stack-trace': true };
  execFileSync(process.execPath, ['--import', hooks, 'bin/posthorn.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      LOADED: loaded,
      CDK_OUTDIR: join(folder, 'cdk.out'),
      CDK_CONTEXT_JSON: JSON.stringify({ ...readCdkJson(ROOT).context, ...context }),
    },
    stdio: 'ignore',
  });
  const urls = readFileSync(loaded, 'utf8').split('\n');
  return urls.filter((url) => url.startsWith('file:')).map((url) => relative(ROOT, fileURLToPath(url)));
}

const own = (paths: string[]): string[] => paths.filter((path) => !path.split('/').includes('node_modules'));

describe('what cdk.json watches', () => {
  it('has every file that the app, the functions and the console are made of', async () => {
    const bundles = createBundles();
    const stages = globSync('lambdas/*/handler.ts', { cwd: ROOT }).map((path) => path.split('/')[1]!);
    const bundled = (await Promise.all(stages.map((stage) => bundles.inputs(stage)))).flat();
    bundles.close();
    const loaded = loadedBySynthesis();

    const watched = watchedFiles();

    const madeOf = own([...bundled, ...loaded, ...CONSOLE_INPUTS]);
    expect(madeOf).toEqual(expect.arrayContaining(['lib/posthorn-stack.ts', 'lambdas/sender/handler.ts']));
    expect(madeOf.filter((path) => !watched.has(path))).toEqual([]);
  }, 120_000);
});
