import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { spawn } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../clock.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { firstLine, isRunning, startFixture, synthesizeFixture } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const VISIBILITY_MS = 30_000;
/** Bundling takes a minute on a busy machine. */
const SYNTH_MS = 180_000;

let app: string;

beforeAll(async () => {
  app = await synthesizeFixture();
}, SYNTH_MS);

describe('a CDK app on one machine', () => {
  let clock: ManualClock;
  let fixture: Fixture;

  beforeAll(async () => {
    clock = new ManualClock();
    fixture = await startFixture({ app, clock, localVariables: { ONLY_LOCAL: 'yes' } });
  });
  afterAll(async () => {
    await fixture.platform.close();
    rmSync(fixture.folder, { recursive: true });
  });

  const call = async (path: string, init?: RequestInit): Promise<{ status: number; body: string }> => {
    const response = await fetch(`${fixture.platform.apiUrl}${path}`, init);
    return { status: response.status, body: await response.text() };
  };
  const pidsOf = (name: string): number[] => fixture.platform.environments()[name] ?? [];

  it('carries a request over route, function, queue, function, table and stream to the last function', async () => {
    const response = await fixture.post({ id: 'through' });

    expect(response.status).toBe(202);
    expect(await waitFor('the worker to store it', () => fixture.item('worker', 'through'))).toMatchObject({
      receives: '1',
    });
    expect(await waitFor('the watcher to see it', () => fixture.item('watcher', 'seen through'))).toMatchObject({
      times: '1',
    });
  });

  it('gives a queue message the attributes that Lambda gives', async () => {
    await fixture.post({ id: 'attributes' });

    await waitFor('the message', () => fixture.item('worker', 'attributes'));
    const line =
      fixture.platform.logs.find((l) => l.source === 'worker' && l.line.includes('"attributes"'))?.line ?? '';
    expect(JSON.parse(line)).toMatchObject({
      attributes: { MessageGroupId: 'g1', ApproximateReceiveCount: '1', SentTimestamp: String(clock.now()) },
    });
  });

  it('filters stream records before the function sees them', async () => {
    await fixture.post({ id: 'filtered' });

    await waitFor('the watcher', () => fixture.item('watcher', 'seen filtered'));
    // The watcher's own items have no kind; had they passed the filter, it would have seen itself by now.
    expect(await fixture.item('watcher', 'seen seen filtered')).toBeUndefined();
  });

  it('shows a function what Lambda and the template give it, and nothing of this process', async () => {
    const { body } = await call('/environment');

    const { environment } = JSON.parse(body) as { environment: string[] };
    expect(environment).toEqual(
      expect.arrayContaining(['AWS_REGION', 'QUEUE_URL', 'ONLY_LOCAL', 'AWS_ENDPOINT_URL_SQS']),
    );
    expect(environment).not.toContain('HOME');
    expect(environment.filter((name) => name.startsWith('VITEST') || name.startsWith('npm_'))).toEqual([]);
  });

  it('refuses a call that the role does not grant, in the words of AWS', async () => {
    const { status } = await call('/forbidden');

    expect(status).toBe(500);
    expect(fixture.platform.logs.map((l) => l.line).join('\n')).toMatch(
      /AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role\/Fixture-FrontServiceRole\w+\/Fixture-Front\w+ is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table\/FixtureData-Things\w+ because no identity-based policy allows the dynamodb:PutItem action/,
    );
  });

  it('answers a failed function with 500 and goes on in the same environment', async () => {
    await call('/warm');
    const before = pidsOf('front');

    const { status, body } = await call('/throw');

    expect({ status, body }).toEqual({ status: 500, body: '{"message":"Internal Server Error"}' });
    expect(pidsOf('front')).toEqual(before);
  });

  it('replaces an environment that exits', async () => {
    await call('/warm');
    const before = pidsOf('front');

    const crashed = await fixture.platform.invoke('front', { rawPath: '/crash' });

    expect(crashed).toMatchObject({
      ok: false,
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') as string },
    });
    expect((await call('/warm')).status).toBe(200);
    expect(pidsOf('front')).not.toEqual(before);
  });

  it('ends an invocation that overruns its timeout, and its environment', async () => {
    const result = await fixture.platform.invoke('front', { rawPath: '/slow' });

    expect(result).toMatchObject({
      ok: false,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringContaining('Task timed out after 2.00 seconds') as string,
      },
    });
    expect((await call('/warm')).status).toBe(200);
  });

  it('brings a message back after its visibility timeout when the function exits', async () => {
    await fixture.post({ id: 'exits', first: 'exit' });
    await waitFor('the crash', () =>
      fixture.platform.logs.some((l) => l.source === 'worker' && l.line.includes('exit status 1')),
    );
    expect(await fixture.item('worker', 'exits')).toBeUndefined();

    clock.advance(VISIBILITY_MS);

    expect(await waitFor('the second try', () => fixture.item('worker', 'exits'))).toMatchObject({ receives: '2' });
  });

  it('brings a message back when its function is killed while it works', async () => {
    await fixture.post({ id: 'killed', first: 'hang' });
    await waitFor('the first receive', () => fixture.platform.logs.some((l) => l.line.includes('"id":"killed"')));

    pidsOf('worker').forEach((pid) => process.kill(pid, 'SIGKILL'));
    await waitFor('the death', () =>
      fixture.platform.logs.some((l) => l.source === 'worker' && l.line.includes('signal: killed')),
    );
    clock.advance(VISIBILITY_MS);

    expect(await waitFor('the second try', () => fixture.item('worker', 'killed'))).toMatchObject({ receives: '2' });
  });

  it('deletes the good messages of a batch, and moves a bad one to the dead letters after its receives', async () => {
    const before = await fixture.depth('DeadLettersUrl');
    await Promise.all([fixture.post({ id: 'good' }), fixture.post({ id: 'bad', fail: true })]);
    await waitFor('the good one', () => fixture.item('worker', 'good'));

    await waitFor('only the bad one to be left', async () => (await fixture.depth('WorkQueueUrl')).inFlight === 1);
    clock.advance(VISIBILITY_MS);
    await waitFor('its second receive', async () => (await fixture.depth('WorkQueueUrl')).inFlight === 1);
    await waitFor('the move', async () => {
      clock.advance(VISIBILITY_MS);
      return (await fixture.depth('DeadLettersUrl')).visible === before.visible + 1;
    });

    expect(await fixture.item('worker', 'good')).toMatchObject({ receives: '1' });
    expect(await fixture.item('worker', 'bad')).toBeUndefined();
  });

  it('runs schedules by the clock, with the fixed input of the template or the usual event', async () => {
    const times = async (id: string): Promise<number> => Number((await fixture.item('watcher', id))?.['times'] ?? 0);
    const [ticks, minutes] = [await times('tick'), await times('Scheduled Event')];

    // More than once: a time that comes while the last run is still going, as one of the test before may be, is left out.
    const afterMinutes = async (id: string): Promise<number> => {
      clock.advance(60_000);
      return times(id);
    };
    await waitFor('a tick', async () => (await afterMinutes('tick')) > ticks);
    await waitFor('the minute', async () => (await afterMinutes('Scheduled Event')) > minutes);
  });

  it('reuses one environment for invocations that follow each other', async () => {
    const first = await call('/warm');
    const second = await call('/warm');

    const pidIn = ({ body }: { body: string }): unknown => (JSON.parse(body) as { pid: number }).pid;
    expect(pidIn(second)).toBe(pidIn(first));
  });
});

