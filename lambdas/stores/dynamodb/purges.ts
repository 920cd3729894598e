import { GetCommand, PutCommand, UpdateCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { targetOfPurge, TOMBSTONE_DAYS, type Purge, type Tombstone } from '../../domain/purge.ts';
import { TooManyPurges, type PurgeStore } from '../purges.ts';
import { unlessConditionFails } from './conditional.ts';

/** All tombstones in one row, so that a function reads them with one call: some 200 bytes each. No replay's id. */
const TOMBSTONES = 'purges';
/** Those of 400 KB, with room: whoever purges more resources than that in three weeks is told to wait. */
const MOST_TOMBSTONES = 1500;
/** Days that a purge can be looked up. */
const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;

/** @param now milliseconds since the epoch. */
export function createPurgeStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  now: () => number = Date.now,
): PurgeStore {
  const tombstones = async (): Promise<Tombstone[]> => {
    const get = new GetCommand({ TableName: table, Key: { id: TOMBSTONES }, ConsistentRead: true });
    const { id: _, ...stones } = (await dynamoDb.send(get)).Item ?? {};
    return Object.values(stones) as Tombstone[];
  };

  const get = async (id: string): Promise<Purge | undefined> => {
    if (!id.startsWith('pur_')) return undefined;
    const found = await dynamoDb.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
    if (!found.Item || Number(found.Item.expires_at) <= now() / 1000) return undefined;
    const { expires_at: _, of, ...purge } = found.Item;
    return { ...purge, organization: of as string } as Purge;
  };

  /** @returns false when another one stands there whose purge runs. */
  const putUp = async (stone: Tombstone, old: readonly Tombstone[]): Promise<boolean> => {
    const removed = old.map((_, index) => `#old${index}`);
    const written = dynamoDb.send(
      new UpdateCommand({
        TableName: table,
        Key: { id: TOMBSTONES },
        UpdateExpression: `SET #stone = :stone${removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : ''}`,
        ConditionExpression: 'attribute_not_exists(#stone) OR attribute_exists(#stone.ended_ms)',
        ExpressionAttributeNames: {
          '#stone': targetOfPurge(stone),
          ...Object.fromEntries(old.map((one, index) => [removed[index]!, targetOfPurge(one)])),
        },
        ExpressionAttributeValues: { ':stone': stone },
      }),
    );
    return (await unlessConditionFails(written)) !== undefined;
  };

  return {
    tombstones,
    get,

    async begin(asked) {
      const { organization, resource, created_ms } = asked;
      const through_ms = resource === undefined ? undefined : created_ms;
      const stone: Tombstone = { purge: asked.id, created_ms, organization, resource, through_ms };
      const standing = await tombstones();
      const isOld = (one: Tombstone): boolean => (one.ended_ms ?? Infinity) < now() - TOMBSTONE_DAYS * DAY_MS;
      const name = targetOfPurge(stone);
      if (standing.filter((one) => !isOld(one)).length >= MOST_TOMBSTONES) throw new TooManyPurges();
      const isFirst = await putUp(
        stone,
        standing.filter((one) => isOld(one) && targetOfPurge(one) !== name).slice(0, 100),
      );
      const first = isFirst ? stone : ((await tombstones()).find((one) => targetOfPurge(one) === name) ?? stone);
      // Where the first one's caller has died behind the tombstone, its job is made here.
      const purge = { ...asked, id: first.purge, created_ms: first.created_ms, pass_began_ms: first.created_ms };
      const { organization: of, ...rest } = purge;
      const expires_at = Math.floor(purge.created_ms / 1000) + KEPT_DAYS * 86_400;
      const made = dynamoDb.send(
        new PutCommand({
          TableName: table,
          // Under another name than the organization's: the index by organization lists what is deleted with it.
          Item: { ...rest, of, expires_at },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
      return (await unlessConditionFails(made)) !== undefined ? purge : ((await get(purge.id)) ?? purge);
    },

    async add({ id }, deleted) {
      const found = Object.entries(deleted).filter(([, count]) => count > 0);
      if (found.length === 0) return;
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id },
          UpdateExpression: `SET ${found.map((_, n) => `#deleted.#kind${n} = if_not_exists(#deleted.#kind${n}, :none) + :n${n}`).join(', ')} ADD #found :all`,
          // A row that has expired must not come back as a fragment.
          ConditionExpression: 'attribute_exists(#state)',
          ExpressionAttributeNames: {
            ...{ '#deleted': 'deleted', '#found': 'found', '#state': 'state' },
            ...Object.fromEntries(found.map(([kind], n) => [`#kind${n}`, kind])),
          },
          ExpressionAttributeValues: {
            ':none': 0,
            ':all': found.reduce((sum, [, count]) => sum + count, 0),
            ...Object.fromEntries(found.map(([, count], n) => [`:n${n}`, count])),
          },
        }),
      );
      await unlessConditionFails(written);
    },

    async advance({ id, pass }, { step, nowMs, place }) {
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id },
          UpdateExpression:
            'SET #step = :step, stepped_ms = :now, ' +
            (place === undefined
              ? '#pass = :pass, pass_began_ms = :now, #found = :none REMOVE #place'
              : '#place = :place'),
          ConditionExpression: '#state = :running AND #step < :step',
          ExpressionAttributeNames: {
            ...{ '#state': 'state', '#step': 'step', '#place': 'place' },
            ...(place === undefined && { '#pass': 'pass', '#found': 'found' }),
          },
          ExpressionAttributeValues: {
            ...{ ':step': step, ':now': nowMs, ':running': 'running' },
            ...(place === undefined ? { ':pass': pass + 1, ':none': 0 } : { ':place': place }),
          },
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },

    async end(purge, nowMs) {
      // In this order: a step that dies in between ends it once more.
      const stone = targetOfPurge(purge);
      const lifted = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id: TOMBSTONES },
          UpdateExpression: 'SET #stone.ended_ms = :now, #stone.through_ms = if_not_exists(#stone.through_ms, :now)',
          ConditionExpression: '#stone.purge = :id AND attribute_not_exists(#stone.ended_ms)',
          ExpressionAttributeNames: { '#stone': stone },
          ExpressionAttributeValues: { ':now': nowMs, ':id': purge.id },
        }),
      );
      await unlessConditionFails(lifted);
      const ended = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id: purge.id },
          UpdateExpression: 'SET #state = :done, ended_ms = :now REMOVE #place, resource_id',
          ConditionExpression: '#state = :running',
          ExpressionAttributeNames: { '#state': 'state', '#place': 'place' },
          ExpressionAttributeValues: { ':done': 'done', ':running': 'running', ':now': nowMs },
        }),
      );
      await unlessConditionFails(ended);
    },
  };
}
