import type { DynamoDbServer, StreamRecord as StoredRecord } from '../dynamodb/server.ts';
import { isServiceError } from '../dynamodb/errors.ts';
import { ofStored, type StreamRecord } from './stream-event.ts';
import { withTries } from './with-tries.ts';

/** Where reading a shard begins. */
export type Start =
  | { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER'; SequenceNumber: string }
  | { ShardIteratorType: string };

/** What one read of a shard gives. */
export interface Page {
  records: StreamRecord[];
  /** Null: the shard was read to its end. */
  next: string | null;
}

/**
 * A table's stream as Lambda's poller sees it, with the credentials of the function. By calls inside of the process, as of a queue:
 * the poller is AWS's own part, and an SDK beside its server took as much as writing the lines that it read.
 */
export class StreamCalls {
  readonly #dynamoDb: Pick<DynamoDbServer, 'call'>;
  readonly #accessKeyId: string;
  readonly #streamArn: string;
  readonly #region: string;

  constructor(dynamoDb: Pick<DynamoDbServer, 'call'>, accessKeyId: string, streamArn: string, region: string) {
    this.#dynamoDb = dynamoDb;
    this.#accessKeyId = accessKeyId;
    this.#streamArn = streamArn;
    this.#region = region;
  }

  /** Ids of all shards. */
  async shards(signal: AbortSignal): Promise<string[]> {
    const answer = await this.#call('DescribeStream', { StreamArn: this.#streamArn }, signal);
    const { Shards = [] } = (answer as { StreamDescription: { Shards?: { ShardId: string }[] } }).StreamDescription;
    return Shards.map(({ ShardId }) => ShardId);
  }

  /** Where to begin a shard; null: it has nothing more. */
  async begin(ShardId: string, start: Start, signal: AbortSignal): Promise<string | null> {
    const input = { StreamArn: this.#streamArn, ShardId, ...start };
    const { ShardIterator = null } = (await this.#call('GetShardIterator', input, signal)) as {
      ShardIterator?: string;
    };
    return ShardIterator;
  }

  /** At most so many records from there on. */
  async read(ShardIterator: string, Limit: number, signal: AbortSignal): Promise<Page> {
    const answer = await this.#call('GetRecords', { ShardIterator, Limit }, signal);
    const { Records = [], NextShardIterator: next = null } = answer as {
      Records?: StoredRecord[];
      NextShardIterator?: string;
    };
    return { records: Records.map((record) => ofStored(record, this.#streamArn, this.#region)), next };
  }

  #call(operation: string, input: Record<string, unknown>, signal: AbortSignal): Promise<object> {
    const call = { target: `DynamoDBStreams_20120810.${operation}`, accessKeyId: this.#accessKeyId, input };
    return withTries(() => this.#dynamoDb.call(call), isPassing, signal);
  }
}

/** Whether the same call may succeed a moment later. */
function isPassing(error: unknown): boolean {
  if (!isServiceError(error)) return false;
  return error.statusCode >= 500 || /ThroughputExceeded|Throttling|LimitExceeded/.test(String(error.body['__type']));
}
