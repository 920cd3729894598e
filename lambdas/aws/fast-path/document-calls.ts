import { GetItemCommand, UpdateItemCommand } from '#aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '#aws-sdk/lib-dynamodb';
import { fromAttributes, toAttributes, Unwritable, type Plain } from './attribute-json.ts';

type Attributes = ReturnType<typeof toAttributes>;
type Requests<Request> = Record<string, Request>;

/** An operation in DynamoDB's JSON protocol. */
export interface Operation {
  name: string;
  /** The operation's input with attribute values in the place of plain ones. @throws Unwritable */
  write(input: Plain): object;
  /** Its output with plain values. */
  read(output: Plain): object;
}

/** An operation whose attributes are members of input and output. */
const ofMembers = (name: string): Operation => ({ name, write: writeMembers, read: readMembers });

const get = ofMembers('GetItem');
const put = ofMembers('PutItem');
const query = ofMembers('Query');
const scan = ofMembers('Scan');
const update = ofMembers('UpdateItem');
const remove = ofMembers('DeleteItem');
const batchGet: Operation = {
  name: 'BatchGetItem',
  write: ({ RequestItems, ...rest }) => ({
    ...rest,
    RequestItems: each(RequestItems as Requests<{ Keys: Plain[] }>, (one) => ({
      ...one,
      Keys: one.Keys.map(toAttributes),
    })),
  }),
  read: ({ Responses = {}, UnprocessedKeys = {} }) => ({
    Responses: each(Responses as Requests<Attributes[]>, (items) => items.map(fromAttributes)),
    UnprocessedKeys: each(UnprocessedKeys as Requests<{ Keys: Attributes[] }>, (one) => ({
      ...one,
      Keys: one.Keys.map(fromAttributes),
    })),
  }),
};
const batchWrite: Operation = {
  name: 'BatchWriteItem',
  write: ({ RequestItems, ...rest }) => ({
    ...rest,
    RequestItems: each(RequestItems as Requests<WriteRequest<Plain>[]>, (requests) =>
      requests.map((one) => convertWrite(one, toAttributes)),
    ),
  }),
  read: ({ UnprocessedItems = {} }) => ({
    UnprocessedItems: each(UnprocessedItems as Requests<WriteRequest<Attributes>[]>, (requests) =>
      requests.map((one) => convertWrite(one, fromAttributes)),
    ),
  }),
};

/**
 * An operation by attribute values, which are the same in JSON, but for bytes: text here, a Uint8Array to the SDK, which is asked
 * instead. After an answer with bytes it asks again, so no UpdateItem of ours has values returned.
 */
const ofValues = (name: string): Operation => ({ name, write: withoutBytes, read: withoutBytes });

const getItem = ofValues('GetItem');
const updateItem = ofValues('UpdateItem');

/** The operations that every event and every delivery needs; all others are the SDK's business alone. */
export function operationOf(command: object): Operation | undefined {
  if (command instanceof BatchWriteCommand) return batchWrite;
  if (command instanceof BatchGetCommand) return batchGet;
  if (command instanceof QueryCommand) return query;
  if (command instanceof PutCommand) return put;
  if (command instanceof GetCommand) return get;
  if (command instanceof ScanCommand) return scan;
  if (command instanceof UpdateCommand) return update;
  if (command instanceof DeleteCommand) return remove;
  if (command instanceof GetItemCommand) return getItem;
  if (command instanceof UpdateItemCommand) return updateItem;
  return undefined;
}

/** Members of an input that hold attributes. */
const WRITTEN = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'];

function writeMembers(input: Plain): object {
  const written = { ...input };
  for (const name of WRITTEN) if (written[name] !== undefined) written[name] = toAttributes(written[name] as Plain);
  return written;
}

/** Members of an output that hold attributes; `Items` holds a list of them. */
const READ = ['Item', 'LastEvaluatedKey', 'Attributes'];

function readMembers(output: Plain): object {
  const read = { ...output };
  for (const name of READ) if (read[name] !== undefined) read[name] = fromAttributes(read[name] as Attributes);
  if (read['Items'] !== undefined) read['Items'] = (read['Items'] as Attributes[]).map(fromAttributes);
  return read;
}

/** @throws Unwritable when there are bytes among the attribute values. */
function withoutBytes(part: Plain): Plain {
  for (const name of Object.keys(part)) {
    const value = part[name];
    if (name === 'B' || name === 'BS') throw new Unwritable('Expected attribute values without bytes');
    if (typeof value === 'object' && value !== null) withoutBytes(value as Plain);
  }
  return part;
}

interface WriteRequest<Item> {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

function convertWrite<From, To>(
  { PutRequest, DeleteRequest }: WriteRequest<From>,
  convert: (item: From) => To,
): WriteRequest<To> {
  if (PutRequest) return { PutRequest: { Item: convert(PutRequest.Item) } };
  return { DeleteRequest: { Key: convert(DeleteRequest!.Key) } };
}

function each<From, To>(requests: Requests<From>, convert: (one: From) => To): Requests<To> {
  return Object.fromEntries(Object.entries(requests).map(([table, one]) => [table, convert(one)]));
}
