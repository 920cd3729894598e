import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { FolderInUse, lockFolder } from '../../local/lock.ts';
import { TEMP_ROOT } from './temp-root.ts';
import { waitFor } from './wait-for.ts';

/** Synthesizing takes a minute where many share a machine. */
const PATIENCE_MS = 170_000;

/**
 * A folder that all test files of a run share: made by the first that asks for it, in whatever process; the others wait.
 * @param name says all that the content depends on. @param make fills the folder.
 * @returns undefined outside of a test run, where nothing would remove it.
 */
export async function sharedFolder(name: string, make: (folder: string) => Promise<void>): Promise<string | undefined> {
  const root = process.env[TEMP_ROOT];
  if (root === undefined) return undefined;
  const place = join(root, `shared-${name}`);
  const unlock = await waitFor(`the shared folder ${name}`, () => tryLock(`${place}.lock`), PATIENCE_MS);
  try {
    if (!existsSync(place)) {
      mkdirSync(`${place}.new`, { recursive: true });
      await make(`${place}.new`);
      renameSync(`${place}.new`, place);
    }
    return place;
  } finally {
    unlock();
  }
}

function tryLock(folder: string): (() => void) | undefined {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof FolderInUse) return undefined;
    throw error;
  }
}
