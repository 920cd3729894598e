import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openPrivate, privateFolder, writePrivate } from './private-file.ts';

/** Thrown when another process runs on the same data folder. */
export class FolderInUse extends Error {}

/** Who has the folder, for people to read. */
const HOLDER = 'lock';
/** What is locked. It stays when the lock is released: two starts could otherwise each lock a file of that name. */
const LOCKED = 'lock.sqlite';

/** Locks of this process. A database that nobody refers to is closed by the garbage collector, and its lock ends. */
const held = new Set<DatabaseSync>();

/** The files of a lock: what empties a data folder must leave them alone. */
export const LOCK_FILES: readonly string[] = [HOLDER, LOCKED];

/**
 * Takes a data folder for this process. The lock is the operating system's (SQLite's, on a file of its own: Node has no
 * flock), so it ends with the process, however that ends, and whichever process gets its number next.
 * @returns a function that gives the folder back. @throws FolderInUse when a living process has it.
 */
export function lockFolder(folder: string): () => void {
  privateFolder(folder);
  const holder = join(folder, HOLDER);
  const database = openPrivate(join(folder, LOCKED));
  try {
    // Nothing is ever written: a journal would only be one more file to leave behind.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new FolderInUse(`Posthorn already runs on ${folder}${nameOf(holder)}. Stop that one first.`);
  }
  held.add(database);
  writePrivate(holder, String(process.pid));
  return () => {
    held.delete(database);
    rmSync(holder, { force: true });
    database.close();
  };
}

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function nameOf(holder: string): string {
  try {
    return ` (process ${readFileSync(holder, 'utf8')})`;
  } catch {
    return '';
  }
}
