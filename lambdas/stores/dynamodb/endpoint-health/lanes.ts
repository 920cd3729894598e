import { ScanCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { targetName, type TargetKey } from '../../delivery-targets.ts';
import type { Lanes, LaneStore } from '../../lanes.ts';

/** An endpoint that turns slow is met by a sender first, which hands its deliveries over itself: old news costs little. */
const FRESH_MS = 5_000;
/** Pages of 1 MB: some 20,000 endpoints in trouble at once. What lies beyond is served by the fast lane, and handed over there. */
const MAX_PAGES = 4;

/**
 * Reads who is slow from the table `EndpointHealth` (subscription), all at once and every 5 s at most.
 *
 * Healthy endpoints have no row, so the table is almost empty and one Scan costs about one read unit, however many
 * subscriptions match. Rejected: BatchGet of the matched ones, 0.5 read units each for rows that do not exist
 * ($0.06 per million deliveries), and 100 calls for an event with 10,000 deliveries.
 */
export function createLaneStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { now = Date.now }: { now?: () => number } = {},
): LaneStore {
  let slowUntil = new Map<string, number>();
  let readMs = -Infinity;

  const read = async (): Promise<Map<string, number>> => {
    const found = new Map<string, number>();
    let start: Record<string, unknown> | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { Items, LastEvaluatedKey } = await dynamoDb.send(
        new ScanCommand({
          TableName: table,
          ProjectionExpression: 'organization, subscription, slow_until_ms',
          FilterExpression: 'slow_until_ms > :now',
          ExpressionAttributeValues: { ':now': now() },
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const row of (Items ?? []) as (TargetKey & { slow_until_ms: number })[]) {
        found.set(targetName(row), row.slow_until_ms);
      }
      start = LastEvaluatedKey;
      if (!start) break;
    }
    return found;
  };

  return {
    async load(): Promise<Lanes> {
      if (now() - readMs >= FRESH_MS) {
        const asked = now();
        slowUntil = await read();
        readMs = asked;
      }
      return { isSlow: (key) => (slowUntil.get(targetName(key)) ?? 0) > now() };
    },
  };
}
