import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Outcome } from '../../../lambdas/domain/delivery/attempt.ts';
import { fromItem, type AttemptItem } from '../../../lambdas/stores/dynamodb/attempt-item.ts';
import type { Posthorn } from '../../../test/support/posthorn.ts';

/** A line of the delivery log, as far as the proofs look at it. */
export interface Line {
  attempt: number;
  outcome: Outcome;
  attemptedMs: number;
  status?: number;
  /** Why there was no answer, or none that counts. */
  reason?: string;
}

/** The lines of one delivery in the order of their ids, or of all deliveries of a subscription by event. */
export async function readLog(posthorn: Posthorn, subscription: string, event = 'evt_'): Promise<Map<string, Line[]>> {
  const lines = new Map<string, Line[]>();
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey }: { Items?: unknown[]; LastEvaluatedKey?: Record<string, unknown> } =
      await posthorn.dynamoDb.send(
        new QueryCommand({
          TableName: posthorn.output('AttemptsTableName'),
          KeyConditionExpression: 'subscription = :subscription and begins_with(event_attempt, :event)',
          ExpressionAttributeValues: { ':subscription': subscription, ':event': event },
          ConsistentRead: true,
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      );
    for (const item of Items) {
      const { event_id, attempt, outcome, attempted_ms, status, reason } = fromItem(item as AttemptItem);
      const known = lines.get(event_id) ?? lines.set(event_id, []).get(event_id)!;
      known.push({
        attempt,
        outcome,
        attemptedMs: attempted_ms,
        ...(status === undefined ? {} : { status }),
        ...(reason === undefined ? {} : { reason }),
      });
    }
    start = LastEvaluatedKey;
  } while (start);
  return lines;
}
