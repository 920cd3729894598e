import db from 'dynalite/db/index.js';
import { currentItem, tableOf } from './current-item.ts';
import type { Engine } from './engine.ts';
import { errorName, isServiceError } from './errors.ts';
import { itemBytes, readUnits } from './item-size.ts';
import { hashOf } from './throughput.ts';
import type { AttributeValue, Input, Item, TableDescription } from './types.ts';

// Which part of a call passes. The throttled part of a batch comes back as unprocessed; a batch of which nothing passes
// fails as a single call does.

/** A batch of which some passes. */
interface Admitted {
  admitted: Input;
  /** By table, in the form of the request. */
  refused: Record<string, unknown>;
}

/** Takes the units of a batch of writes. @throws ThrottlingException when nothing passes. */
export function admitWrites(engine: Engine, data: Input): Admitted {
  type Write = Partial<Record<'PutRequest' | 'DeleteRequest', { Item?: Item; Key?: Item }>>;
  return admit<Write[], Write>(engine, data, (table, asked) => ({
    parts: asked,
    take: ({ PutRequest, DeleteRequest }) => {
      const item = PutRequest?.Item;
      const keys = (item ?? DeleteRequest?.Key)!;
      const old = currentItem(engine, { TableName: table.TableName, Key: keys });
      engine.throughput?.admitWrite(table, keys);
      engine.throughput?.takeWrite({ table, key: db.createKey(keys, table), old, item });
    },
    of: (parts) => parts,
  }));
}

/** Takes the units of a batch of reads. @throws ThrottlingException when nothing passes. */
export function admitReads(engine: Engine, data: Input): Admitted {
  type Read = { Keys: Item[]; ConsistentRead?: boolean };
  return admit<Read, Item>(engine, data, (table, asked) => ({
    parts: asked.Keys,
    take: (key) => {
      const hash = hashOf(table, key);
      engine.throughput?.admitRead(table, hash);
      const item = currentItem(engine, { TableName: table.TableName, Key: key });
      engine.throughput?.chargeRead(table, hash, readUnits(item ? itemBytes(item) : 0, asked.ConsistentRead === true));
    },
    of: (Keys) => ({ ...asked, Keys }),
  }));
}

/** An answer with what did not pass, beside what the action itself has left undone. */
export function withUnprocessed(
  answer: Record<string, unknown>,
  member: 'UnprocessedItems' | 'UnprocessedKeys',
  refused: Record<string, unknown>,
): Record<string, unknown> {
  if (Object.keys(refused).length === 0) return answer;
  return { ...answer, [member]: { ...(answer[member] as object | undefined), ...refused } };
}

/** The partition that a query reads, or the table of a scan; undefined when nothing is throttled or the call will be refused. */
export function partitionOf(engine: Engine, data: Input): { admit(): void; charge(units: number): void } | undefined {
  const { throughput } = engine;
  const table = tableOf(engine, data);
  if (!throughput || !table) return undefined;
  const index = data['IndexName'] as string | undefined;
  const schema = index === undefined ? table : table.GlobalSecondaryIndexes?.find((one) => one.IndexName === index);
  const conditions = data['KeyConditions'] as Record<string, { AttributeValueList: AttributeValue[] }> | undefined;
  const hash = schema && conditions?.[schema.KeySchema[0]!.AttributeName]?.AttributeValueList[0];
  return {
    admit: () => throughput.admitRead(table, hash, index),
    charge: (units) => throughput.chargeRead(table, hash, units, index),
  };
}

function admit<Asked, Part>(
  engine: Engine,
  data: Input,
  read: (
    table: TableDescription,
    asked: Asked,
  ) => { parts: Part[]; take: (part: Part) => void; of: (parts: Part[]) => unknown },
): Admitted {
  if (!engine.throughput) return { admitted: data, refused: {} };
  const admitted: Record<string, unknown> = {};
  const refused: Record<string, unknown> = {};
  let error: Error | undefined;
  for (const [name, asked] of Object.entries(data['RequestItems'] as Record<string, Asked>)) {
    const table = engine.catalogue.find(name)?.description;
    // The action says what is wrong with the call.
    if (!table) return { admitted: data, refused: {} };
    const { parts, take, of } = read(table, asked);
    const kept: Part[] = [];
    const left: Part[] = [];
    for (const part of parts) {
      const throttling = throttlingOf(() => take(part));
      error ??= throttling;
      (throttling ? left : kept).push(part);
    }
    if (kept.length > 0) admitted[name] = of(kept);
    if (left.length > 0) refused[name] = of(left);
  }
  if (Object.keys(admitted).length === 0 && error !== undefined) throw error;
  return { admitted: { ...data, RequestItems: admitted }, refused };
}

/** The error by which something was throttled. @throws any other */
function throttlingOf(take: () => void): Error | undefined {
  try {
    take();
    return undefined;
  } catch (error) {
    if (isServiceError(error) && errorName(error) === 'ThrottlingException') return error;
    throw error;
  }
}
