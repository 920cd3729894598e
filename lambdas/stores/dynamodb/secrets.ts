import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import type { SecretStore, SigningSecret } from '../secrets.ts';
import { unlessConditionFails } from './conditional.ts';

/** A row of the table: `secrets` newest first. */
interface SecretItem {
  subscription: string;
  organization: string;
  secrets: SigningSecret[];
}

/** The table `SigningSecrets` (subscription). Reads are strongly consistent: a subscription just made can be pinged. */
export function createSecretStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { now = Date.now }: { now?: () => number } = {},
): SecretStore {
  return {
    async get(subscription) {
      const { Item } = await dynamoDb.send(
        new GetCommand({ TableName: table, Key: { subscription }, ConsistentRead: true }),
      );
      if (!Item) return undefined;
      const { organization, secrets } = Item as SecretItem;
      return {
        organization,
        // Whatever else somebody made of the attribute counts as no secrets.
        secrets: (Array.isArray(secrets) ? secrets : []).filter(
          ({ expires_ms }) => expires_ms === undefined || expires_ms > now(),
        ),
      };
    },

    async create(subscription, organization, secret) {
      const Item: SecretItem = { subscription, organization, secrets: [secret] };
      const written = dynamoDb.send(
        new PutCommand({
          TableName: table,
          Item,
          // A list that somebody emptied by hand counts as none.
          ConditionExpression:
            'attribute_not_exists(subscription) OR (organization = :organization AND secrets = :none)',
          ExpressionAttributeValues: { ':organization': organization, ':none': [] },
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },

    async replace(subscription, expectedNewest, secrets) {
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { subscription },
          UpdateExpression: 'SET secrets = :secrets',
          ConditionExpression: 'secrets[0].#key = :expected',
          ExpressionAttributeNames: { '#key': 'key' },
          ExpressionAttributeValues: { ':secrets': secrets, ':expected': expectedNewest },
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },

    async delete(subscription, organization) {
      const written = dynamoDb.send(
        new DeleteCommand({
          TableName: table,
          Key: { subscription },
          ConditionExpression: 'attribute_not_exists(subscription) OR organization = :organization',
          ExpressionAttributeValues: { ':organization': organization },
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },
  };
}
