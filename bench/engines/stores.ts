import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { dynamoDbLocal, LeftOut, python, run } from './tools.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Tests that use the tables alone, not the hooks of our own engine: its clock, files, faults. */
const TESTS = ['test/stores'];
/** As test/support/tables.ts signs. */
const SECRET = 'test';
const START_MS = 30_000;

/**
 * Runs the tests of the stores on Amazon's own DynamoDB Local: every expression of every store against Amazon's parser.
 * Each request is noted on its way, and its signature computed again by botocore.
 * @throws with the tests that failed, or the signatures that do not fit.
 */
export async function storesOnDynamoDbLocal(): Promise<{ stores: string; signatures: string }> {
  const jars = await dynamoDbLocal();
  const work = mkdtempSync(join(tmpdir(), 'posthorn-engines-'));
  const recorded = join(work, 'requests.jsonl');
  const engine = await startEngine(jars);
  const proxy = await startRecordingProxy(engine.endpoint, recorded);
  try {
    const report = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', ...TESTS], {
      cwd: PROJECT,
      env: { ...process.env, POSTHORN_TEST_DYNAMODB: proxy.endpoint, NO_COLOR: '1' },
    });
    const stores = /Tests\s+(.*)/.exec(report)?.[1] ?? 'no tests were counted';
    return { stores: `${stores}, ${proxy.count()} requests`, signatures: await signatures(recorded) };
  } finally {
    await proxy.close();
    engine.kill();
    rmSync(work, { recursive: true, force: true });
  }
}

async function signatures(recorded: string): Promise<string> {
  try {
    const script = join(import.meta.dirname, 'signatures.py');
    return (await run(join(await python(), 'bin/python'), [script, recorded, SECRET])).trim();
  } catch (error) {
    if (error instanceof LeftOut) return `left out: ${error.message}`;
    throw error;
  }
}

async function startEngine(jars: string): Promise<{ endpoint: string; kill: () => void }> {
  const port = await freePort();
  const child = spawn(
    'java',
    [
      `-Djava.library.path=${jars}`,
      '-cp',
      `${join(jars, '*')}${delimiter}`,
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    // It leaves a file of its own in its working folder.
    { stdio: 'ignore', cwd: jars },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const kill = (): void => void child.kill();
  const deadline = Date.now() + START_MS;
  while (!(await answers(endpoint))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      kill();
      throw new LeftOut('DynamoDB Local did not start within 30 s');
    }
  }
  return { endpoint, kill };
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 100)),
  );
}
