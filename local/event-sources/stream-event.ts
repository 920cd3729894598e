import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord as StoredRecord } from '../dynamodb/server.ts';

/** One record of the event that Lambda makes of DynamoDB stream records. */
export interface StreamRecord {
  eventID: string;
  eventName: string;
  eventVersion: string;
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: { SequenceNumber: string; ApproximateCreationDateTime: number } & Record<string, unknown>;
  eventSourceARN: string;
  userIdentity?: Record<string, unknown>;
}

/** A stream record of the local DynamoDB as a function sees it: it is kept in the same JSON. */
export function ofStored(
  { dynamodb, userIdentity, ...record }: StoredRecord,
  arn: string,
  region: string,
): StreamRecord {
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: { ...dynamodb },
    eventSourceARN: arn,
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
  };
}

/** A stream record as the SDK gives it, as a function sees it. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function toStreamRecord(record: _Record, streamArn: string, region: string): StreamRecord {
  const { ApproximateCreationDateTime, SequenceNumber = '', ...change } = record.dynamodb ?? {};
  const identity = record.userIdentity;
  return {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? '',
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ...(plain(change) as Record<string, unknown>),
      SequenceNumber,
      ApproximateCreationDateTime: Math.floor((ApproximateCreationDateTime?.getTime() ?? 0) / 1000),
    },
    eventSourceARN: streamArn,
    ...(identity ? { userIdentity: { type: identity.Type, principalId: identity.PrincipalId } } : {}),
  };
}

/** Attribute values as JSON has them: binary as base64. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => [k, plain(v)]),
  );
}
