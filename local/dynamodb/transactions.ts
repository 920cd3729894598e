import { createHash } from 'node:crypto';
import db, { type Callback, type Store } from 'dynalite/db/index.js';
import { checkedInput } from './checked-input.ts';
import { Consumption } from './consumption.ts';
import { currentItem } from './current-item.ts';
import { run, type Engine } from './engine.ts';
import { dynamoDbError, errorName, isServiceError, validationError, type ServiceError } from './errors.ts';
import { ITEM_WRITES, readItem, withCapacity } from './item-operations.ts';
import { itemBytes } from './item-size.ts';
import type { Input, Item, Operations } from './types.ts';

const MAX_PARTS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
/** AWS remembers a ClientRequestToken for 10 minutes. */
const TOKEN_MS = 10 * 60 * 1000;

const PARTS = { Put: 'putItem', Update: 'updateItem', Delete: 'deleteItem', ConditionCheck: 'deleteItem' } as const;

interface Part {
  kind: keyof typeof PARTS;
  data: Input;
  /** Whether a failed condition shall show the item. */
  showOld: boolean;
}

interface Reason {
  Code: string;
  Message?: string | undefined;
  Item?: Item | undefined;
}

/** TransactWriteItems and TransactGetItems. */
export function transactionOperations(engine: Engine): Operations {
  return {
    TransactWriteItems(input) {
      const parts = readParts(input);
      refuseBadSets(engine, parts);
      const consumption = new Consumption();
      try {
        engine.write(consumption, (store) => {
          if (alreadyDone(engine, input)) return;
          const reasons = parts.map((part) => perform(engine, store, part, consumption));
          if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
        });
      } finally {
        consumption.double();
        consumption.addTo(engine.capacity);
      }
      return withCapacity({}, consumption.describe(input['ReturnConsumedCapacity']));
    },
    TransactGetItems(input) {
      const gets = readGets(input);
      const consumption = new Consumption();
      const Responses = gets.map((data) => readItem(engine, engine.reader(), data, consumption));
      consumption.double();
      consumption.addTo(engine.capacity);
      return withCapacity({ Responses }, consumption.describe(input['ReturnConsumedCapacity']));
    },
  };
}

function entriesOf(input: Input): Record<string, Input>[] {
  const items = input['TransactItems'];
  if (!Array.isArray(items) || items.length < 1 || items.length > MAX_PARTS) {
    const found = Array.isArray(items) ? `${items.length} items` : 'no list';
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and ${MAX_PARTS}, got ${found}`,
    );
  }
  return items.map((item) => (item ?? {}) as Record<string, Input>);
}

function readParts(input: Input): Part[] {
  return entriesOf(input).map((entry) => {
    const kinds = Object.keys(PARTS).filter((kind) => entry[kind]);
    const kind = kinds[0] as keyof typeof PARTS | undefined;
    if (!kind || kinds.length > 1) {
      throw validationError(
        'TransactItems can only contain one of Check, Put, Update or Delete: give each element exactly one',
      );
    }
    const raw = entry[kind] ?? {};
    if (kind === 'ConditionCheck' && !raw['ConditionExpression']) {
      throw validationError('The ConditionExpression of a ConditionCheck must not be empty');
    }
    const showOld = raw['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    return { kind, data: checkedInput(PARTS[kind], raw), showOld };
  });
}

function readGets(input: Input): Input[] {
  return entriesOf(input).map((entry) => {
    const get = entry['Get'];
    if (!get) throw validationError('TransactItems of TransactGetItems must each contain a Get');
    // Serializable isolation: a transactional read is always consistent.
    return { ...checkedInput('getItem', get), ConsistentRead: true };
  });
}

/** Checks what AWS checks over the whole list before it starts: tables, one operation per item, total size. */
function refuseBadSets(engine: Engine, parts: Part[]): void {
  const seen = new Set<string>();
  let bytes = 0;
  for (const { data } of parts) {
    const table = engine.catalogue.find(String(data['TableName']))?.description;
    if (!table) throw dynamoDbError('ResourceNotFoundException', 'Requested resource not found');
    const item = data['Item'] as Item | undefined;
    const keyNames = table.KeySchema.map((element) => element.AttributeName);
    const key = (data['Key'] ??
      Object.fromEntries(keyNames.flatMap((name) => (item?.[name] ? [[name, item[name]]] : [])))) as Item;
    const invalid = db.validateKey(key, table);
    if (invalid) throw invalid;
    const id = `${table.TableName} ${db.createKey(key, table)}`;
    if (seen.has(id)) throw validationError('Transaction request cannot include multiple operations on one item');
    seen.add(id);
    bytes += itemBytes(item ?? key);
  }
  if (bytes > MAX_BYTES)
    throw validationError('Collection size of a transaction exceeds 4 MB: send fewer or smaller items');
}

/** Remembers a token with its request; true when that very request was done before, so that nothing is done again. */
function alreadyDone(engine: Engine, input: Input): boolean {
  const token = input['ClientRequestToken'];
  if (typeof token !== 'string') return false;
  const { storage, clock } = engine;
  const request = createHash('sha256').update(JSON.stringify(input['TransactItems'])).digest('hex');
  storage.prepare('DELETE FROM request_tokens WHERE at < ?').run(clock.now() - TOKEN_MS);
  const known = storage.prepare('SELECT request FROM request_tokens WHERE token = ?').get(token);
  if (known && known['request'] !== request) {
    throw dynamoDbError(
      'IdempotentParameterMismatchException',
      'The ClientRequestToken was used with other parameters within 10 minutes: use a new token for a new request.',
    );
  }
  if (!known) {
    storage
      .prepare('INSERT INTO request_tokens (token, request, at) VALUES (?, ?, ?)')
      .run(token, request, clock.now());
  }
  return !!known;
}

function perform(engine: Engine, store: Store, part: Part, consumption: Consumption): Reason {
  const { kind, data, showOld } = part;
  try {
    if (kind === 'ConditionCheck') run(checkCondition(engine, consumption), store, data);
    else run(ITEM_WRITES[PARTS[kind]], store, { ...data, ReturnConsumedCapacity: 'NONE' });
    return { Code: 'None' };
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (errorName(error) === 'ThrottlingException') return { Code: 'ThrottlingError', Message: error.message };
    if (errorName(error) !== 'ConditionalCheckFailedException')
      return { Code: 'ValidationError', Message: error.message };
    const old = currentItem(engine, data);
    consumption.addRefusedWrite(String(data['TableName']), old);
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(showOld && old && { Item: old }) };
  }
}

function checkCondition(engine: Engine, consumption: Consumption) {
  return (_store: Store, data: object, done: Callback<Record<string, unknown>>): void => {
    const old = currentItem(engine, data as Input);
    const failed = db.checkConditional(data, old);
    if (!failed) consumption.addRefusedWrite(String((data as Input)['TableName']), old);
    done(failed ?? null, {});
  };
}

function cancelled(reasons: Reason[]): ServiceError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return dynamoDbError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
