import type { DatabaseSync } from 'node:sqlite';

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
