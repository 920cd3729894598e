import type { MessageAttribute } from '../sqs/message.ts';

/** A message as SQS's JSON protocol gives it. */
export interface ReceivedMessage {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  MD5OfMessageAttributes?: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, MessageAttribute>;
}

/** One record of the event that Lambda makes of SQS messages. */
export interface SqsRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, Record<string, unknown>>;
  md5OfBody: string;
  md5OfMessageAttributes?: string;
  eventSource: 'aws:sqs';
  eventSourceARN: string;
  awsRegion: string;
}

/** Attributes that are times, in milliseconds. */
const TIMES = ['SentTimestamp', 'ApproximateFirstReceiveTimestamp'] as const;

/**
 * A received message as a function sees it. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 * @param aheadMs how far the queue's clock is ahead of the function's, where a test has moved it: a function is told how long
 * ago by its own clock, or what it has just sent would come from the future.
 */
export function toSqsRecord(message: ReceivedMessage, queueArn: string, region: string, aheadMs = 0): SqsRecord {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: inFunctionTime(message.Attributes, aheadMs),
    messageAttributes: Object.fromEntries(attributes.map(([name, value]) => [name, toAttribute(value)])),
    md5OfBody: message.MD5OfBody,
    ...(message.MD5OfMessageAttributes ? { md5OfMessageAttributes: message.MD5OfMessageAttributes } : {}),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function inFunctionTime(attributes: Record<string, string> | undefined, aheadMs: number): Record<string, string> {
  const told = { ...attributes };
  for (const name of TIMES) if (told[name] !== undefined) told[name] = String(Number(told[name]) - aheadMs);
  return told;
}

function toAttribute({ StringValue, BinaryValue, DataType }: MessageAttribute): Record<string, unknown> {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** The record as filters see it: a body that is JSON is matched by its content. */
export function filterView(record: SqsRecord): unknown {
  try {
    return { ...record, body: JSON.parse(record.body) as unknown };
  } catch {
    return record;
  }
}
