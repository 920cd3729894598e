import db from 'dynalite/db/index.js';
import type { Engine } from './engine.ts';
import { itemSpace } from './item-store.ts';
import type { Input, Item, TableDescription } from './types.ts';

/** The stored item that a checked input names by its Key or by the key attributes of its Item. */
export function currentItem(engine: Engine, data: Input): Item | undefined {
  const table = tableOf(engine, data);
  if (!table) return undefined;
  const text = engine.storage.get(itemSpace(table.TableName), db.createKey(keyOf(data), table));
  return text === undefined ? undefined : (JSON.parse(text) as Item);
}

/** The table that a checked input names; undefined when there is none. */
export function tableOf(engine: Engine, data: Input): TableDescription | undefined {
  return engine.catalogue.find(String(data['TableName']))?.description;
}

/** The attributes that name the item of a checked input. */
export function keyOf(data: Input): Item {
  return (data['Key'] ?? data['Item']) as Item;
}
