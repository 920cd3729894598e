import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sdkCredentials } from '../../iam/credentials.ts';
import { invokeOnce, type Invocation } from '../../invoke-once.ts';
import type { InvocationResult } from '../../lambda/result.ts';
import { localOutputs, writeOutputs } from '../../outputs-file.ts';
import { startFixture, synthesizeFixture, type Fixture } from './fixture.ts';

const SYNTH_MS = 180_000;

let app: string;
let folder: string;
let lines: string[];

beforeAll(async () => {
  app = await synthesizeFixture();
}, SYNTH_MS);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-invoke-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const invoke = (functionName: string, event: unknown, more: Partial<Invocation> = {}): Promise<InvocationResult> =>
  invokeOnce({ folder, app, functionName, event, onLog: ({ line }) => void lines.push(line), ...more });
/** A batch of one message, as the queue would hand it to the worker. */
const work = (id: string): unknown => ({
  Records: [{ messageId: 'm', body: JSON.stringify({ id }), attributes: { ApproximateReceiveCount: '1' } }],
});

describe('one function, once, where no platform runs', () => {
  it('works on the tables of the folder, and tells its result and its log lines', async () => {
    const result = await invoke('worker', work('alone'));

    expect(result).toEqual({ ok: true, payload: '{"batchItemFailures":[]}' });
    expect(lines.join()).toContain('"message":"first receive","id":"alone"');
    const after = await startFixture({ app, folder, feeds: false });
    expect(await after.item('worker', 'alone')).toMatchObject({ receives: '1' });
    await after.platform.close();
  });

  it('is all that moves: queues keep their messages', async () => {
    const quiet = await startFixture({ app, folder, feeds: false });
    const QueueUrl = quiet.platform.outputs['Fixture']!['WorkQueueUrl'];
    const credentials = sdkCredentials(quiet.platform.operator);
    const sqs = new SQSClient({ region: quiet.platform.region, endpoint: quiet.platform.sqs.endpoint, credentials });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"id":"waits"}' }));
    await quiet.platform.close();

    await invoke('worker', work('alone'));

    const after = await startFixture({ app, folder, feeds: false });
    expect(await after.depth('WorkQueueUrl')).toEqual({ visible: 1, inFlight: 0 });
    expect(await after.item('worker', 'waits')).toBeUndefined();
    await after.platform.close();
  });

  it('shows the error that it throws, and leaves the folder free', async () => {
    const result = await invoke('front', { rawPath: '/throw' });

    expect(result).toMatchObject({ ok: false, error: { errorType: 'TypeError', errorMessage: 'as asked' } });
    await expect(invoke('nobody', {})).rejects.toThrow('There is no function "nobody". Functions of this app: front,');
    expect((await invoke('front', { rawPath: '/warm' })).ok).toBe(true);
  });
});

describe('one function, once, beside a platform that runs', () => {
  let running: Fixture;

  beforeEach(async () => {
    running = await startFixture({ app, folder });
    writeOutputs(join(folder, 'outputs.json'), localOutputs(running.platform, {}));
  });
  afterEach(() => running.platform.close());

  it('works on the tables of the platform, in a process of its own', async () => {
    const result = await invoke('worker', work('beside'));

    expect(result).toEqual({ ok: true, payload: '{"batchItemFailures":[]}' });
    expect(lines.join()).toContain('"message":"first receive","id":"beside"');
    expect(await running.item('worker', 'beside')).toMatchObject({ receives: '1' });
    expect(running.platform.environments()['worker']).toEqual([]);
  });

  it('may do what its role may, and no more', async () => {
    const result = await invoke('front', { rawPath: '/forbidden' });

    expect(result).toMatchObject({
      ok: false,
      error: {
        errorType: 'AccessDeniedException',
        errorMessage: expect.stringContaining('dynamodb:PutItem') as string,
      },
    });
  });

  it('leaves nothing in the folder', async () => {
    const before = readdirSync(folder);

    await invoke('front', { rawPath: '/warm' });

    expect(readdirSync(folder)).toEqual(before);
  });

  it('says so when the platform is not up yet', async () => {
    rmSync(join(folder, 'outputs.json'));

    await expect(invoke('front', {})).rejects.toThrow(`The platform on ${folder} is starting or ending. Try again`);
  });
});
