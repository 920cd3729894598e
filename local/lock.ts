import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Thrown when another process runs on the same data folder. */
export class FolderInUse extends Error {}

/**
 * Takes a data folder for this process. A lock whose process is gone is taken over.
 * @returns a function that gives the folder back. @throws FolderInUse when a living process has it.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'lock');
  // Two tries: one may meet a stale lock, the second finds it gone or lost the race for it.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(path, 'utf8'));
      if (isAlive(pid)) {
        throw new FolderInUse(
          `Posthorn already runs on ${folder} (process ${pid}). Stop that one first. If process ${pid} is something else, delete ${path}.`,
        );
      }
      rmSync(path, { force: true });
    }
  }
  throw new FolderInUse(`Another start took ${folder} at the same moment. Try again.`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
