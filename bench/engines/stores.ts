import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamoDbLocal } from './java.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { leftOut, python, run } from './tools.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Tests that use the tables alone, not the hooks of our own engine: its clock, files, faults. */
const TESTS = ['test/stores'];
/** As test/support/tables.ts signs. */
const SECRET = 'test';

/**
 * Runs the tests of the stores on Amazon's own DynamoDB Local: every expression of every store against Amazon's parser.
 * Each request is noted on its way, and its signature computed again by botocore.
 * @throws with the tests that failed, or the signatures that do not fit.
 */
export async function storesOnDynamoDbLocal(): Promise<{ stores: string; signatures: string }> {
  const work = mkdtempSync(join(tmpdir(), 'posthorn-engines-'));
  const recorded = join(work, 'requests.jsonl');
  const engine = await startDynamoDbLocal();
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
    await engine.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function signatures(recorded: string): Promise<string> {
  try {
    const script = join(import.meta.dirname, 'signatures.py');
    return (await run(join(await python(), 'bin/python'), [script, recorded, SECRET])).trim();
  } catch (error) {
    return leftOut(error);
  }
}
