import type { QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { App } from '../template/app.ts';
import { booleanLike, ignored, numberLike } from '../template/scalars.ts';

const queueSchema = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: numberLike.default(30),
  MessageRetentionPeriod: numberLike.default(345_600),
  DelaySeconds: numberLike.default(0),
  ReceiveMessageWaitTimeSeconds: numberLike.default(0),
  MaximumMessageSize: numberLike.optional(),
  RedrivePolicy: z.looseObject({ deadLetterTargetArn: z.string(), maxReceiveCount: numberLike }).optional(),
  RedriveAllowPolicy: z.looseObject({}).optional(),
  FifoQueue: z.literal(false).optional(),
  SqsManagedSseEnabled: booleanLike.optional(),
  KmsMasterKeyId: ignored,
  KmsDataKeyReusePeriodSeconds: ignored,
  Tags: ignored,
});

/** Visibility timeout of each queue, seconds, by ARN. */
export function readVisibilityTimeouts(app: App): Map<string, number> {
  return new Map(
    app.ofType('AWS::SQS::Queue').map((q) => [q.identity.arn, q.properties(queueSchema).VisibilityTimeout]),
  );
}

/** Creates the queues of the template that are missing and gives all of them the template's attributes. Messages stay. */
export async function provisionQueues(app: App, sqs: SQSClient): Promise<void> {
  const queues = app
    .ofType('AWS::SQS::Queue')
    .map((q) => ({ name: q.identity.name, url: q.identity.ref, properties: q.properties(queueSchema) }));
  // All queues first: a redrive policy may name one that comes later in the template.
  for (const { name } of queues) await createIfMissing(sqs, name);
  for (const { url, properties: p } of queues) {
    const Attributes: Partial<Record<QueueAttributeName, string>> = {
      VisibilityTimeout: String(p.VisibilityTimeout),
      MessageRetentionPeriod: String(p.MessageRetentionPeriod),
      DelaySeconds: String(p.DelaySeconds),
      ReceiveMessageWaitTimeSeconds: String(p.ReceiveMessageWaitTimeSeconds),
      ...(p.MaximumMessageSize === undefined ? {} : { MaximumMessageSize: String(p.MaximumMessageSize) }),
      ...(p.RedrivePolicy ? { RedrivePolicy: JSON.stringify(p.RedrivePolicy) } : {}),
      ...(p.RedriveAllowPolicy ? { RedriveAllowPolicy: JSON.stringify(p.RedriveAllowPolicy) } : {}),
    };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
  }
}

async function createIfMissing(sqs: SQSClient, QueueName: string): Promise<void> {
  try {
    await sqs.send(new GetQueueUrlCommand({ QueueName }));
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    await sqs.send(new CreateQueueCommand({ QueueName }));
  }
}
