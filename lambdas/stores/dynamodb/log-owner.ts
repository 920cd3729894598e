import { QueryCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { SecretStore } from '../secrets.ts';

/** Whether a subscription's log may be read by an organization. */
export type IsLogOf = (organization: string, subscription: string) => Promise<boolean>;

/**
 * A filter on the lines alone would hide foreign ones, but a long foreign log would still give a cursor, which tells that it
 * is there and names its events. So its owner is asked: the organization that the subscription's secrets name. Of a
 * subscription that was deleted nothing is left but its log, whose newest line says whose it was.
 * @param table of attempts.
 * @param secrets absent: the newest line decides alone.
 */
export function createIsLogOf(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  secrets?: Pick<SecretStore, 'get'>,
): IsLogOf {
  return async (organization, subscription) => {
    const owner = (await secrets?.get(subscription))?.organization;
    if (owner !== undefined) return owner === organization;
    const { Items = [] } = await dynamoDb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'subscription = :subscription',
        ExpressionAttributeValues: { ':subscription': subscription },
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    return Items[0]?.organization === organization;
  };
}
