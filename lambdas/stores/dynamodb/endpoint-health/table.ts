import { ConditionalCheckFailedException } from '#aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { TargetKey } from '../../delivery-targets.ts';
import { unlessConditionFails } from '../conditional.ts';
import { allAbsent, type RowChanges } from './rows.ts';

/** The table `EndpointHealth` (subscription), and the two ways in which a row of it goes. */
export interface HealthTable {
  dynamoDb: DynamoDBDocumentClient;
  table: string;
  rows: RowChanges;
}

/** The id was another organization's once: what a late sender of that one left behind is nobody's. @returns whether it was. */
export async function forgetFormer(
  { dynamoDb, table }: HealthTable,
  { organization, subscription }: TargetKey,
): Promise<boolean> {
  const forgotten = await unlessConditionFails(
    dynamoDb.send(
      new DeleteCommand({
        TableName: table,
        Key: { subscription },
        ConditionExpression: 'organization <> :organization AND attribute_not_exists(circuit)',
        ExpressionAttributeValues: { ':organization': organization },
      }),
    ),
  );
  return forgotten !== undefined;
}

/** @param unless what else must not be in the row. @returns false when its circuit is not closed, or that is in it. */
export async function deleteClosed(
  { dynamoDb, table }: HealthTable,
  { organization, subscription }: TargetKey,
  ...unless: string[]
): Promise<boolean> {
  const absent = allAbsent(['circuit', ...unless]);
  try {
    await dynamoDb.send(
      new DeleteCommand({
        TableName: table,
        Key: { subscription },
        ConditionExpression: `attribute_not_exists(subscription) OR (organization = :organization AND ${absent})`,
        ExpressionAttributeValues: { ':organization': organization },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // Another organization's is none of ours to forget.
    return error.Item?.organization?.S !== organization;
  }
}
