import type { Engine } from './engine.ts';
import { dynamoDbError, validationError } from './errors.ts';
import { formatSequence, parseSequence, type StreamInfo } from './stream-log.ts';
import type { Input, Operations } from './types.ts';

/** AWS: a shard iterator is good for 15 minutes. */
const ITERATOR_MS = 15 * 60 * 1000;
const RECORDS_MAX = 1000;
const LIST_MAX = 100;

interface ShardIterator {
  arn: string;
  /** Sequence number after which reading goes on. */
  after: number;
  /** Milliseconds since the epoch. */
  issuedAt: number;
}

/** ListStreams, DescribeStream, GetShardIterator and GetRecords. */
export function streamOperations(engine: Engine): Operations {
  return {
    ListStreams(input) {
      const after = input['ExclusiveStartStreamArn'];
      const streams = engine.streams
        .list()
        .filter((stream) => input['TableName'] === undefined || stream.table === input['TableName'])
        .filter((stream) => typeof after !== 'string' || stream.arn > after);
      const page = streams.slice(0, typeof input['Limit'] === 'number' ? input['Limit'] : LIST_MAX);
      return {
        Streams: page.map(({ arn, table, label }) => ({ StreamArn: arn, TableName: table, StreamLabel: label })),
        ...(page.length < streams.length && { LastEvaluatedStreamArn: page.at(-1)?.arn }),
      };
    },
    DescribeStream: (input) => ({ StreamDescription: describe(requireStream(engine, input['StreamArn'])) }),
    GetShardIterator(input) {
      const stream = requireStream(engine, input['StreamArn']);
      if (input['ShardId'] !== stream.shard) {
        throw dynamoDbError('ResourceNotFoundException', `Requested resource not found: Shard does not exist`);
      }
      const after = startingPoint(engine, stream, input);
      return { ShardIterator: encode({ arn: stream.arn, after, issuedAt: engine.clock.now() }) };
    },
    GetRecords(input) {
      const iterator = decodeIterator(input['ShardIterator']);
      if (!iterator) throw validationError('Invalid ShardIterator: give one from GetShardIterator or GetRecords');
      if (engine.clock.now() - iterator.issuedAt > ITERATOR_MS) {
        throw dynamoDbError('ExpiredIteratorException', 'The shard iterator is older than 15 minutes: get a new one.');
      }
      const limit = input['Limit'] ?? RECORDS_MAX;
      if (typeof limit !== 'number' || limit < 1 || limit > RECORDS_MAX) {
        throw validationError(`Limit must be between 1 and ${RECORDS_MAX}, got ${JSON.stringify(limit)}`);
      }
      const stream = requireStream(engine, iterator.arn);
      const { records: Records, last } = engine.streams.read(stream.arn, iterator.after, limit);
      const ended = stream.closed && Records.length < limit && !engine.streams.read(stream.arn, last, 1).records.length;
      const next = encode({ arn: stream.arn, after: last, issuedAt: engine.clock.now() });
      return { Records, ...(!ended && { NextShardIterator: next }) };
    },
  };
}

/** The stream that an iterator reads, or undefined for text that is no iterator of ours. */
export function streamOfIterator(text: unknown): string | undefined {
  return decodeIterator(text)?.arn;
}

function requireStream(engine: Engine, arn: unknown): StreamInfo {
  const stream = typeof arn === 'string' ? engine.streams.find(arn) : undefined;
  if (stream) return stream;
  throw dynamoDbError('ResourceNotFoundException', `Requested resource not found: Stream: ${String(arn)} not found`);
}

function describe(stream: StreamInfo): object {
  return {
    StreamArn: stream.arn,
    StreamLabel: stream.label,
    StreamStatus: stream.closed ? 'DISABLED' : 'ENABLED',
    StreamViewType: stream.view,
    CreationRequestDateTime: stream.createdAt / 1000,
    TableName: stream.table,
    KeySchema: stream.keySchema,
    Shards: [
      {
        ShardId: stream.shard,
        SequenceNumberRange: {
          StartingSequenceNumber: formatSequence(0),
          ...(stream.closed && { EndingSequenceNumber: formatSequence(stream.closed.sequence) }),
        },
      },
    ],
  };
}

function startingPoint(engine: Engine, stream: StreamInfo, input: Input): number {
  const type = input['ShardIteratorType'];
  if (type === 'TRIM_HORIZON') return 0;
  if (type === 'LATEST') return engine.streams.last();
  if (type !== 'AT_SEQUENCE_NUMBER' && type !== 'AFTER_SEQUENCE_NUMBER') {
    throw validationError(
      `ShardIteratorType must be TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER, got ${String(type)}`,
    );
  }
  const text = input['SequenceNumber'];
  if (typeof text !== 'string' || !/^\d{21}$/.test(text)) {
    throw validationError(`SequenceNumber must be one that a record of this stream carried, got ${String(text)}`);
  }
  const sequence = parseSequence(text);
  if (!engine.streams.holds(stream.arn, sequence)) {
    throw dynamoDbError('TrimmedDataAccessException', 'The record is older than 24 hours: start at TRIM_HORIZON.');
  }
  return type === 'AT_SEQUENCE_NUMBER' ? sequence - 1 : sequence;
}

function encode(iterator: ShardIterator): string {
  return Buffer.from(JSON.stringify(iterator)).toString('base64url');
}

function decodeIterator(text: unknown): ShardIterator | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<ShardIterator> | null;
    const { arn, after, issuedAt } = value ?? {};
    if (typeof arn !== 'string' || typeof after !== 'number' || typeof issuedAt !== 'number') return undefined;
    return { arn, after, issuedAt };
  } catch {
    return undefined;
  }
}
