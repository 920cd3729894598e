import { randomUUID } from 'node:crypto';
import { itemBytes, sameItem } from './item-size.ts';
import type { ItemWrite } from './item-store.ts';
import type { Storage } from './storage.ts';
import type { Clock, Item, KeyElement, StreamViewType, TableDescription } from './types.ts';

/** AWS keeps stream records for 24 hours. */
const RETENTION_MS = 24 * 60 * 60 * 1000;
/** GetRecords answers at most 1 MB. */
const PAGE_BYTES = 1024 * 1024;

/** A stream of a table; it stays readable for a day after it was switched off. */
export interface StreamInfo {
  arn: string;
  label: string;
  table: string;
  keySchema: KeyElement[];
  view: StreamViewType;
  shard: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Set when the stream was switched off or its table deleted, with the last sequence number. */
  closed?: { at: number; sequence: number };
}

/** A stream record as GetRecords gives it. */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: {
    /** Seconds since the epoch, rounded down. */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: StreamViewType;
  };
  /** Who wrote, when it was DynamoDB itself: TTL. */
  userIdentity?: { Type: 'Service'; PrincipalId: 'dynamodb.amazonaws.com' };
}

/** Sequence numbers are 21 digits that sort as text. */
export const formatSequence = (sequence: number): string => `1${String(sequence).padStart(20, '0')}`;
export const parseSequence = (text: string): number => Number(text.slice(1));

/** The streams of all tables and their records. Each stream has one shard; reading costs the same at any length. */
export class StreamLog {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #region: string;

  constructor(storage: Storage, clock: Clock, region: string) {
    this.#storage = storage;
    this.#clock = clock;
    this.#region = region;
  }

  /** Starts a stream for a table and returns it. */
  open(table: TableDescription, view: StreamViewType): StreamInfo {
    const createdAt = this.#clock.now();
    // A label names one stream for ever: a second one in the same millisecond gets the next free one.
    let at = createdAt;
    const arnAt = () => `${table.TableArn}/stream/${new Date(at).toISOString().slice(0, -1)}`;
    while (this.find(arnAt())) at += 1;
    const stream: StreamInfo = {
      arn: arnAt(),
      label: new Date(at).toISOString().slice(0, -1),
      table: table.TableName,
      keySchema: table.KeySchema,
      view,
      shard: `shardId-${String(at).padStart(20, '0')}-${randomUUID().slice(0, 8)}`,
      createdAt,
    };
    this.#save(stream);
    return stream;
  }

  /** Ends a stream: what it holds stays readable, nothing is added. */
  close(arn: string): void {
    const stream = this.find(arn);
    if (stream && !stream.closed) this.#save({ ...stream, closed: { at: this.#clock.now(), sequence: this.last() } });
  }

  find(arn: string): StreamInfo | undefined {
    const row = this.#storage.prepare('SELECT record FROM streams WHERE arn = ?').get(arn);
    return row && (JSON.parse(row['record'] as string) as StreamInfo);
  }

  /** All streams, oldest first. */
  list(): StreamInfo[] {
    const rows = this.#storage.prepare('SELECT record FROM streams ORDER BY arn').all();
    return rows.map((row) => JSON.parse(row['record'] as string) as StreamInfo);
  }

  /** Adds the record of a write, in the write's own transaction; undefined when nothing changed or no stream is on. */
  append({ table, old, item }: ItemWrite, identity?: StreamRecord['userIdentity']): StreamRecord | undefined {
    const view = table.StreamSpecification?.StreamViewType;
    const either = item ?? old;
    if (!table.LatestStreamArn || !view || !either || sameItem(old, item)) return undefined;
    const Keys = Object.fromEntries(
      table.KeySchema.map(({ AttributeName }) => [AttributeName, either[AttributeName] ?? {}]),
    );
    const images = {
      ...(item && /^NEW/.test(view) && { NewImage: item }),
      ...(old && /OLD/.test(view) && { OldImage: old }),
    };
    const record: StreamRecord = {
      eventID: randomUUID().replaceAll('-', ''),
      eventName: !old ? 'INSERT' : item ? 'MODIFY' : 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.#clock.now() / 1000),
        Keys,
        ...images,
        SequenceNumber: '',
        SizeBytes: [Keys, ...Object.values(images)].reduce((sum, part) => sum + itemBytes(part), 0),
        StreamViewType: view,
      },
      ...(identity && { userIdentity: identity }),
    };
    const { lastInsertRowid } = this.#storage
      .prepare('INSERT INTO stream_records (stream, at, record) VALUES (?, ?, ?)')
      .run(table.LatestStreamArn, this.#clock.now(), JSON.stringify(record));
    return numbered(record, Number(lastInsertRowid));
  }

  /** Up to `limit` records (and 1 MB) after a sequence number, and the number to go on from. */
  read(arn: string, after: number, limit: number): { records: StreamRecord[]; last: number } {
    const records: StreamRecord[] = [];
    let last = after;
    let bytes = 0;
    const rows = this.#storage
      .prepare(
        'SELECT sequence, record FROM stream_records WHERE stream = ? AND sequence > ? AND at >= ? ORDER BY sequence LIMIT ?',
      )
      .iterate(arn, after, this.#horizon(), limit);
    for (const row of rows) {
      const text = row['record'] as string;
      if (records.length && bytes + text.length > PAGE_BYTES) break;
      bytes += text.length;
      last = row['sequence'] as number;
      records.push(numbered(JSON.parse(text) as StreamRecord, last));
    }
    return { records, last };
  }

  /** Whether a stream still has the record with that sequence number. */
  holds(arn: string, sequence: number): boolean {
    return !!this.#storage
      .prepare('SELECT 1 FROM stream_records WHERE sequence = ? AND stream = ? AND at >= ?')
      .get(sequence, arn, this.#horizon());
  }

  /** The newest sequence number of all streams; the next record gets a higher one. */
  last(): number {
    const row = this.#storage.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'stream_records'").get();
    return (row?.['seq'] as number | undefined) ?? 0;
  }

  /** Forgets records older than 24 hours, and streams closed longer than that. */
  trim(): void {
    this.#storage.prepare('DELETE FROM stream_records WHERE at < ?').run(this.#horizon());
    for (const stream of this.list()) {
      if (stream.closed && stream.closed.at < this.#horizon()) {
        this.#storage.prepare('DELETE FROM streams WHERE arn = ?').run(stream.arn);
      }
    }
  }

  #horizon(): number {
    return this.#clock.now() - RETENTION_MS;
  }

  #save(stream: StreamInfo): void {
    this.#storage
      .prepare('INSERT INTO streams (arn, record) VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record')
      .run(stream.arn, JSON.stringify(stream));
  }
}

function numbered(record: StreamRecord, sequence: number): StreamRecord {
  return { ...record, dynamodb: { ...record.dynamodb, SequenceNumber: formatSequence(sequence) } };
}
