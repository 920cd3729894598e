import { BatchWriteCommand } from '#aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { keyName } from './batch-get.ts';

/** BatchWriteItem takes no more. */
const CHUNK = 25;
/** With the waits below: gives up after about 3 s. */
const TRIES = 7;
const FIRST_WAIT_MS = 50;

type Item = Record<string, unknown>;

/** Hears the error of a call that was given up, and how many rows were in it. */
export type Refused = (error: unknown, rows: number) => void;

/** What no further try changes: it has to be heard of now, and each try costs the batch time. */
const HOPELESS = ['AccessDeniedException', 'ResourceNotFoundException', 'UnrecognizedClientException'];

/**
 * Puts items in batches; tries again what DynamoDB left unprocessed (it says so in a 200) or refused for the moment.
 * @param items all with different keys.
 * @param deadlineMs no further try is begun after this time, milliseconds since the epoch.
 * @param refused is told why a call was given up, and how many items it held; nothing else says so.
 * @returns the items that could not be written; never throws.
 */
export async function putAll<T extends Item>(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  items: T[],
  { deadlineMs = Infinity, refused = () => undefined }: { deadlineMs?: number; refused?: Refused } = {},
): Promise<T[]> {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += CHUNK) chunks.push(items.slice(i, i + CHUNK));
  const left = await Promise.all(chunks.map((chunk) => putChunk(dynamoDb, table, chunk, deadlineMs, refused)));
  return left.flat();
}

async function putChunk<T extends Item>(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  chunk: T[],
  deadlineMs: number,
  refused: Refused,
): Promise<T[]> {
  let left = chunk;
  let error: unknown;
  const giveUp = (): T[] => {
    if (error !== undefined) refused(error, left.length);
    return left;
  };
  for (let round = 0; round < TRIES && left.length > 0; round++) {
    if (round > 0) {
      const waitMs = FIRST_WAIT_MS * 2 ** (round - 1);
      if (Date.now() + waitMs > deadlineMs) return giveUp();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    const result = await putOnce(dynamoDb, table, left);
    error = result.error;
    if (isNamed(error, ['ValidationException'])) {
      // One bad item spoils its whole request: find it, so that it costs nobody else theirs.
      if (left.length === 1) return giveUp();
      const alone = await Promise.all(left.map((item) => putChunk(dynamoDb, table, [item], deadlineMs, refused)));
      return alone.flat();
    }
    left = result.left;
    if (isNamed(error, HOPELESS)) break;
  }
  return giveUp();
}

function isNamed(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

async function putOnce<T extends Item>(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  items: T[],
): Promise<{ left: T[]; error?: unknown }> {
  try {
    const { UnprocessedItems } = await dynamoDb.send(
      new BatchWriteCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    );
    return { left: (UnprocessedItems?.[table] ?? []).map((request) => request.PutRequest?.Item as T) };
  } catch (error) {
    return { left: items, error };
  }
}

/**
 * Deletes rows in batches; tries again what DynamoDB left unprocessed.
 * @param all may hold one twice.
 * @throws when some are left after all tries.
 */
export async function deleteAll(dynamoDb: DynamoDBDocumentClient, table: string, all: Item[]): Promise<void> {
  const keys = [...new Map(all.map((key) => [keyName(key), key])).values()];
  for (let i = 0; i < keys.length; i += CHUNK) {
    let left = keys.slice(i, i + CHUNK).map((Key) => ({ DeleteRequest: { Key } }));
    for (let round = 0; left.length > 0; round++) {
      if (round === TRIES) throw new Error(`Expected to delete ${keys.length} rows, DynamoDB leaves ${left.length}.`);
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** (round - 1)));
      const { UnprocessedItems } = await dynamoDb.send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
      left = (UnprocessedItems?.[table] ?? []) as typeof left;
    }
  }
}
