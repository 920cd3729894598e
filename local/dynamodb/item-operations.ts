import type { Action, Store } from 'dynalite/db/index.js';
import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import { checkedInput } from './checked-input.ts';
import { Consumption } from './consumption.ts';
import { currentItem, keyOf, tableOf } from './current-item.ts';
import { run, runReading, type Engine } from './engine.ts';
import { errorName, isServiceError, ServiceError, validationError } from './errors.ts';
import { itemBytes, readUnits } from './item-size.ts';
import { admitReads, admitWrites, partitionOf, withUnprocessed } from './throttled-calls.ts';
import { hashOf } from './throughput.ts';
import type { Input, Item, Operations } from './types.ts';

/** The writes of a single item, also the parts of a transaction. */
export const ITEM_WRITES = { putItem, updateItem, deleteItem };
const BATCH_WRITES_MAX = 25;

/** GetItem, PutItem, UpdateItem, DeleteItem, Query, Scan and the two batch calls. */
export function itemOperations(engine: Engine): Operations {
  const write = (name: keyof typeof ITEM_WRITES) => (input: Input) => {
    const data = checkedInput(name, input);
    const consumption = new Consumption();
    const table = tableOf(engine, data);
    try {
      if (table) engine.throughput?.admitWrite(table, keyOf(data));
      const { ConsumedCapacity: _, ...answer } = engine.write(consumption, (store) =>
        run(ITEM_WRITES[name], store, data),
      );
      return withCapacity(answer, consumption.describe(input['ReturnConsumedCapacity'])?.[0]);
    } catch (error) {
      throw failedWrite(engine, input, data, consumption, error);
    } finally {
      consumption.addTo(engine.capacity);
    }
  };

  const search = (name: 'query' | 'scan', action: Action) => async (input: Input) => {
    const data = checkedInput(name, input);
    const partition = partitionOf(engine, data);
    partition?.admit();
    const { ConsumedCapacity: used, ...answer } = await runReading(action, engine.reader(), {
      ...data,
      ReturnConsumedCapacity: 'TOTAL',
    });
    const consumption = new Consumption();
    const units = (used as { CapacityUnits: number }).CapacityUnits;
    const least = readUnits(0, data['ConsistentRead'] === true);
    consumption.addRead(String(data['TableName']), Math.max(units, least), data['IndexName'] as string | undefined);
    partition?.charge(Math.max(units, least));
    consumption.addTo(engine.capacity);
    return withCapacity(answer, consumption.describe(input['ReturnConsumedCapacity'])?.[0]);
  };

  return {
    PutItem: write('putItem'),
    UpdateItem: write('updateItem'),
    DeleteItem: write('deleteItem'),
    Query: search('query', query),
    Scan: search('scan', scan),
    GetItem(input) {
      const data = checkedInput('getItem', input);
      const consumption = new Consumption();
      const answer = readItem(engine, engine.reader(), data, consumption);
      consumption.addTo(engine.capacity);
      return withCapacity(answer, consumption.describe(input['ReturnConsumedCapacity'])?.[0]);
    },
    BatchGetItem(input) {
      const { admitted, refused } = admitReads(engine, checkedInput('batchGetItem', input));
      const { ConsumedCapacity: used, ...answer } = run(batchGetItem, engine.reader(), {
        ...admitted,
        ReturnConsumedCapacity: 'TOTAL',
      });
      const consumption = new Consumption();
      for (const { TableName, CapacityUnits } of used as { TableName: string; CapacityUnits: number }[]) {
        consumption.addRead(TableName, CapacityUnits);
      }
      consumption.addTo(engine.capacity);
      return withCapacity(
        withUnprocessed(answer, 'UnprocessedKeys', refused),
        consumption.describe(input['ReturnConsumedCapacity']),
      );
    },
    BatchWriteItem(input) {
      const data = checkedInput('batchWriteItem', input);
      const writes = Object.values(data['RequestItems'] as Record<string, unknown[]>).flat().length;
      if (writes > BATCH_WRITES_MAX) throw validationError('Too many items requested for the BatchWriteItem call');
      const { admitted, refused } = admitWrites(engine, data);
      const consumption = new Consumption();
      const answer = engine.write(
        consumption,
        (store) => run(batchWriteItem, store, { ...admitted, ReturnConsumedCapacity: 'NONE' }),
        { isAdmitted: true },
      );
      consumption.addTo(engine.capacity);
      return withCapacity(
        withUnprocessed(answer, 'UnprocessedItems', refused),
        consumption.describe(input['ReturnConsumedCapacity']),
      );
    },
  };
}

/** Reads one item for GetItem and TransactGetItems, and meters it. `data` has been checked. */
export function readItem(engine: Engine, store: Store, data: Input, consumption: Consumption): { Item?: Item } {
  const table = tableOf(engine, data);
  const hash = table && hashOf(table, keyOf(data));
  if (table) engine.throughput?.admitRead(table, hash);
  const { ConsumedCapacity: _, ...answer } = run(getItem, store, { ...data, ReturnConsumedCapacity: 'NONE' });
  const whole = currentItem(engine, data);
  const units = readUnits(whole ? itemBytes(whole) : 0, data['ConsistentRead'] === true);
  consumption.addRead(String(data['TableName']), units);
  if (table) engine.throughput?.chargeRead(table, hash, units);
  return answer;
}

function failedWrite(engine: Engine, input: Input, data: Input, consumption: Consumption, error: unknown): unknown {
  if (!isServiceError(error) || errorName(error) !== 'ConditionalCheckFailedException') return error;
  const old = currentItem(engine, data);
  consumption.addRefusedWrite(String(data['TableName']), old);
  const table = tableOf(engine, data);
  if (table) engine.throughput?.chargeRefused(table, keyOf(data), old);
  if (!old || input['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD') return error;
  return new ServiceError(String(error.body['__type']), error.message, { Item: old });
}

/** An answer with its ConsumedCapacity, when the caller asked for it. */
export function withCapacity(answer: object, ConsumedCapacity: unknown): Record<string, unknown> {
  return ConsumedCapacity === undefined ? { ...answer } : { ...answer, ConsumedCapacity };
}
