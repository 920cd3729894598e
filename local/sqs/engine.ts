import type { Clock } from '../clock.ts';
import { Database } from './database.ts';
import { LongPolls } from './long-polls.ts';
import { MessageStore } from './message-store.ts';
import { QueueStore } from './queue-store.ts';

/** Where messages and queues are, and the one way to change them. Actions get it as their first argument. */
export class Engine {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly database: Database;
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly polls: LongPolls;
  /** Whether a receive that does not wait finds a message. */
  readonly isSampled: () => boolean;

  /**
   * @param file path of the SQLite file or `:memory:`.
   * @param isSampled see {@link Engine.isSampled}.
   */
  constructor(file: string, region: string, accountId: string, clock: Clock, isSampled = () => true) {
    this.isSampled = isSampled;
    this.clock = clock;
    this.region = region;
    this.accountId = accountId;
    this.database = new Database(file, () => {
      this.messages.rebuild();
      this.queues.reload();
    });
    this.queues = new QueueStore(this.database, region, accountId);
    this.messages = new MessageStore(this.database);
    this.polls = new LongPolls(clock, (queueId) => this.messages.nextVisibleAt(queueId));
  }

  /**
   * Runs one request's work as one transaction, then lets waiting receives look at what it changed. Its result may be
   * told once it is {@link durable}.
   */
  run<T>(work: () => T): T {
    let result: T;
    try {
      result = this.database.commits.run(work);
    } catch (error) {
      this.messages.undo();
      this.queues.reload();
      throw error;
    }
    this.polls.wake(this.messages.takeChanged());
    return result;
  }

  /** Resolves when all that was run until now is kept. @throws when the file did not take it. */
  durable(): Promise<void> {
    return this.database.commits.durable();
  }

  close(): void {
    this.polls.close();
    this.database.close();
  }
}
