import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

// What a local run keeps is its owner's alone: payloads, signing secrets and keys lie in it, and other people may have
// accounts on the machine.

const OWNERS_FILE = 0o600;
const OWNERS_FOLDER = 0o700;

/** Makes a folder that only its owner may enter, or closes one that is there to everybody else. */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNERS_FOLDER });
  chmodSync(path, OWNERS_FOLDER);
}

/** Makes a file, empty when it was not there, that only its owner may read, for somebody who goes on to open it. */
export function privateFile(path: string): void {
  // Never opened when it exists: closing any descriptor of a file ends all locks that this process has on it (fcntl(2)).
  if (existsSync(path)) return chmodSync(path, OWNERS_FILE);
  closeSync(openSync(path, 'ax', OWNERS_FILE));
}

/** Writes a file for its owner alone, in one step: who waits for it never reads half of it. */
export function writePrivate(path: string, text: string): void {
  privateFile(`${path}.new`);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** The text of a file for its owner alone, which it is from now on; undefined when there is none. */
export function readPrivate(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  chmodSync(path, OWNERS_FILE);
  return readFileSync(path, 'utf8');
}

/** Opens a SQLite file for its owner alone, see {@link privateFile}. @param path may be `:memory:`. */
export function openPrivate(path: string): DatabaseSync {
  // SQLite gives its log the permissions of the file; one that a killed process left may be older than this rule.
  if (path !== ':memory:')
    for (const file of [path, `${path}-wal`].filter((f, n) => n === 0 || existsSync(f))) privateFile(file);
  return new DatabaseSync(path);
}

/**
 * How the emulators keep their SQLite files.
 * - EXCLUSIVE: locked once, for as long as it is open. A second process on the same file would have stale descriptions of
 *   tables and queues, and each request would lock it six times.
 * - WAL with NORMAL: a commit is in the operating system's hands (survives kill -9) but not fsynced (a power loss may take
 *   the last ones, whole).
 * - 40 MB of log between the checkpoints, which are what fsync; the default of 4 MB is full after some 200 messages, or every
 *   tenth batch of 25 items.
 * @throws when another process has the file.
 */
export function keepAsOwn(sqlite: DatabaseSync): void {
  sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  sqlite.exec('PRAGMA wal_autocheckpoint = 10000;');
}
