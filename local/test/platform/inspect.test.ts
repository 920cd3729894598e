import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachDebugger } from '../../../test/support/debugger.ts';
import { LambdaFunction } from '../../lambda/function.ts';
import { inspectorsFor, readInspect, type Inspector } from '../../lambda/inspect.ts';
import { startFixture, synthesizeFixture, type Fixture } from './fixture.ts';

const SYNTH_MS = 180_000;

describe('POSTHORN_INSPECT', () => {
  it.each<[string | undefined, [string, number][]]>([
    [undefined, []],
    ['', []],
    ['sender', [['sender', 0]]],
    [
      'sender:9229, fan-out',
      [
        ['sender', 9229],
        ['fan-out', 0],
      ],
    ],
  ])('%j names functions, each with a port or a free one', (text, expected) => {
    expect([...readInspect(text)]).toEqual(expected);
  });

  it.each(['sender:', 'sender:x', 'sender:65536', ':9229', 'send er'])('%j is refused with an example', (text) => {
    expect(() => readInspect(text)).toThrow(/Expected POSTHORN_INSPECT to name functions, e\.g\. "sender"/);
  });
});

describe('a function that is debugged', () => {
  let fixture: Fixture;
  let inspectors: ReadonlyMap<string, Inspector>;

  beforeAll(async () => {
    inspectors = await inspectorsFor(readInspect('front'), { waits: false });
    // Where it is copied to is as deep as where it was synthesized: source maps name their sources from there.
    fixture = await startFixture({ app: await synthesizeFixture(), inspectors });
  }, SYNTH_MS);
  afterAll(async () => {
    await fixture.platform.close();
    rmSync(fixture.folder, { recursive: true });
  });

  const get = async (path: string): Promise<{ status: number; body: string }> => {
    const response = await fetch(`${fixture.platform.apiUrl}${path}`);
    return { status: response.status, body: await response.text() };
  };

  it('stands still at a line of its TypeScript, before its first event has come, and goes on', async () => {
    const tool = await attachDebugger(inspectors.get('front')!.port);
    await tool.breakAt('fixture-app/front.ts', 'return JSON.stringify({');

    const answer = get('/debugged');

    const stop = await tool.paused();
    expect(stop.file).toBe(join(import.meta.dirname, 'fixture-app/front.ts'));
    expect(await tool.evaluate('event.rawPath')).toBe('/debugged');
    await tool.resume();
    expect((await answer).status).toBe(200);
    tool.close();
  });

  it('has one process and a day of time', async () => {
    const answers = await Promise.all(['/a', '/b', '/c'].map(get));

    const seen = answers.map(({ body }) => JSON.parse(body) as { pid: number; left: number });
    expect(new Set(seen.map(({ pid }) => pid)).size).toBe(1);
    expect(Math.min(...seen.map(({ left }) => left))).toBeGreaterThan(3_600_000);
  });

  it('says where in the TypeScript an error came from', async () => {
    await get('/throw');

    expect(fixture.platform.logs.map(({ line }) => line).join('\n')).toMatch(/fixture-app\/front\.ts:\d+:\d+/);
  });

  it('overruns its timeout unharmed', async () => {
    const taskRoot = mkdtempSync(join(tmpdir(), 'posthorn-inspect-'));
    const code = 'export const handler = () => new Promise((done) => setTimeout(done, 100, "late"))';
    writeFileSync(join(taskRoot, 'index.mjs'), code);
    const run = async (inspector: Inspector | undefined): Promise<boolean> => {
      const lambda = new LambdaFunction({
        name: 'fn',
        arn: 'arn:fn',
        taskRoot,
        timeoutSeconds: 0.02,
        memoryMb: 128,
        limit: 1,
        inspector,
        variables: { _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: taskRoot, PATH: process.env['PATH']! },
        onLog: () => undefined,
      });
      try {
        return (await lambda.invoke('{}')).ok;
      } finally {
        await lambda.close();
      }
    };
    const inspector = (await inspectorsFor(readInspect('fn'), { waits: false })).get('fn');

    expect(await run(inspector)).toBe(true);
    expect(await run(undefined)).toBe(false);
    rmSync(taskRoot, { recursive: true });
  });

  it('must exist', async () => {
    const wrong = await inspectorsFor(readInspect('frnt'), { waits: false });
    const app = `cp -r "${fixture.folder}/cdk.out" "$CDK_OUTDIR"`;

    await expect(startFixture({ app, inspectors: wrong })).rejects.toThrow(
      'There is no function "frnt". Functions of this app: front, worker, watcher.',
    );
  });
});
