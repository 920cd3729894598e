import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { afterEach, describe, expect, it } from 'vitest';
import { StageFunction } from '../../lib/constructs/function.ts';
import { Operations } from '../../lib/constructs/operations.ts';
import { Rollout } from '../../lib/constructs/rollout.ts';
import { DEFAULTS } from '../../lib/settings.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** What is uploaded for ingest: its files by name. */
function deployedFiles(minify: boolean): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'posthorn-function-'));
  folders.push(outdir);
  const app = new App({ outdir });
  const scope = new Stack(app, 'Stack');
  const operations = new Operations(scope, 'Operations', { ...DEFAULTS });
  const rollout = new Rollout(scope, 'Rollout', { name: 'at-once', operations });
  const stage = { stage: 'ingest', description: 'x', timeout: Duration.seconds(10), memorySize: 512 };
  new StageFunction(scope, 'Ingest', { ...stage, minify, operations, rollout });
  app.synth();
  const asset = join(
    outdir,
    readdirSync(outdir).find((name) => name.startsWith('asset.'))!,
  );
  const names = readdirSync(asset, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'parts');
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(asset, name), 'utf8')]));
}

describe('the code of a function', () => {
  it('is minified, and its map is deployed beside it: the one that fits whatever version runs', () => {
    const files = deployedFiles(true);

    const names = Object.keys(files);
    expect(names).toEqual(expect.arrayContaining(['index.mjs', 'index.mjs.map']));
    expect(names.filter((name) => !/^(index|parts\/[\w-]+)\.mjs(\.map)?$/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.mjs') && !names.includes(`${name}.map`))).toEqual([]);
    expect(files['index.mjs']).not.toContain('function createLogger');
    const { sources, sourcesContent } = JSON.parse(files['index.mjs.map']!) as Record<string, string[] | undefined>;
    expect(sources).toContainEqual(expect.stringMatching(/lambdas\/ingest\/handler\.ts$/));
    expect(sourcesContent).toBeUndefined();
  });

  it('keeps its names when it is not minified, and leads a debugger to the source', () => {
    const files = deployedFiles(false);

    expect(files['index.mjs']).toContain('function createLogger');
    expect(files['index.mjs']).toMatch(/\/\/# sourceMappingURL=index\.mjs\.map\s*$/);
  });
});
