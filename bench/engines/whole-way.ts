import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proof } from '../proof/proof.ts';
import { FAST_SETTINGS } from '../../test/support/posthorn.ts';
import { startDynamoDbLocal, startElasticMq } from './java.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';
import type { Engine } from './started.ts';
import { leftOut, LeftOut, run, runtimeClient, VERSIONS } from './tools.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Those that see a Posthorn as its users do: no clock that is moved, no process that is killed. */
const TESTS = ['main-job', 'commands', 'hand-edits', 'counted', 'keys'].map((name) => `test/e2e/${name}.test.ts`);
/** ElasticMQ moves a letter whose source it does not know; SQS stops there, which is what this test is about. */
const ALL_BUT = '^(?!.*say why SQS stops)';
const LONGEST_MS = 600_000;
/** What Lambda itself says of a function that cannot be loaded, dies or overruns its time. */
const RUNTIME_ERROR = /^(Runtime|Sandbox)\.\w+/;

/** AWS's own runtime, if it can be had here. */
async function runtime(lines: Record<string, string>): Promise<string | undefined> {
  const name = `aws-lambda-ric ${VERSIONS.runtimeClient}`;
  try {
    const folder = await runtimeClient();
    lines[name] = 'loads and runs every function';
    return folder;
  } catch (error) {
    if (!(error instanceof LeftOut)) throw error;
    lines[name] = `left out, functions run as in npm start: ${error.message}`;
    return undefined;
  }
}

async function tested(pipeline: Pipeline, work: string): Promise<string> {
  const outputs = join(work, 'outputs.json');
  writeFileSync(outputs, JSON.stringify(pipeline.outputs));
  const words = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=verbose',
    '--no-file-parallelism',
    '-t',
    ALL_BUT,
    ...TESTS,
  ];
  const report = await run(process.execPath, words, {
    cwd: PROJECT,
    env: { ...process.env, POSTHORN_TEST_OUTPUTS: outputs, NO_COLOR: '1' },
    timeout: LONGEST_MS,
  });
  return /Tests\s+(.*)/.exec(report)?.[1] ?? 'no tests were counted';
}

/** Every function has run, and none of its processes has failed. */
async function allRan(pipeline: Pipeline): Promise<string> {
  // What its schedule sends; nothing else in the tests reaches it.
  const result = await pipeline.invoke('recovery-function', { task: 'look-after' });
  if (!result.ok) throw new Error(`recovery: ${JSON.stringify(result.error)}`);
  const { names, all } = pipeline.living();
  if (names.length < all) throw new Error(`Expected all ${all} functions to have run, found ${names.join(', ')}.`);
  const failed = pipeline.log.entries.filter(({ line }) => RUNTIME_ERROR.test(line));
  if (failed.length > 0)
    throw new Error(`Expected no function to fail, found\n${failed.map(({ line }) => line).join('\n')}`);
  return `${names.join(', ')} (${names.length} of ${all})`;
}

export const proof: Proof = {
  promise:
    'On queues, tables and a runtime that are not ours an event goes its whole way: delivered, retried, given up, redriven.',
  async run() {
    const lines: Record<string, string> = {};
    const work = mkdtempSync(join(tmpdir(), 'posthorn-pipeline-'));
    const engines: Engine[] = [];
    let pipeline: Pipeline | undefined;
    try {
      const sqs = await startElasticMq(work, { region: 'us-east-1', account: '000000000000' });
      engines.push(sqs);
      const dynamoDb = await startDynamoDbLocal({ isShared: true });
      engines.push(dynamoDb);
      const on = { sqs: sqs.endpoint, dynamoDb: dynamoDb.endpoint, runtime: await runtime(lines) };
      pipeline = await startPipeline(on, work, FAST_SETTINGS);
      lines[`end-to-end tests on ElasticMQ ${VERSIONS.elasticMq} and DynamoDB Local ${VERSIONS.dynamoDbLocal}`] =
        await tested(pipeline, work);
      lines['functions that ran'] = await allRan(pipeline);
      return lines;
    } catch (error) {
      return { ...lines, engines: leftOut(error) };
    } finally {
      await pipeline?.close();
      for (const engine of engines) await engine.close();
      rmSync(work, { recursive: true, force: true });
    }
  },
};
