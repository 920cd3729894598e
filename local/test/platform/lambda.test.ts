import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LambdaFunction } from '../../lambda/function.ts';
import { Host } from '../../lambda/host.ts';
import { startProcess } from '../../lambda/runner.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

const host = new Host();
afterAll(() => host.close());

describe.each([
  { kind: 'process', start: startProcess },
  { kind: 'thread', start: host.start },
])('a function in a $kind', ({ start }) => {
  let taskRoot: string;
  let lines: string[];
  const running: LambdaFunction[] = [];

  beforeEach(() => {
    taskRoot = mkdtempSync(join(tmpdir(), 'posthorn-function-'));
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((f) => f.close()));
    rmSync(taskRoot, { recursive: true });
  });

  /** A function with the given code as index.mjs. */
  function create(code: string, limit = 2, timeoutSeconds = 5, givesWay = false): LambdaFunction {
    writeFileSync(join(taskRoot, 'index.mjs'), code);
    const variables = { _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: taskRoot, AWS_LAMBDA_FUNCTION_NAME: 'fn' };
    const onLog = (line: string): number => lines.push(line);
    const lambda = new LambdaFunction({
      name: 'fn',
      arn: 'arn:fn',
      taskRoot,
      timeoutSeconds,
      memoryMb: 128,
      limit,
      variables,
      start,
      givesWay,
      onLog,
    });
    running.push(lambda);
    return lambda;
  }
  const errorOf = async (code: string): Promise<unknown> => {
    const result = await create(code).invoke('{}');
    return result.ok ? undefined : result.error;
  };

  it('gets its event and a context, and gives its answer', async () => {
    const lambda = create(
      'export const handler = async (e, c) => ({ e, name: c.functionName, arn: c.invokedFunctionArn, left: c.getRemainingTimeInMillis() > 4000 })',
    );

    const result = await lambda.invoke('{"a":1}');

    expect(result).toEqual({ ok: true, payload: '{"e":{"a":1},"name":"fn","arn":"arn:fn","left":true}' });
  });

  it('answers null for nothing', async () => {
    expect(await create('export const handler = async () => {}').invoke('{}')).toEqual({ ok: true, payload: 'null' });
  });

  it('runs each event once, in one process, when they follow each other', async () => {
    const lambda = create('let n = 0; export const handler = async () => [++n, process.pid]', 1);

    const answers = [];
    for (let i = 0; i < 20; i += 1) answers.push(await lambda.invoke('{}'));

    expect(answers.map((a) => a.ok && (JSON.parse(a.payload) as number[])[0])).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(lambda.pids).toHaveLength(1);
  });

  it('runs as many events at once as it may, and the others after them', async () => {
    const lambda = create(
      'const own = Math.random(); export const handler = async () => { await new Promise((r) => setTimeout(r, 200)); return own }',
      2,
    );

    const answers = await Promise.all(Array.from({ length: 6 }, () => lambda.invoke('{}')));

    expect(new Set(answers.map((a) => a.ok && a.payload)).size).toBe(2);
  });

  it('fails with the error that its handler throws', async () => {
    expect(await errorOf('export const handler = async () => { throw new RangeError("too far") }')).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'too far',
    });
  });

  it.each<[string, string, object]>([
    [
      'that throws while it loads',
      'throw new Error("no setting X")',
      { errorType: 'Error', errorMessage: 'no setting X' },
    ],
    ['without the handler', 'export const other = 1', { errorType: 'Runtime.HandlerNotFound' }],
    [
      'with a callback, as Node 24 on Lambda',
      'export const handler = (e, c, done) => done()',
      { errorType: 'Runtime.CallbackHandlerDeprecated' },
    ],
    [
      'that exits while it loads',
      'process.exit(4)',
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 4') as string },
    ],
  ])('is refused %s', async (_, code, error) => {
    expect(await errorOf(code)).toMatchObject(error);
  });

  it('writes its output to the log, line by line', async () => {
    await create('export const handler = async () => { console.log("one\\ntwo"); console.error("three") }').invoke(
      '{}',
    );

    await waitFor('the lines', () => lines.length === 3);
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('has written to the log what it wrote before it hung', async () => {
    // As computing does, without a processor.
    const code =
      'const hold = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);' +
      'export const handler = async () => { console.log("begun"); hold(100); console.log("half way"); hold(Infinity); }';

    const result = await create(code, 1, 1).invoke('{}');

    expect(result.ok).toBe(false);
    await waitFor('the lines', () => lines.length >= 2);
    expect(lines.slice(0, 2)).toEqual(['begun', 'half way']);
  });

  it.skipIf(process.platform !== 'linux')('leaves the processors to others only when it gives way', async () => {
    const code = 'import { getPriority } from "node:os"; export const handler = async () => getPriority()';
    const priorityOf = async (givesWay: boolean): Promise<unknown> => {
      const result = await create(code, 1, 5, givesWay).invoke('{}');
      return result.ok && Number(result.payload);
    };

    expect(await priorityOf(true)).toBe(Math.min(19, getPriority() + 15));
    expect(await priorityOf(false)).toBe(getPriority());
  });

  it('starts anew after its idle environment was killed', async () => {
    const lambda = create('export const handler = async () => process.pid');
    const first = await lambda.invoke('{}');
    const [pid = 0] = lambda.pids;

    process.kill(pid, 'SIGKILL');
    await waitFor('its end', () => lambda.pids.length === 0);
    const second = await lambda.invoke('{}');

    expect(second.ok && first.ok && second.payload !== first.payload).toBe(true);
  });

  it('is loaded once more for an event whose environment died while it was loading', async () => {
    const mark = join(taskRoot, 'died');
    const lambda = create(
      `import { existsSync, writeFileSync } from 'node:fs';
      const mark = ${JSON.stringify(mark)};
      if (!existsSync(mark)) { writeFileSync(mark, ''); process.exit(4); }
      export const handler = async () => 'there';`,
    );

    expect(await lambda.invoke('{}')).toEqual({ ok: true, payload: '"there"' });
  });

  it('ends when it takes too long, whatever it does, and starts anew', async () => {
    const lambda = create('export const handler = async (e) => { if (e.hang) for (;;); return "well" }', 2, 1);

    expect(await lambda.invoke('{"hang":true}')).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
    expect(await lambda.invoke('{}')).toEqual({ ok: true, payload: '"well"' });
  });

  it('ends with a line when nobody catches an error', async () => {
    const lambda = create(
      'export const handler = async () => { setTimeout(() => { throw new Error("uncaught") }); await new Promise(() => setInterval(() => undefined, 1000)) }',
    );

    const result = await lambda.invoke('{}');

    expect(result).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    await waitFor('the line', () => lines.some((line) => line.includes('uncaught')));
  });

  it('ends when it has used up its memory', async () => {
    const code =
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({ a: 1 })) }';

    expect(await errorOf(code)).toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  it('refuses an event and an answer of more than 6 MB', async () => {
    const lambda = create('export const handler = async () => "x".repeat(6291557)');

    expect(await lambda.invoke(JSON.stringify('x'.repeat(6_291_457)))).toMatchObject({
      error: { errorType: 'RequestEntityTooLarge' },
    });
    expect(await lambda.invoke('{}')).toMatchObject({ error: { errorType: 'Function.ResponseSizeTooLarge' } });
  });
});
