import { BatchGetCommand } from '#aws-sdk/lib-dynamodb';
import type { BatchGetCommandInput, BatchGetCommandOutput, DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';

/** BatchGetItem takes no more keys. */
const CHUNK = 100;
/** Answers in a row that bring nothing, before what is missing counts as unread; with the waits below after about 0.8 s. */
const TRIES = 6;
const FIRST_WAIT_MS = 25;

/** A row's key; keys of all tables are text. */
export type Key = Record<string, string>;
type Item = Record<string, unknown>;

/** What to read of one table. */
export interface TableRequest {
  /** May hold one twice. */
  keys: readonly Key[];
  /** Strongly consistent, at twice the price. @default false */
  consistent?: boolean;
  /** A ProjectionExpression. @default all attributes */
  attributes?: string;
}

export interface BatchAnswer {
  /** Rows by table, in any order; a key without a row has none. */
  rows: Record<string, Item[]>;
  /** Keys by table of which nothing is known. */
  unread: Record<string, Key[]>;
}

interface Wanted {
  table: string;
  key: Key;
}

/**
 * Reads any keys of any tables in as few calls as can be: each key once (DynamoDB refuses a call that names one twice),
 * and again what it left unprocessed. A key that it can never read (empty, or longer than 2,048 bytes) makes it refuse the
 * whole call: then the call is halved until that key is alone, so that it costs no other key its row.
 * @throws when DynamoDB refuses calls for another reason than their keys: throttling, access, outage.
 */
export async function readAll(
  dynamoDb: DynamoDBDocumentClient,
  requests: Record<string, TableRequest>,
): Promise<BatchAnswer> {
  const wanted = distinct(requests);
  const answer: BatchAnswer = { rows: {}, unread: {} };
  const chunks: Wanted[][] = [];
  for (let i = 0; i < wanted.length; i += CHUNK) chunks.push(wanted.slice(i, i + CHUNK));
  await Promise.all(chunks.map((chunk) => readChunk(dynamoDb, requests, chunk, answer)));
  return answer;
}

/** As {@link readAll} from one table, for whoever cannot go on without all of them. @throws also when some are left unread. */
export async function readEvery(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  request: TableRequest,
): Promise<Item[]> {
  const { rows, unread } = await readAll(dynamoDb, { [table]: request });
  const left = unread[table]?.length ?? 0;
  if (left > 0)
    throw new Error(`Expected to read ${request.keys.length} rows of ${table}, DynamoDB left ${left} unread.`);
  return rows[table] ?? [];
}

function distinct(requests: Record<string, TableRequest>): Wanted[] {
  return Object.entries(requests).flatMap(([table, { keys }]) => {
    const byName = new Map(keys.map((key) => [keyName(key), key]));
    return [...byName.values()].map((key) => ({ table, key }));
  });
}

/** One text for one key, whatever the order of its members. */
export function keyName(key: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function readChunk(
  dynamoDb: DynamoDBDocumentClient,
  requests: Record<string, TableRequest>,
  chunk: Wanted[],
  answer: BatchAnswer,
): Promise<void> {
  let left = chunk;
  for (let fruitless = 0; left.length > 0;) {
    const output = await readOnce(dynamoDb, requests, left);
    if (output === 'invalid') return readApart(dynamoDb, requests, left, answer);
    for (const [table, items] of Object.entries(output.Responses ?? {})) (answer.rows[table] ??= []).push(...items);
    const before = left.length;
    left = Object.entries(output.UnprocessedKeys ?? {}).flatMap(([table, { Keys = [] }]) =>
      Keys.map((key) => ({ table, key: key as Key })),
    );
    fruitless = left.length < before ? 0 : fruitless + 1;
    if (fruitless === TRIES) return leaveUnread(left, answer);
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** fruitless));
  }
}

async function readApart(
  dynamoDb: DynamoDBDocumentClient,
  requests: Record<string, TableRequest>,
  chunk: Wanted[],
  answer: BatchAnswer,
): Promise<void> {
  if (chunk.length === 1) return leaveUnread(chunk, answer);
  const middle = Math.ceil(chunk.length / 2);
  const halves = [chunk.slice(0, middle), chunk.slice(middle)];
  await Promise.all(halves.map((half) => readChunk(dynamoDb, requests, half, answer)));
}

function leaveUnread(wanted: readonly Wanted[], { unread }: BatchAnswer): void {
  for (const { table, key } of wanted) (unread[table] ??= []).push(key);
}

async function readOnce(
  dynamoDb: DynamoDBDocumentClient,
  requests: Record<string, TableRequest>,
  wanted: readonly Wanted[],
): Promise<BatchGetCommandOutput | 'invalid'> {
  const RequestItems: NonNullable<BatchGetCommandInput['RequestItems']> = {};
  for (const { table, key } of wanted) {
    const { consistent = false, attributes } = requests[table]!;
    (RequestItems[table] ??= { Keys: [], ConsistentRead: consistent, ProjectionExpression: attributes }).Keys!.push(
      key,
    );
  }
  try {
    return await dynamoDb.send(new BatchGetCommand({ RequestItems }));
  } catch (error) {
    if ((error as Error).name === 'ValidationException') return 'invalid';
    throw error;
  }
}
