import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Logger } from '../../lambdas/runtime/logger.ts';
import { createDeadLetterPurge } from '../../lambdas/queues/purge-dead-letters.ts';

const NOW = Date.UTC(2026, 10, 30);

describe('a purge of dead letters', () => {
  it('goes on when SQS does not take back those of others: they show themselves again', async () => {
    const sqs = mockClient(SQSClient);
    onTestFinished(() => sqs.restore());
    const others = { MessageId: 'm1', ReceiptHandle: 'r1', Body: '{"job":{"organization":"another"}}' };
    const meant = { MessageId: 'm2', ReceiptHandle: 'r2', Body: '{"job":{"organization":"acme"}}' };
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessagesNotVisible: '0' } });
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [others, meant] })
      .resolves({});
    sqs.on(DeleteMessageBatchCommand).resolves({ Successful: [{ Id: '0' }] });
    sqs.on(ChangeMessageVisibilityBatchCommand).rejects(new Error('SQS is away'));
    const warned: string[] = [];
    const logger: Logger = { info: () => undefined, warn: (text) => void warned.push(text), error: () => undefined };
    const quotas = { take: () => Promise.resolve(true), free: () => Promise.resolve() };
    const remove = createDeadLetterPurge(new SQSClient({}), { queueUrls: ['https://dead'], quotas, logger });

    const done = await remove({ id: 'purge', organization: 'acme', through_ms: NOW }, undefined, () => false);

    expect(done).toEqual({ deleted: { dead_letters: 1 } });
    expect(warned).toEqual(['visibility timeout of messages could not be changed']);
  });
});
