import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * Whether a subscription's log is this organization's, as its newest line says. A filter alone hides foreign lines, but
 * a long foreign log would still give a cursor, which tells that it is there and names its events.
 * @param table of attempts.
 */
export async function isLogOf(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  organization: string,
  subscription: string,
): Promise<boolean> {
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
}
