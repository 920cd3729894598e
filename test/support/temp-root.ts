import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names the folder of {@link useTempRoot} to all processes of a test run. */
export const TEMP_ROOT = 'TESTS_TEMP_ROOT';

/**
 * Gives this process, and all that it starts, a temporary folder of their own, which goes with the process: CDK leaves the
 * folder of each app that is synthesized, browsers their profiles, killed platforms their data.
 */
export function useTempRoot(): void {
  const root = mkdtempSync(join(tmpdir(), 'posthorn-tests-'));
  process.env.TMPDIR = root;
  process.env[TEMP_ROOT] = root;
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
}
