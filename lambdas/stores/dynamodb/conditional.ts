import { PutCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';

/**
 * Waits for a conditional write.
 * @returns what it returned, or undefined when its condition did not hold.
 * @throws any other error.
 */
export async function unlessConditionFails<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

/**
 * Puts a row of a table whose rows end, unless one is there that has not expired: DynamoDB deletes expired rows within
 * days, until when they must not be in the way.
 * @param orOf a row of this holder may be replaced before its end as well.
 * @returns false when one is there.
 */
export async function putUnlessLive(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  item: { id: string; expires_at: number; [attribute: string]: unknown },
  nowSeconds: number,
  orOf?: { holder: string },
): Promise<boolean> {
  const written = dynamoDb.send(
    new PutCommand({
      TableName: table,
      Item: item,
      ConditionExpression: `attribute_not_exists(id) OR expires_at <= :now${orOf ? ' OR holder = :holder' : ''}`,
      ExpressionAttributeValues: { ':now': nowSeconds, ...(orOf && { ':holder': orOf.holder }) },
    }),
  );
  return (await unlessConditionFails(written)) !== undefined;
}
