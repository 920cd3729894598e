import type { DatabaseSync, StatementSync } from 'node:sqlite';

const COMMITTED = Promise.resolve();

interface Group {
  immediate: NodeJS.Immediate;
  done: PromiseWithResolvers<void>;
}

/**
 * Transactions of a SQLite file that reach it together: all of two turns of the event loop share a commit, so that a page
 * which each of them changes is written once. A commit costs as much as all that is written in it, and in a burst a second turn brings further requests;
 * when there are none it takes no time. Nobody may hear of a result before it is {@link durable}.
 */
export class GroupCommit {
  readonly #sqlite: DatabaseSync;
  readonly #onLost: () => void;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #enter: StatementSync;
  readonly #leave: StatementSync;
  readonly #undo: StatementSync;
  /** Set while transactions wait for their commit. */
  #group: Group | undefined;

  /** @param onLost called when a commit fails: what was run since the last one has not happened. */
  constructor(sqlite: DatabaseSync, onLost: () => void) {
    this.#sqlite = sqlite;
    this.#onLost = onLost;
    this.#begin = sqlite.prepare('BEGIN IMMEDIATE');
    this.#commit = sqlite.prepare('COMMIT');
    this.#rollback = sqlite.prepare('ROLLBACK');
    this.#enter = sqlite.prepare('SAVEPOINT one');
    this.#leave = sqlite.prepare('RELEASE one');
    this.#undo = sqlite.prepare('ROLLBACK TO one');
  }

  /** Runs `work` so that all of its writes happen or, when it throws, none. */
  run<T>(work: () => T): T {
    this.#group ??= this.#open();
    this.#enter.run();
    try {
      const result = work();
      this.#leave.run();
      return result;
    } catch (error) {
      // SQLite itself ends the whole transaction when the disk is full; the commit will tell everybody.
      if (this.#sqlite.isTransaction) {
        this.#undo.run();
        this.#leave.run();
      }
      throw error;
    }
  }

  /**
   * Resolves when all that was run until now is in the file. Ask in the same turn of the event loop: later the
   * answer would be about other transactions.
   * @throws when the file did not take it.
   */
  durable(): Promise<void> {
    return this.#group?.done.promise ?? COMMITTED;
  }

  /** Commits at once. */
  flush(): void {
    const group = this.#group;
    if (!group) return;
    this.#group = undefined;
    clearImmediate(group.immediate);
    try {
      this.#commit.run();
      group.done.resolve();
    } catch (error) {
      if (this.#sqlite.isTransaction) this.#rollback.run();
      this.#onLost();
      group.done.reject(error);
    }
  }

  #open(): Group {
    this.#begin.run();
    const done = Promise.withResolvers<void>();
    // Whoever waits hears of a failure; nobody may be waiting.
    done.promise.catch(() => undefined);
    const group: Group = { immediate: setImmediate(() => (group.immediate = setImmediate(() => this.flush()))), done };
    return group;
  }
}
