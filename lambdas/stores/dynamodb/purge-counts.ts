import { QueryCommand, ScanCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { PurgeCountStore } from '../purges.ts';
import { resourcePlace } from './event-item.ts';

type Start = Record<string, unknown> | undefined;
interface Counted {
  Count?: number | undefined;
  LastEvaluatedKey?: Start;
}

/** Counts what a purge would take, by partitions: nothing of it is read into the function. */
export function createPurgeCountStore(
  dynamoDb: DynamoDBDocumentClient,
  tables: { subscriptions: string; keys: string; events: string },
): PurgeCountStore {
  const ofPartition = (TableName: string, organization: string) => (ExclusiveStartKey: Start) =>
    dynamoDb.send(
      new QueryCommand({
        TableName,
        Select: 'COUNT',
        KeyConditionExpression: 'organization = :organization',
        ExpressionAttributeValues: { ':organization': organization },
        ExclusiveStartKey,
      }),
    );
  const ofResource = (organization: string, resourceId: string) => (ExclusiveStartKey: Start) =>
    dynamoDb.send(
      new QueryCommand({
        TableName: tables.events,
        IndexName: 'by-resource',
        Select: 'COUNT',
        KeyConditionExpression: '#resource = :resource AND begins_with(resource_place, :own)',
        ExpressionAttributeNames: { '#resource': 'resource' },
        ExpressionAttributeValues: { ':resource': resourceId, ':own': resourcePlace({ organization, id: '' }) },
        ExclusiveStartKey,
      }),
    );
  /** People make keys, a few hundred at most. */
  const ofKeys = (organization: string) => (ExclusiveStartKey: Start) =>
    dynamoDb.send(
      new ScanCommand({
        TableName: tables.keys,
        Select: 'COUNT',
        FilterExpression: 'organization = :organization',
        ExpressionAttributeValues: { ':organization': organization },
        ExclusiveStartKey,
      }),
    );

  return {
    async count({ organization, resource_id }, isOver) {
      let complete = true;
      const sum = async (page: (start: Start) => Promise<Counted>): Promise<number> => {
        let total = 0;
        let start: Start;
        do {
          const { Count = 0, LastEvaluatedKey } = await page(start);
          total += Count;
          start = LastEvaluatedKey;
          if (start && isOver()) complete = false;
        } while (start && complete);
        return total;
      };
      if (resource_id !== undefined) return { events: await sum(ofResource(organization, resource_id)), complete };
      const subscriptions = await sum(ofPartition(tables.subscriptions, organization));
      const keys = await sum(ofKeys(organization));
      const events = await sum(ofPartition(tables.events, organization));
      return { subscriptions, keys, events, complete };
    },
  };
}
