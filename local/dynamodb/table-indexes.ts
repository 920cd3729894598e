import db from 'dynalite/db/index.js';
import { checkedInput } from './checked-input.ts';
import type { Engine } from './engine.ts';
import { dynamoDbError, validationError } from './errors.ts';
import { createItemStore, indexSpace, itemSpace } from './item-store.ts';
import type { Input, Item, SecondaryIndex, TableDescription } from './types.ts';

/**
 * Adds a global secondary index and fills it from the table. Runs inside the caller's transaction.
 * @returns the table's new description; the old one is left as it is.
 */
export function addIndex(
  engine: Engine,
  table: TableDescription,
  index: SecondaryIndex,
  input: Input,
): TableDescription {
  const definitions = (input['AttributeDefinitions'] ?? []) as TableDescription['AttributeDefinitions'];
  const known = new Map([...table.AttributeDefinitions, ...definitions].map((one) => [one.AttributeName, one]));
  const existing = table.GlobalSecondaryIndexes ?? [];
  const indexes = [...existing, index].map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  const AttributeDefinitions = [...known.values()];
  // The rules for an index are those of CreateTable.
  checkedInput('createTable', {
    TableName: table.TableName,
    KeySchema: table.KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions,
    GlobalSecondaryIndexes: indexes,
  });
  const added: SecondaryIndex = {
    ...index,
    IndexArn: `${table.TableArn}/index/${index.IndexName}`,
    IndexStatus: 'ACTIVE',
  };
  backfill(engine, { ...table, AttributeDefinitions, GlobalSecondaryIndexes: [added], LocalSecondaryIndexes: [] });
  return { ...table, AttributeDefinitions, GlobalSecondaryIndexes: [...existing, added] };
}

/** Removes a global secondary index with its entries. Runs inside the caller's transaction. */
export function dropIndex(engine: Engine, table: TableDescription, name: string): TableDescription {
  const kept = (table.GlobalSecondaryIndexes ?? []).filter((index) => index.IndexName !== name);
  if (kept.length === (table.GlobalSecondaryIndexes ?? []).length) {
    throw dynamoDbError('ResourceNotFoundException', `Requested resource not found: Index: ${name} not found`);
  }
  engine.storage.clear(indexSpace(table.TableName, name));
  const { GlobalSecondaryIndexes: _, ...rest } = table;
  return kept.length ? { ...rest, GlobalSecondaryIndexes: kept } : rest;
}

function backfill(engine: Engine, table: TableDescription): void {
  const store = createItemStore(engine.storage, engine.catalogue, () => {
    throw new Error('Expected a backfill to write the index only, got a write of an item.');
  });
  for (const text of engine.storage.range(itemSpace(table.TableName))) {
    db.updateIndexes(store, table, undefined, JSON.parse(text) as Item, (error) => {
      if (error) throw validationError(error.message);
    });
  }
}
