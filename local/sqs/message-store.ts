import { randomUUID } from 'node:crypto';
import type { Database, Row } from './database.ts';
import { FairOrder } from './fair-order.ts';
import type { Queue } from './queue-store.ts';

/** A message about to be stored; checked already. */
export interface NewMessage {
  body: string;
  md5: string;
  /** JSON of the message attributes, when there are any. */
  attributes: string | null;
  traceHeader: string | null;
  groupId: string | null;
  deduplicationId: string | null;
  senderId: string;
  delayMs: number;
}

/** What a receive has to know before it takes a message. */
export interface Candidate {
  seq: number;
  group: string | null;
}

/** Messages of one queue that may be in flight (SQS developer guide, "Amazon SQS message quotas"). */
export const MOST_IN_FLIGHT = 120_000;

/** A sequence number has 20 digits. */
export const sequenceNumber = (seq: number): string => String(seq).padStart(20, '0');

/** All SQL on messages. Every change that matters to `fair` and to waiting receives goes through here. */
export class MessageStore {
  readonly fair = new FairOrder();
  readonly #database: Database;
  /** Queues in which a message became receivable since the last `takeChanged`. */
  #changed = new Set<number>();
  #countersTouched = false;

  constructor(database: Database) {
    this.#database = database;
    this.rebuild();
  }

  /** After a commit: the queues whose waiting receives should look again. */
  takeChanged(): Set<number> {
    this.#countersTouched = false;
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** After a rollback: counts that were changed in memory are taken from the database again. */
  undo(): void {
    this.#changed = new Set();
    if (this.#countersTouched) this.rebuild();
    this.#countersTouched = false;
  }

  /** Takes the counts in memory from the database again. */
  rebuild(): void {
    this.fair.clear();
    const rows = this.#database.all(
      'SELECT queue_id, group_id, count(*) AS n FROM messages WHERE hidden = 1 AND receive_count > 0 GROUP BY queue_id, group_id',
    );
    for (const row of rows) this.fair.count(Number(row.queue_id), groupOf(row), Number(row.n));
  }

  /** Brings a queue up to `now`: drops messages past their retention, shows those whose delay or visibility timeout ran out. */
  refresh(queue: Queue, now: number): void {
    for (const row of this.#changeAny(EXPIRED, queue.id, now - queue.settings.retentionMs)) this.#left(queue, row);
    for (const row of this.#changeAny(SHOWN, queue.id, now)) {
      this.#left(queue, row);
      this.#ready(queue.id, Number(row.seq), groupOf(row));
    }
  }

  insert(queue: Queue, message: NewMessage, now: number): { messageId: string; seq: number } {
    const messageId = randomUUID();
    const { lastId: seq } = this.#database.run(
      'INSERT INTO messages (queue_id, message_id, group_id, hidden, visible_at, sent_at, receive_count) VALUES (?, ?, ?, ?, ?, ?, 0)',
      queue.id,
      messageId,
      message.groupId,
      message.delayMs > 0 ? 1 : 0,
      now + message.delayMs,
      now,
    );
    this.#database.run(
      'INSERT INTO bodies (seq, body, md5, attributes, trace_header, sender_id, deduplication_id, sequence_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      seq,
      message.body,
      message.md5,
      message.attributes,
      message.traceHeader,
      message.senderId,
      message.deduplicationId,
      queue.fifo ? sequenceNumber(seq) : null,
    );
    this.#changed.add(queue.id);
    return { messageId, seq };
  }

  /** Up to `limit` ready messages in their order, from `from` on, of groups that `accept` takes. */
  scan(queueId: number, from: number, limit: number, accept: (group: string | null) => boolean): Candidate[] {
    const found: Candidate[] = [];
    const sql = 'SELECT seq, group_id FROM messages WHERE queue_id = ? AND hidden = 0 AND seq >= ? ORDER BY seq';
    for (const row of this.#database.iterate(sql, queueId, from)) {
      const group = groupOf(row);
      if (!accept(group)) continue;
      found.push({ seq: Number(row.seq), group });
      if (found.length === limit) break;
    }
    return found;
  }

  /** A place behind every message that is there now and before every one that comes. */
  endOfScan(): number {
    return Number(this.#database.get('SELECT max(seq) AS last FROM messages')?.last ?? 0) + 1;
  }

  /** Counts a receive, hides the message for `visibilityMs`, and returns it whole. */
  take(queue: Queue, { seq, group }: Candidate, visibilityMs: number, now: number): Row {
    const hidden = visibilityMs > 0 ? 1 : 0;
    this.#database.run(
      'UPDATE messages SET hidden = ?, visible_at = ?, receive_count = receive_count + 1, first_received_at = coalesce(first_received_at, ?), received_at = ? WHERE seq = ?',
      hidden,
      now + visibilityMs,
      now,
      now,
      seq,
    );
    if (hidden) this.#entered(queue.id, group);
    return this.#database.get('SELECT * FROM messages JOIN bodies USING (seq) WHERE seq = ?', seq)!;
  }

