import { settingsOf, type Attributes, type QueueSettings } from './attributes.ts';
import type { Database, Row } from './database.ts';
import { queueDoesNotExist } from './errors.ts';
import { requiredString, type Input } from './input.ts';

/** One queue, as it was when it was read: read it again for each request. */
export interface Queue {
  id: number;
  name: string;
  arn: string;
  fifo: boolean;
  /** Only what was set; `settings` has the defaults in it. */
  attributes: Attributes;
  settings: QueueSettings;
  tags: Record<string, string>;
  /** Times in milliseconds since the epoch. */
  createdAt: number;
  modifiedAt: number;
  purgedAt: number | null;
}

/** The queues: kept in the database, read from memory. */
export class QueueStore {
  readonly #database: Database;
  readonly #arnPrefix: string;
  readonly #byName = new Map<string, Queue>();
  readonly #byId = new Map<number, Queue>();

  constructor(database: Database, region: string, accountId: string) {
    this.#database = database;
    this.#arnPrefix = `arn:aws:sqs:${region}:${accountId}:`;
    this.reload();
  }

  /** Reads everything again: needed after a transaction that changed a queue was rolled back. */
  reload(): void {
    this.#byName.clear();
    this.#byId.clear();
    for (const row of this.#database.all('SELECT * FROM queues ORDER BY name')) {
      const queue = this.#fromRow(row);
      this.#byName.set(queue.name, queue);
      this.#byId.set(queue.id, queue);
    }
  }

  all(): Queue[] {
    return [...this.#byName.values()];
  }

  find(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  byId(id: number): Queue | undefined {
    return this.#byId.get(id);
  }

  byArn(arn: string): Queue | undefined {
    return arn.startsWith(this.#arnPrefix) ? this.find(arn.slice(this.#arnPrefix.length)) : undefined;
  }

  /**
   * The queue that a request names by its URL. Only the path counts, because the port may be another after a restart.
   * @throws QueueDoesNotExist
   */
  ofRequest(input: Input): Queue {
    const name = queueNameOf(requiredString(input, 'QueueUrl'));
    const queue = this.find(name);
    if (queue === undefined) throw queueDoesNotExist(name);
    return queue;
  }

  /** The queues whose dead-letter queue is `arn`. */
  sourcesOf(arn: string): Queue[] {
    return this.all().filter((queue) => queue.settings.redrive?.targetArn === arn);
  }

  create(name: string, attributes: Attributes, tags: Record<string, string>, now: number): void {
    this.#database.run(
      'INSERT INTO queues (name, attributes, tags, created_at, modified_at) VALUES (?, ?, ?, ?, ?)',
      name,
      JSON.stringify(attributes),
      JSON.stringify(tags),
      now,
      now,
    );
    this.reload();
  }

  setAttributes(queue: Queue, attributes: Attributes, now: number): void {
    const json = JSON.stringify(attributes);
    this.#database.run('UPDATE queues SET attributes = ?, modified_at = ? WHERE id = ?', json, now, queue.id);
    this.reload();
  }

  setTags(queue: Queue, tags: Record<string, string>): void {
    this.#database.run('UPDATE queues SET tags = ? WHERE id = ?', JSON.stringify(tags), queue.id);
    this.reload();
  }

  setPurged(queue: Queue, now: number): void {
    this.#database.run('UPDATE queues SET purged_at = ? WHERE id = ?', now, queue.id);
    this.reload();
  }

  remove(queue: Queue): void {
    this.#database.run('DELETE FROM deduplications WHERE queue_id = ?', queue.id);
    this.#database.run('DELETE FROM queues WHERE id = ?', queue.id);
    this.reload();
  }

  #fromRow(row: Row): Queue {
    const name = String(row.name);
    const attributes = JSON.parse(String(row.attributes)) as Attributes;
    return {
      id: Number(row.id),
      name,
      arn: this.#arnPrefix + name,
      fifo: name.endsWith('.fifo'),
      attributes,
      settings: settingsOf(attributes),
      tags: JSON.parse(String(row.tags)) as Record<string, string>,
      createdAt: Number(row.created_at),
      modifiedAt: Number(row.modified_at),
      purgedAt: row.purged_at === null ? null : Number(row.purged_at),
    };
  }
}

/** The last segment of a queue URL. */
export const queueNameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
