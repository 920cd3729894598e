import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '#aws-sdk/lib-dynamodb';
import type { FoundSession, PortalLink, SessionStore } from '../sessions.ts';
import { unlessConditionFails } from './conditional.ts';

/** Rows of the table `Idempotency` whose ids no idempotency key has: those are hashes. @param now milliseconds. */
export function createSessionStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  now: () => number = Date.now,
): SessionStore {
  const sessionKey = (hash: string) => ({ id: `session#${hash}` });
  const linkKey = (hash: string) => ({ id: `portal#${hash}` });
  const put = async (key: { id: string }, endsMs: number, kept: Partial<FoundSession> & { link?: PortalLink }) => {
    const Item = { ...key, ...kept, ends_ms: endsMs, expires_at: Math.ceil(endsMs / 1000) };
    await dynamoDb.send(new PutCommand({ TableName: table, Item }));
  };
  /** DynamoDB deletes what has ended within days only. */
  const get = async (key: { id: string }): Promise<Record<string, unknown> | undefined> => {
    const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return Item !== undefined && Number(Item['ends_ms']) > now() ? Item : undefined;
  };

  return {
    start: (hash, session) => put(sessionKey(hash), session.ends_ms, { ...session, seen_ms: now() }),

    async find(hash) {
      const found = (await get(sessionKey(hash))) as FoundSession | undefined;
      const isIdle = found?.idle_ms !== undefined && found.seen_ms + found.idle_ms <= now();
      return isIdle ? undefined : found;
    },

    async touch(hash) {
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: sessionKey(hash),
          UpdateExpression: 'SET seen_ms = :now',
          ConditionExpression: 'attribute_exists(id) AND seen_ms < :now',
          ExpressionAttributeValues: { ':now': now() },
        }),
      );
      await unlessConditionFails(written);
    },

    async end(hash) {
      await dynamoDb.send(new DeleteCommand({ TableName: table, Key: sessionKey(hash) }));
    },

    keepLink: (hash, link) => put(linkKey(hash), link.ends_ms, { link }),

    getLink: async (hash) => (await get(linkKey(hash)))?.['link'] as PortalLink | undefined,

    async takeLink(hash) {
      const taken = dynamoDb.send(
        new DeleteCommand({
          TableName: table,
          Key: linkKey(hash),
          ConditionExpression: 'ends_ms > :now',
          ExpressionAttributeValues: { ':now': now() },
        }),
      );
      return (await unlessConditionFails(taken)) !== undefined;
    },
  };
}