describe('starting and ending', () => {
  let first: Fixture;

  beforeEach(async () => {
    first = await startFixture({ app });
  });
  afterEach(async () => {
    await first.platform.close();
    rmSync(first.folder, { recursive: true });
  });

  it('keeps queues and tables over a restart', async () => {
    await first.post({ id: 'kept' });
    await waitFor('the item', () => first.item('worker', 'kept'));
    await first.platform.close();

    const second = await startFixture({ app, folder: first.folder });

    expect(await second.item('worker', 'kept')).toMatchObject({ receives: '1' });
    await second.platform.close();
  });

  it('leaves no process behind', async () => {
    await first.post({ id: 'one' });
    await waitFor('all functions to run', () => first.item('watcher', 'seen one'));
    const pids = Object.values(first.platform.environments()).flat();

    await first.platform.close();

    expect(pids.length).toBeGreaterThanOrEqual(3);
    expect(pids.filter((pid) => isRunning(pid))).toEqual([]);
  });

  it('has what Node compiles of its functions kept for the next start', () => {
    expect(statSync(join(first.folder, 'cdk.out/compiled')).isDirectory()).toBe(true);
  });

  it('leaves no process behind when it is killed, and its folder can be used again', async () => {
    await first.platform.close();
    const script = join(import.meta.dirname, 'fixture-app/run.ts');
    const child = spawn(process.execPath, [script, app, first.folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { functions: pids } = JSON.parse(await firstLine(child.stdout)) as { functions: number[] };

    child.kill('SIGKILL');

    expect(pids.length).toBeGreaterThanOrEqual(3);
    await waitFor('all processes to end', () => ![child.pid!, ...pids].some((pid) => isRunning(pid)));
    const again = await startFixture({ app, folder: first.folder });
    await again.platform.close();
  });

  it('keeps all that it holds for its owner alone, also what an earlier version left open to others', async () => {
    await first.post({ id: 'private' });
    await waitFor('the item', () => first.item('watcher', 'seen private'));
    await first.platform.close();
    const files = readdirSync(first.folder, { recursive: true, encoding: 'utf8' }).filter(
      (f) => !f.startsWith('cdk.out'),
    );
    for (const file of files) chmodSync(join(first.folder, file), statSync(join(first.folder, file)).mode | 0o055);
    chmodSync(first.folder, 0o755);

    const second = await startFixture({ app, folder: first.folder });

    const openToOthers = ['.', ...files].filter((file) => (statSync(join(first.folder, file)).mode & 0o077) !== 0);
    expect(files).toEqual(expect.arrayContaining(['sqs.sqlite', 'dynamodb', 'operator.json', 'notices.jsonl']));
    expect(openToOthers).toEqual([]);
    await second.platform.close();
  });

  it('has an operator key of its own in each folder, the same after a restart', async () => {
    const other = await startFixture({ app });
    await first.platform.close();
    const again = await startFixture({ app, folder: first.folder });

    expect(again.platform.operator).toEqual(first.platform.operator);
    expect(other.platform.operator.accessKeyId).not.toBe(first.platform.operator.accessKeyId);
    expect(other.platform.operator.secretAccessKey).not.toBe(first.platform.operator.secretAccessKey);
    await Promise.all([again, other].map(({ platform }) => platform.close()));
    rmSync(other.folder, { recursive: true });
  });

  it('answers nobody who does not know the secret of the key that they name', async () => {
    const { sqs, dynamoDb, operator, region } = first.platform;
    const credentials = { accessKeyId: operator.accessKeyId, secretAccessKey: 'operator-of-the-local-run' };
    const calls = [
      new DynamoDBClient({ region, endpoint: dynamoDb.endpoint, credentials }).send(new ListTablesCommand({})),
      new SQSClient({ region, endpoint: sqs.endpoint, credentials }).send(new ListQueuesCommand({})),
    ];

    const refused = await Promise.all(calls.map((call) => call.catch((error: Error) => error.name)));

    expect(refused).toEqual(['InvalidSignatureException', 'SignatureDoesNotMatch']);
  });

  it('refuses a folder in use, naming the process', async () => {
    await expect(startFixture({ app, folder: first.folder })).rejects.toThrow(
      `already runs on ${first.folder} (process ${process.pid})`,
    );
  });

  it('refuses a taken port, saying how to choose another', async () => {
    const apiPort = Number(new URL(first.platform.apiUrl).port);

    await expect(startFixture({ app, apiPort })).rejects.toThrow(/Port \d+ is taken .* --port/);
  });

  it('refuses changed keys of a table that exists, saying how to begin anew', async () => {
    await first.platform.close();
    const template = '"$CDK_OUTDIR/FixtureData.template.json"';
    const changed = `${app} && sed -i 's/"AttributeName": "id"/"AttributeName": "name"/' ${template}`;

    const start = startFixture({ app: changed, folder: first.folder });

    await expect(start).rejects.toThrow(/keys of table .* changed from "owner S, id S" to "owner S, name S".*--reset/s);
  });

  it('shows what the app printed when it cannot be synthesized', async () => {
    const broken = 'echo "no such setting" >&2; exit 7';

    await expect(startFixture({ app: broken })).rejects.toThrow(/exit code 7.*no such setting/s);
  });
});
