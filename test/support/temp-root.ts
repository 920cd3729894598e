import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names the folder of {@link useTempRoot} to all processes of a test run. */
export const TEMP_ROOT = 'TESTS_TEMP_ROOT';

/** Vitest loads its configuration once for each project with a server of its own, and this module with it. */
const thisProcess = globalThis as { testsTempRoot?: string };

/**
 * Gives this process, and all that it starts, a temporary folder of their own, which goes with the process: CDK leaves the
 * folder of each app that is synthesized, browsers their profiles, killed platforms their data.
 */
export function useTempRoot(): void {
  if (thisProcess.testsTempRoot !== undefined) return;
  const root = mkdtempSync(join(tmpdir(), 'posthorn-tests-'));
  thisProcess.testsTempRoot = root;
  process.env.TMPDIR = root;
  process.env[TEMP_ROOT] = root;
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
}
