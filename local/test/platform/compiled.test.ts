import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepCompiled } from '../../lambda/compiled.ts';
import { LambdaFunction } from '../../lambda/function.ts';
import { Host } from '../../lambda/host.ts';
import { startProcess, type StartRunner } from '../../lambda/runner.ts';

const DAY_S = 86_400;
const host = new Host();
let project: string;
let cache: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'posthorn-compiled-'));
  cache = join(project, 'node_modules/.cache/functions');
  mkdirSync(join(project, 'node_modules'));
});
afterEach(() => rmSync(project, { recursive: true }));
afterAll(() => host.close());

/** An assembly with one bundle. */
function assembly(name: string, code = 'export const handler = async () => 1;'): string {
  const outdir = join(project, name);
  mkdirSync(join(outdir, 'asset.1'), { recursive: true });
  writeFileSync(join(outdir, 'asset.1/index.mjs'), code);
  return outdir;
}

/** Runs the bundle of an assembly: twice, because what was compiled is written after the first answer. */
async function run(outdir: string, start: StartRunner): Promise<void> {
  const taskRoot = join(outdir, 'asset.1');
  const lambda = new LambdaFunction({
    name: 'fn',
    arn: 'arn:fn',
    taskRoot,
    timeoutSeconds: 5,
    memoryMb: 128,
    limit: 1,
    variables: { _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: taskRoot, AWS_LAMBDA_FUNCTION_NAME: 'fn' },
    start,
    onLog: () => undefined,
  });
  const answers = [await lambda.invoke('{}'), await lambda.invoke('{}')];
  await lambda.close();
  expect(answers).toEqual(Array(2).fill({ ok: true, payload: '1' }));
}

/** What is kept, and when it was written. */
const kept = (): [string, number][] =>
  globSync('*/*', { cwd: cache }).map((name) => [name, statSync(join(cache, name)).mtimeMs]);

describe.each([
  { kind: 'process', start: startProcess },
  { kind: 'thread', start: host.start },
])('what a function in a $kind was compiled to', ({ start }) => {
  it('is found again in another assembly with the same bundle', async () => {
    const [first, second] = [assembly('first'), assembly('elsewhere/second')];
    for (const outdir of [first, second]) keepCompiled(outdir, project);
    await run(first, start);
    const before = kept();

    await run(second, start);

    expect(before).toHaveLength(1);
    expect(kept()).toEqual(before);
  });

  it('is not kept where nobody said so', async () => {
    await run(assembly('first'), start);

    expect(existsSync(cache)).toBe(false);
  });
});

describe('what was compiled', () => {
  it('is found again in a copy of an assembly, too', () => {
    const outdir = assembly('first');
    keepCompiled(outdir, project);

    keepCompiled(outdir, project);

    expect(realpathSync(join(outdir, 'compiled'))).toBe(realpathSync(cache));
  });

  it('goes after a week', () => {
    mkdirSync(join(cache, 'v24'), { recursive: true });
    const now = Date.now() / 1000;
    for (const [name, days] of [
      ['old', 7.1],
      ['young', 6.9],
    ] as const) {
      writeFileSync(join(cache, 'v24', name), '');
      utimesSync(join(cache, 'v24', name), now, now - days * DAY_S);
    }

    keepCompiled(assembly('first'), project);

    expect(globSync('*/*', { cwd: cache })).toEqual(['v24/young']);
  });

  it('is not kept in a project without node_modules', () => {
    rmSync(join(project, 'node_modules'), { recursive: true });
    const outdir = assembly('first');

    keepCompiled(outdir, project);

    expect(existsSync(join(outdir, 'compiled'))).toBe(false);
    expect(existsSync(join(project, 'node_modules'))).toBe(false);
  });
});
