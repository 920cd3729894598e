import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SqsPoller } from '../../event-sources/sqs-poller.ts';
import { toResponse } from '../../gateway/response.ts';
import { AccountConcurrency, isThrottled, throttled, untilAdmitted } from '../../lambda/account-concurrency.ts';
import { CpuShare } from '../../lambda/cpu-share.ts';
import { Environment } from '../../lambda/environment.ts';
import { LambdaFunction, type Sandbox } from '../../lambda/function.ts';
import { Governor } from '../../lambda/governor.ts';
import type { InvocationResult } from '../../lambda/result.ts';
import type { RunnerOptions } from '../../lambda/runner.ts';
import { isRunning } from '../platform/fixture.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

const OK: InvocationResult = { ok: true, payload: 'null' };

describe("an account's concurrency", () => {
  it('lets through so many at a time, of all functions but those that have their own', () => {
    const account = new AccountConcurrency(5, new Map([['api', 2]]));
    const places = ['sender', 'fan-out', 'sender', 'sender', 'api', 'api', 'api'].map((name) => account.take(name));

    expect(places.map((place) => place !== undefined)).toEqual([true, true, true, false, true, true, false]);
    places[0]!();
    expect([account.take('fan-out'), account.take('api')].map((place) => place !== undefined)).toEqual([true, false]);
  });

  it('leaves something for functions without reserved concurrency, as Lambda wants it', () => {
    expect(() => new AccountConcurrency(10, new Map([['api', 10]]))).toThrow(/Lambda would refuse .* of api: with 10 /);
    expect(() => new AccountConcurrency(120, new Map([['api', 21]]), 100)).toThrow(/99 remain .* and 100 must/);
    expect(() => new AccountConcurrency(120, new Map([['api', 20]]), 100)).not.toThrow();
    expect(() => new AccountConcurrency(10, new Map(), 100)).not.toThrow();
  });

  it('is an error to API Gateway, of its own kind', () => {
    expect(isThrottled(throttled())).toBe(true);
    expect(toResponse(throttled()).status).toBe(503);
  });

  it('is tried again by whoever polls, with growing waits, until it is over', async () => {
    const waited: number[] = [];
    let calls = 0;
    const invoke = async (): Promise<InvocationResult> => (++calls > 3 ? OK : throttled());

    expect(
      await untilAdmitted(
        invoke,
        () => false,
        async (ms) => void waited.push(ms),
      ),
    ).toBe(OK);
    expect(waited).toEqual([200, 400, 800]);
    calls = 0;
    expect(isThrottled(await untilAdmitted(invoke, () => calls === 2))).toBe(true);
  });

  it('is not tried again when it is over after the wait', async () => {
    let calls = 0;
    let isOver = false;
    const invoke = async (): Promise<InvocationResult> => (++calls, throttled());

    const result = await untilAdmitted(
      invoke,
      () => isOver,
      async () => void (isOver = true),
    );

    expect(isThrottled(result)).toBe(true);
    expect(calls).toBe(1);
  });
});

describe('a queue whose function is throttled', () => {
  /** Polls once: two messages, then nothing. @returns what became of them. */
  async function poll(invoke: () => Promise<InvocationResult>, visibilityMs: number) {
    const messages = ['1', '2'].map((id) => ({ MessageId: id, ReceiptHandle: id, Body: '{}', Attributes: {} }));
    const deleted: string[] = [];
    const left: string[] = [];
    const queue = {
      receive: async (_count: number, _wait: number, signal: AbortSignal) => {
        const some = messages.splice(0);
        if (some.length > 0) return some;
        return new Promise<never[]>((resolve) => signal.addEventListener('abort', () => resolve([])));
      },
      delete: async (handles: readonly string[]) => {
        deleted.push(...handles);
        return [];
      },
    };
    const poller = new SqsPoller({
      mapping: { batchSize: 10, windowSeconds: 0, partialBatches: true, filters: [], sourceArn: 'q' } as never,
      region: 'us-east-1',
      queue: queue as never,
      concurrency: 1,
      ready: async () => undefined,
      invoke,
      visibilityMs,
      onLog: () => undefined,
      watch: { began: () => undefined, left: (records) => left.push(...records.map((r) => r.messageId)) },
    });
    await waitFor('the batch', () => deleted.length + left.length === 2);
    await poller.close();
    return { deleted, left };
  }

  it('has its messages tried until there is room', async () => {
    let calls = 0;

    const { deleted } = await poll(async () => (++calls > 1 ? OK : throttled()), 60_000);

    expect(deleted).toEqual(['1', '2']);
    expect(calls).toBe(2);
  });

  it('gets them back when their visibility timeout is over', async () => {
    expect(await poll(async () => throttled(), 0)).toEqual({ deleted: [], left: ['1', '2'] });
  });
});

describe('a share of a processor', () => {
  it('is all that a process uses in the long run, and what it used more it waits for', () => {
    const share = new CpuShare(0.145, 0, 0);
    let [used, now] = [0, 0];

    // It never rests: 5 ms at a stretch, as long as it may.
    while (now < 10_000) {
      now += 5;
      used += 5;
      now += share.account(used, now);
      expect(share.account(used, now)).toBeCloseTo(0);
    }

    expect(used / now).toBeCloseTo(0.145, 2);
  });

  it('is not saved up: whoever rested has that of one period', () => {
    const share = new CpuShare(0.1, 0, 0);

    expect(share.account(0, 60_000)).toBe(0);
    expect(share.account(2, 60_000)).toBe(0);
    expect(share.account(12, 60_000)).toBeCloseTo(100);
  });
});

