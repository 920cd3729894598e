import { SendMessageCommand, type SQSClient } from '#aws-sdk/client-sqs';
import type { DeadLetter } from '../domain/messages/messages.ts';
import { errorFields, type Logger } from '../runtime/logger.ts';

/** SQS allows far more; a person reads this. */
const MAX_REASON = 500;

/**
 * Moves messages to a dead-letter queue at once, with attributes `reason` and `kind`, instead of after all receives.
 * One call for each: they are rare, and their bodies may be as large as a call can be.
 * @returns the indexes of those that SQS did not take; never throws for them.
 */
export async function sendToDeadLetters(
  sqs: SQSClient,
  queueUrl: string,
  letters: readonly DeadLetter[],
  logger: Logger,
): Promise<Set<number>> {
  const missing = new Set<number>();
  await Promise.all(
    letters.map(async ({ body, reason, kind }, index) => {
      try {
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: body,
            MessageAttributes: {
              reason: { DataType: 'String', StringValue: reason.slice(0, MAX_REASON) },
              kind: { DataType: 'String', StringValue: kind },
            },
          }),
        );
      } catch (error) {
        missing.add(index);
        logger.error('dead letter could not be moved', errorFields(error));
      }
    }),
  );
  return missing;
}
