import {
  GetCommand,
  PutCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
  type UpdateCommandInput,
} from '#aws-sdk/lib-dynamodb';
import { validSecrets } from '../../domain/secrets/rotation.ts';
import { readSecrets } from '../../domain/secrets/stored.ts';
import { readCredentials } from '../../domain/subscription/auth.ts';
import { KEPT_DAYS, type SecretStore } from '../secrets.ts';
import { unlessConditionFails } from './conditional.ts';

/** A row of the table: `secrets` newest first, as {@link readSecrets} reads them. */
interface SecretItem {
  subscription: string;
  organization: string;
  /** Absent: the subscription is deleted. Then senders, also those of an older version, find nothing to sign with. */
  secrets?: unknown;
  /** By ref, as {@link readCredentials} reads them. They stay when the subscription is deleted, and end with what is kept. */
  credentials?: unknown;
  /** Those of a deleted subscription. */
  kept?: unknown;
  /** When what is kept ends, seconds since the epoch; DynamoDB deletes the row some days later. */
  expires_at?: number;
}

/** The table `SigningSecrets` (subscription). Reads are strongly consistent: a subscription just made can be pinged. */
export function createSecretStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { now = Date.now }: { now?: () => number } = {},
): SecretStore {
  const seconds = (): number => Math.floor(now() / 1000);

  async function read(subscription: string): Promise<SecretItem | undefined> {
    const get = new GetCommand({ TableName: table, Key: { subscription }, ConsistentRead: true });
    return (await dynamoDb.send(get)).Item as SecretItem | undefined;
  }

  /** @returns false when the condition did not hold. */
  async function change(subscription: string, update: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
    const written = dynamoDb.send(new UpdateCommand({ TableName: table, Key: { subscription }, ...update }));
    return (await unlessConditionFails(written)) !== undefined;
  }

  return {
    async get(subscription) {
      const item = await read(subscription);
      if (!item || (item.secrets === undefined && item.kept !== undefined)) return undefined;
      const { organization, secrets, credentials } = item;
      return {
        organization,
        secrets: validSecrets(readSecrets(secrets), now()),
        credentials: readCredentials(credentials),
      };
    },

    async create(subscription, organization, secret, named) {
      const credentials = named && { [named.ref]: named.credentials };
      const Item: SecretItem = { subscription, organization, secrets: [secret], credentials };
      const written = dynamoDb.send(
        new PutCommand({
          TableName: table,
          Item,
          // A list that somebody emptied by hand counts as none.
          ConditionExpression:
            'attribute_not_exists(subscription) OR (organization = :organization AND secrets = :none) OR (attribute_exists(kept) AND expires_at <= :now)',
          ExpressionAttributeValues: { ':organization': organization, ':none': [], ':now': seconds() },
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },

    async replace(subscription, expectedNewest, secrets) {
      const { secrets: stored } = (await read(subscription)) ?? {};
      if (readSecrets(stored)[0]?.key !== expectedNewest) return false;
      const { condition, value } = stillNewest(stored);
      return change(subscription, {
        UpdateExpression: 'SET secrets = :secrets',
        ConditionExpression: condition,
        ExpressionAttributeValues: { ':secrets': secrets, ':newest': value },
        ...(condition.includes('#key') ? { ExpressionAttributeNames: { '#key': 'key' } } : {}),
      });
    },

    async addCredentials(subscription, organization, { ref, credentials }) {
      const own = 'organization = :organization AND attribute_exists(secrets)';
      const added = await change(subscription, {
        UpdateExpression: 'SET credentials.#ref = :credentials',
        ConditionExpression: `${own} AND attribute_type(credentials, :map)`,
        ExpressionAttributeNames: { '#ref': ref },
        ExpressionAttributeValues: { ':organization': organization, ':credentials': credentials, ':map': 'M' },
      });
      if (added) return true;
      return change(subscription, {
        UpdateExpression: 'SET credentials = :all',
        ConditionExpression: `${own} AND NOT attribute_type(credentials, :map)`,
        ExpressionAttributeValues: { ':organization': organization, ':all': { [ref]: credentials }, ':map': 'M' },
      });
    },

    async dropCredentials(subscription, organization, refs) {
      if (refs.length === 0) return;
      await change(subscription, {
        UpdateExpression: `REMOVE ${refs.map((_, n) => `credentials.#ref${n}`).join(', ')}`,
        ConditionExpression: 'organization = :organization AND attribute_type(credentials, :map)',
        ExpressionAttributeNames: Object.fromEntries(refs.map((ref, n) => [`#ref${n}`, ref])),
        ExpressionAttributeValues: { ':organization': organization, ':map': 'M' },
      });
    },

    async delete(subscription, organization) {
      const deleted = await change(subscription, {
        UpdateExpression: 'SET kept = secrets, expires_at = :end REMOVE secrets',
        ConditionExpression: 'organization = :organization AND attribute_exists(secrets)',
        ExpressionAttributeValues: { ':organization': organization, ':end': seconds() + KEPT_DAYS * 86_400 },
      });
      if (deleted) return true;
      const item = await read(subscription);
      return item === undefined || item.organization === organization;
    },

    async handBack(subscription, organization) {
      const restored = await change(subscription, {
        UpdateExpression: 'SET secrets = kept REMOVE kept, expires_at',
        ConditionExpression: 'organization = :organization AND attribute_exists(kept) AND expires_at > :now',
        ExpressionAttributeValues: { ':organization': organization, ':now': seconds() },
      });
      if (restored) return 'done';
      const item = await read(subscription);
      const isKept = item?.kept !== undefined && (item.expires_at ?? 0) > seconds();
      return isKept && item.organization !== organization ? 'foreign' : 'none';
    },
  };
}

/** The condition that the newest secret still is the stored one, as it is written there: perhaps by hand, with a blank behind it. */
function stillNewest(stored: unknown): { condition: string; value?: string } {
  const newest: unknown = Array.isArray(stored) ? stored[0] : stored;
  const path = Array.isArray(stored) ? 'secrets[0]' : 'secrets';
  if (typeof newest === 'string') return { condition: `${path} = :newest`, value: newest };
  const key = (newest as { key?: unknown } | null)?.key;
  if (typeof key === 'string') return { condition: `${path}.#key = :newest`, value: key };
  return { condition: 'attribute_exists(secrets)' };
}
