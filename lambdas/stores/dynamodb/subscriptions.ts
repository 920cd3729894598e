import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '#aws-sdk/lib-dynamodb';
import { refOf } from '../../domain/subscription/auth.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { Page, PageRequest } from '../page.ts';
import type { SubscriptionStore, WantedRows } from '../subscriptions.ts';
import { unlessConditionFails } from './conditional.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { queryPages } from './query-pages.ts';

/** Rows of one read of a search. Ordinary ones have half a KB. */
const ROWS_PER_READ = 250;
/** Reads of one page of a search: 5,000 rows, 2.5 MB. */
const READS_PER_PAGE = 20;

/** The table `Subscriptions` (organization / id). Reads are strongly consistent, but for the list of all organizations. */
export function createSubscriptionStore(dynamoDb: DynamoDBDocumentClient, table: string): SubscriptionStore {
  const ofOrganization = (organization: string) => ({
    TableName: table,
    KeyConditionExpression: 'organization = :organization',
    ExpressionAttributeValues: { ':organization': organization },
    ConsistentRead: true,
  });

  const read = async (organization: string | undefined, page: PageRequest): Promise<Page<SubscriptionRow>> => {
    if (organization === undefined) return listAll(dynamoDb, table, page);
    // The organization comes from the caller, not from the cursor.
    const start = page.cursor === undefined ? undefined : { organization, ...readCursor(page.cursor, ['id']) };
    const { Items, LastEvaluatedKey } = await dynamoDb.send(
      new QueryCommand({
        ...ofOrganization(organization),
        Limit: page.limit,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    return pageOf(Items, LastEvaluatedKey);
  };

  const search = async (
    organization: string | undefined,
    { limit, cursor }: PageRequest,
    wanted: WantedRows,
  ): Promise<Page<SubscriptionRow>> => {
    const items: SubscriptionRow[] = [];
    let next = cursor;
    for (let reads = 0; reads < READS_PER_PAGE; reads++) {
      const found = await read(organization, { limit: ROWS_PER_READ, cursor: next });
      const kept = await wanted(found.items);
      for (const row of found.items) {
        if (!kept.has(row)) continue;
        if (items.length === limit) return { items, next: writeCursor(keyOf(items.at(-1)!)) };
        items.push(row);
      }
      next = found.next;
      if (next === undefined) break;
    }
    return { items, next };
  };

  return {
    pages: (organization, attributes) =>
      queryPages(dynamoDb, { ...ofOrganization(organization), ...(attributes && only(attributes)) }),

    async get(organization, id) {
      const { Item } = await dynamoDb.send(
        new GetCommand({ TableName: table, Key: { organization, id }, ConsistentRead: true }),
      );
      return Item;
    },

    async list(organization, page, wanted) {
      return wanted ? search(organization, page, wanted) : read(organization, page);
    },

    async create(row) {
      const written = dynamoDb.send(
        new PutCommand({ TableName: table, Item: row, ConditionExpression: 'attribute_not_exists(id)' }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },

    async update(organization, id, { set, remove, as }) {
      const same = as && stillAs(as);
      const update = updateOf(set, remove);
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { organization, id },
          ReturnValues: 'ALL_NEW',
          ...update,
          ConditionExpression: ['attribute_exists(#id)', ...(same?.conditions ?? [])].join(' AND '),
          ...(same && {
            ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...same.names },
            ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ...same.values },
          }),
        }),
      );
      return (await unlessConditionFails(written))?.Attributes;
    },

    async delete(organization, id) {
      const { Attributes } = await dynamoDb.send(
        new DeleteCommand({ TableName: table, Key: { organization, id }, ReturnValues: 'ALL_OLD' }),
      );
      return Attributes;
    },
  };
}

/** A Scan: subscriptions are few and small, and no index would be cheaper to keep than this is to read. */
async function listAll(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { limit, cursor }: PageRequest,
): Promise<Page<SubscriptionRow>> {
  const start = cursor === undefined ? undefined : readCursor(cursor, ['organization', 'id']);
  const { Items, LastEvaluatedKey } = await dynamoDb.send(
    new ScanCommand({ TableName: table, Limit: limit, ...(start && { ExclusiveStartKey: start }) }),
  );
  return pageOf(Items, LastEvaluatedKey);
}

function only(attributes: readonly string[]) {
  return {
    ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  };
}

function pageOf(items: SubscriptionRow[] = [], end?: Record<string, unknown>): Page<SubscriptionRow> {
  return { items, ...(end && { next: writeCursor(end as Record<string, string>) }) };
}

function keyOf({ organization, id }: SubscriptionRow): Record<string, string> {
  return { organization: organization as string, id: id as string };
}

/** The conditions that a row has the URL and the credentials that this one had; what a person typed there is not compared. */
function stillAs(row: SubscriptionRow) {
  const ref = refOf(row);
  const names: Record<string, string> = { '#auth': 'auth', '#ref': 'ref' };
  const conditions = [ref === undefined ? 'attribute_not_exists(#auth.#ref)' : '#auth.#ref = :was_ref'];
  const values: Record<string, unknown> = ref === undefined ? {} : { ':was_ref': ref };
  if (typeof row.url === 'string') {
    conditions.push('#url = :was_url');
    names['#url'] = 'url';
    values[':was_url'] = row.url;
  }
  return { conditions, names, values };
}

/** Every name goes through a placeholder, because `format` and `url` are among DynamoDB's reserved words. */
function updateOf(set: Record<string, unknown>, remove: string[]) {
  const changes = Object.entries(set).filter(([, value]) => value !== undefined);
  const sets = changes.map(([name]) => `#${name} = :${name}`);
  const removes = remove.map((name) => `#${name}`);
  const expression = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
  ].join(' ');
  return {
    ExpressionAttributeNames: Object.fromEntries(
      ['id', ...changes.map(([name]) => name), ...remove].map((name) => [`#${name}`, name]),
    ),
    ...(expression !== '' && { UpdateExpression: expression }),
    ...(changes.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(changes.map(([name, value]) => [`:${name}`, value])),
    }),
  };
}