describe('an environment', () => {
  let taskRoot: string;
  const open: { close(): Promise<void> }[] = [];
  beforeEach(() => {
    taskRoot = mkdtempSync(join(tmpdir(), 'posthorn-sandbox-'));
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
    rmSync(taskRoot, { recursive: true });
  });

  function create(code: string, sandbox: Sandbox, timeoutSeconds = 60): LambdaFunction {
    writeFileSync(join(taskRoot, 'index.mjs'), code);
    const lambda = new LambdaFunction({
      name: 'fn',
      arn: 'arn:fn',
      taskRoot,
      timeoutSeconds,
      memoryMb: 256,
      limit: 2,
      variables: { _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: taskRoot },
      sandbox,
      onLog: () => undefined,
    });
    open.push(lambda);
    return lambda;
  }

  function governor(options: { vcpuMemoryMb?: number; freezes?: boolean }): Governor {
    const made = new Governor({ vcpuMemoryMb: 0, freezes: false, ...options });
    open.push(made);
    return made;
  }

  /** Computes for 100 ms of processor time, and says which part of the time that was. */
  const COMPUTES = `export const handler = async () => {
    const [began, used] = [performance.now(), () => process.cpuUsage().user / 1000];
    for (const before = used(); used() - before < 100; );
    return 100 / (performance.now() - began);
  };`;

  it('has the share of a processor that its memory gives', async () => {
    const lambda = create(COMPUTES, { governor: governor({ vcpuMemoryMb: 1769 }) });

    const { payload } = (await lambda.invoke('{}')) as { payload: string };

    // 0.145, and up to one look too much at its beginning and its end.
    expect(Number(payload)).toBeLessThan(0.145 + 0.05);
    expect(Number(payload)).toBeGreaterThan(0);
  });

  const stateOf = (pid: number): string => /^\d+ \(.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]!;

  it.runIf(process.platform === 'linux')('stands still between two events, and goes on with the next', async () => {
    const lambda = create('let n = 0; export const handler = async () => ++n', {
      governor: governor({ freezes: true }),
    });

    expect(await lambda.invoke('{}')).toMatchObject({ payload: '1' });
    const [pid = 0] = lambda.pids;
    await waitFor('its stop', () => stateOf(pid) === 'T');
    expect(await lambda.invoke('{}')).toMatchObject({ payload: '2' });
    expect(lambda.pids).toEqual([pid]);
  });

  it('that is stopped ends with its governor, however the platform ends', async () => {
    const made = new Governor({ vcpuMemoryMb: 0, freezes: true });
    const lambda = create('export const handler = async () => 1', { governor: made });
    await lambda.invoke('{}');
    const [pid = 0] = lambda.pids;

    await made.close();

    await waitFor('its end', () => !isRunning(pid));
  });

  it('is throttled when the account is full, and runs when there is room', async () => {
    const lambda = create(
      "import { existsSync } from 'node:fs';" +
        'export const handler = async (file) => { while (!existsSync(file)) await new Promise((r) => setTimeout(r, 5)); return 1; }',
      { concurrency: new AccountConcurrency(1) },
    );
    const file = join(taskRoot, 'go');

    const first = lambda.invoke(JSON.stringify(file));
    await waitFor('it runs', () => lambda.running === 1 && lambda.pids.length === 1);
    const second = await lambda.invoke(JSON.stringify(file));
    writeFileSync(file, '');

    expect(isThrottled(second)).toBe(true);
    expect(await first).toMatchObject({ ok: true });
    expect(await lambda.invoke(JSON.stringify(file))).toMatchObject({ ok: true });
  });

  it('takes its time to be there, each new one', async () => {
    const drawn: number[] = [];
    const coldStartMs = (): number => (drawn.push(1), 1);
    const lambda = create('export const handler = async () => 1', { coldStartMs });

    await lambda.invoke('{}');
    await lambda.invoke('{}');
    process.kill(lambda.pids[0]!, 'SIGKILL');
    await waitFor('its end', () => lambda.pids.length === 0);
    await lambda.invoke('{}');

    expect(drawn).toHaveLength(2);
  });

  it('is not there before that', async () => {
    const A_DAY_MS = 86_400_000;
    // A function has 10 s longer to load than to run: a second.
    const lambda = create('export const handler = async () => 1', { coldStartMs: () => A_DAY_MS }, -9);

    expect(await lambda.invoke('{}')).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
  });

  it('that ends before it is there gets no event', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const orders: unknown[] = [];
    let runner!: RunnerOptions;
    const environment = new Environment({
      functionArn: 'arn:fn',
      timeoutSeconds: 5,
      memoryMb: 128,
      taskRoot,
      variables: {},
      start: (options) => (
        (runner = options),
        { pid: undefined, send: (order) => orders.push(order), kill: () => undefined }
      ),
      coldStartMs: 1000,
      onLog: () => undefined,
      onEnd: () => undefined,
    });

    const answer = environment.invoke('1', '{}', () => undefined);
    runner.onAnswer({ loaded: true });
    runner.onExit(1, null);
    runner.onClose();

    expect(await answer).toMatchObject({ ok: false });
    vi.advanceTimersByTime(1000);
    expect(orders).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
