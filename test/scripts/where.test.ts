import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBundles } from '../../bench/support/bundle.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import { readTrouble } from '../../scripts/find-source.ts';

// A bundle as it is deployed throws, its log is all that is left, and the command says where. Nothing is doubled.

const PROJECT = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const where = async (...words: string[]): Promise<string[]> =>
  (await run(process.execPath, [join(PROJECT, 'scripts/where.ts'), ...words], { cwd: PROJECT })).stdout
    .trim()
    .split('\n');

const bundles = createBundles();
/** As in AWS: the bundle alone, without its map beside it. */
const deployed = mkdtempSync(join(tmpdir(), 'posthorn-where-'));
/** What was fetched of it. */
const maps = mkdtempSync(join(tmpdir(), 'posthorn-maps-'));
mkdirSync(join(maps, 'parts'));
let map: string;
/** An event without messages. */
const WHAT_IS_MISSING = /Records|messages/;
/** What fan-out logs of an event that is none. */
let line: string;

beforeAll(async () => {
  const bundle = await bundles.stage('fan-out');
  const handler = join(deployed, 'index.mjs');
  cpSync(join(dirname(bundle), 'parts'), join(deployed, 'parts'), { recursive: true });
  copyFileSync(bundle, handler);
  map = join(maps, 'index.mjs.map');
  copyFileSync(`${bundle}.map`, map);
  for (const name of readdirSync(join(deployed, 'parts')).filter((name) => name.endsWith('.map')))
    renameSync(join(deployed, 'parts', name), join(maps, 'parts', name));
  const call = `const { handler } = await import(${JSON.stringify(handler)}); await handler({}, {}).catch(() => 0);`;
  const env = { ...Object.fromEntries(Object.values(ENV).map((name) => [name, '1'])), AWS_REGION: 'us-east-1' };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', call], { env });
  line = stdout.split('\n').find((written) => written.includes('"ERROR"')) ?? '';
});
afterAll(() => {
  bundles.close();
  for (const folder of [deployed, maps]) rmSync(folder, { recursive: true });
});

/** The line of the source that a place names. */
function sourceLine(place = ''): string {
  const [, file = '', number] = /^([^\s:]+):(\d+):\d+ /.exec(place) ?? [];
  return readFileSync(join(PROJECT, file), 'utf8').split('\n')[Number(number) - 1] ?? '';
}

describe('an error in a minified bundle', () => {
  it('is found in the source by its log line and the map that was deployed with it', async () => {
    const places = await where('--map', map, line);

    expect(places[0]).toMatch(/^lambdas\/[a-z/-]+\.ts:\d+:\d+ {2}at /);
    expect(sourceLine(places[0])).toMatch(WHAT_IS_MISSING);
    expect(places.some((place) => /^node_modules\/@middy\/core\//.test(place))).toBe(true);
  });

  it('is found in what a function loads on demand, by a folder of maps or by the map of its handler', async () => {
    const name = readdirSync(join(deployed, 'parts')).find((name) => name.startsWith('sqs-'))!;

    const [byFolder] = await where('--map', maps, `at f (file:///var/task/parts/${name}:2:9000)`);
    const [byHandlers] = await where('--map', map, `at f (file:///var/task/parts/${name}:2:9000)`);

    expect(byFolder).toMatch(/^node_modules\/@aws-sdk\/[a-z-]+\/.*:\d+:\d+ {2}at /);
    expect(byHandlers).toBe(byFolder);
  });

  it('is found there in this checkout, too', async () => {
    const name = readdirSync(join(deployed, 'parts')).find((name) => name.startsWith('sqs-'))!;

    const [place] = await where('--stage', 'fan-out', `at f (file:///var/task/parts/${name}:2:9000)`);

    expect(place).toMatch(/^node_modules\/@aws-sdk\/[a-z-]+\/.*:\d+:\d+ {2}at /);
  });

  it('is found by its place alone, when the stage is said, in this checkout', async () => {
    const { at } = JSON.parse(line) as { at: string };

    const [place] = await where('--stage', 'fan-out', at);

    expect(sourceLine(place)).toMatch(WHAT_IS_MISSING);
  });

  it('is not guessed: without map and stage, the command says what it needs', async () => {
    await expect(where('at fAe (file:///var/task/index.mjs:106:56313)')).rejects.toMatchObject({
      stderr: expect.stringContaining('Expected --stage with one of ingest') as string,
    });
    await expect(where('it broke')).rejects.toMatchObject({
      stderr: expect.stringContaining('Expected a place such as') as string,
    });
  });

  it('needs no map in the function: Node is not told to read it', () => {
    expect(line).toContain('/index.mjs:');
  });
});

describe('places in a log', () => {
  it.each([
    ['a frame', 'at fAe (file:///var/task/index.mjs:106:56313)', [['/var/task/index.mjs', 106, 56313]]],
    ['a frame without a name', 'at file:///var/task/index.mjs:1:2', [['/var/task/index.mjs', 1, 2]]],
    ['one that waited', 'at async file:///var/task/index.mjs:1:2', [['/var/task/index.mjs', 1, 2]]],
    ['a method', '    at async Object.put [as x] (/var/task/index.mjs:3:4)', [['/var/task/index.mjs', 3, 4]]],
    [
      'a log line',
      '{"level":"ERROR","stage":"api","at":"at a (file:///a/index.mjs:1:2)","stack":["at async b (file:///a/index.mjs:3:4)"]}',
      [
        ['/a/index.mjs', 1, 2],
        ['/a/index.mjs', 3, 4],
      ],
    ],
    ['no place', 'it happened at noon (12:30:01)', []],
  ])('are read from %s', (_what, text, places) => {
    expect(readTrouble(text).frames.map(({ file, line, column }) => [file, line, column])).toEqual(places);
  });

  it('say whose they are', () => {
    expect(readTrouble('{"stage":"fan-out","at":"at a (/x:1:2)"}').stage).toBe('fan-out');
    expect(readTrouble('at a (/x:1:2)').stage).toBeUndefined();
  });
});