  receiveCount(seq: number): number {
    return Number(this.#database.get('SELECT receive_count FROM messages WHERE seq = ?', seq)?.receive_count ?? 0);
  }

  /** The message, when it is still in this queue. */
  find(queue: Queue, seq: number): Row | undefined {
    return this.#database.get('SELECT * FROM messages WHERE seq = ? AND queue_id = ?', seq, queue.id);
  }

  /** Changes when a message in flight shows again; 0 shows it now. */
  setVisibility(queue: Queue, message: Row, visibilityMs: number, now: number): void {
    const seq = Number(message.seq);
    const hidden = visibilityMs > 0 ? 1 : 0;
    this.#database.run('UPDATE messages SET hidden = ?, visible_at = ? WHERE seq = ?', hidden, now + visibilityMs, seq);
    if (hidden) {
      // A waiting receive sleeps until the earliest end of a timeout, and this may be a new earliest.
      this.#changed.add(queue.id);
      return;
    }
    this.#left(queue, message);
    this.#ready(queue.id, seq, groupOf(message));
  }

  delete(queue: Queue, message: Row): void {
    this.#database.run('DELETE FROM messages WHERE seq = ?', message.seq!);
    this.#left(queue, message);
  }

  deleteAll(queue: Queue): void {
    this.#database.run('DELETE FROM messages WHERE queue_id = ?', queue.id);
    this.rebuild();
    // A receive that waits on a queue that is deleted has to learn it.
    this.#changed.add(queue.id);
  }

  /** The redrive of a receive: the ready message goes to the dead-letter queue and keeps its id, time of sending and receive count. */
  moveToDeadLetterQueue(source: Queue, target: Queue, { seq, group }: Candidate, now: number): void {
    this.#database.run(
      'UPDATE messages SET queue_id = ?, source_arn = ?, visible_at = ? WHERE seq = ?',
      target.id,
      source.arn,
      now,
      seq,
    );
    this.#ready(target.id, seq, group);
  }

  /** The move of a message-move task: a ready message becomes a new one, with a new id, time of sending and no receives. */
  moveAsNew(target: Queue, seq: number, now: number): void {
    const { lastId } = this.#database.run(
      'INSERT INTO messages (queue_id, message_id, group_id, hidden, visible_at, sent_at, receive_count) SELECT ?, ?, group_id, 0, ?, ?, 0 FROM messages WHERE seq = ?',
      target.id,
      randomUUID(),
      now,
      now,
      seq,
    );
    const sequence = target.fifo ? sequenceNumber(lastId) : null;
    this.#database.run('UPDATE bodies SET seq = ?, sequence_number = ? WHERE seq = ?', lastId, sequence, seq);
    this.#database.run('DELETE FROM messages WHERE seq = ?', seq);
    this.#changed.add(target.id);
  }

  /** Ready messages of a queue with the ARN of the queue they came from, oldest first. */
  readyWithSource(queue: Queue, limit: number): { seq: number; sourceArn: string | null }[] {
    return this.#database
      .all(
        'SELECT seq, source_arn FROM messages WHERE queue_id = ? AND hidden = 0 ORDER BY seq LIMIT ?',
        queue.id,
        limit,
      )
      .map((row) => ({ seq: Number(row.seq), sourceArn: row.source_arn === null ? null : String(row.source_arn) }));
  }

  /** Ready messages, counted up to `most`; those whose timeout has run out since the last receive are not seen yet. */
  countReady(queue: Queue, most: number): number {
    const sql = 'SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE queue_id = ? AND hidden = 0 LIMIT ?)';
    return Number(this.#database.get(sql, queue.id, most)!.n);
  }

  counts(queue: Queue): { ready: number; inFlight: number; delayed: number } {
    const count = (hidden: 0 | 1): number =>
      Number(
        this.#database.get(`SELECT count(*) AS n FROM messages WHERE queue_id = ? AND hidden = ${hidden}`, queue.id)!.n,
      );
    const inFlight = this.fair.inFlight(queue.id);
    return { ready: count(0), inFlight, delayed: count(1) - inFlight };
  }

  /** When the next hidden message of a queue shows, in milliseconds since the epoch. */
  nextVisibleAt(queueId: number): number | undefined {
    const row = this.#database.get(
      'SELECT min(visible_at) AS at FROM messages WHERE queue_id = ? AND hidden = 1',
      queueId,
    );
    return typeof row?.at === 'number' ? row.at : undefined;
  }

  /** What a statement changes; most find nothing to change, and one that returns rows takes ten times as long to find that out. */
  #changeAny({ any, change }: { any: string; change: string }, queueId: number, time: number): Row[] {
    return this.#database.get(any, queueId, time) ? this.#database.all(change, queueId, time) : [];
  }

  #ready(queueId: number, seq: number, group: string | null): void {
    this.fair.becameReady(queueId, seq, group);
    this.#changed.add(queueId);
  }

  #entered(queueId: number, group: string | null): void {
    this.#countersTouched = true;
    this.fair.count(queueId, group, 1);
  }

  /** A message is no longer in flight, if it was: `row` is as it was before. */
  #left(queue: Queue, row: Row): void {
    if (row.hidden !== 1 || Number(row.receive_count) === 0) return;
    this.#countersTouched = true;
    this.fair.count(queue.id, groupOf(row), -1);
    // In a FIFO queue the end of one message frees the next of its group, in a full queue it makes room for another.
    if (queue.fifo || this.fair.inFlight(queue.id) === MOST_IN_FLIGHT - 1) this.#changed.add(queue.id);
  }
}

const EXPIRED = {
  any: 'SELECT 1 FROM messages WHERE queue_id = ? AND sent_at <= ? LIMIT 1',
  change: 'DELETE FROM messages WHERE queue_id = ? AND sent_at <= ? RETURNING hidden, receive_count, group_id',
};
const SHOWN = {
  any: 'SELECT 1 FROM messages WHERE queue_id = ? AND hidden = 1 AND visible_at <= ? LIMIT 1',
  change:
    'UPDATE messages SET hidden = 0 WHERE queue_id = ? AND hidden = 1 AND visible_at <= ? RETURNING seq, 1 AS hidden, receive_count, group_id',
};

const groupOf = (row: Row): string | null => (row.group_id === null ? null : String(row.group_id));
