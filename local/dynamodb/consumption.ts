import { itemBytes, sameItem, writeUnits } from './item-size.ts';
import type { ItemWrite } from './item-store.ts';
import type { Item, SecondaryIndex, TableDescription } from './types.ts';

interface Units {
  read: number;
  write: number;
  indexes: Map<string, number>;
}

/** The capacity units that one API call used, per table and index. */
export class Consumption {
  readonly #tables = new Map<string, Units>();

  /** Counts a write of the table and of every index whose projected attributes it changed. */
  addWrite({ table, old, item }: ItemWrite): void {
    const units = this.#of(table.TableName);
    units.write += Math.max(writeUnits(old ? itemBytes(old) : 0), writeUnits(item ? itemBytes(item) : 0));
    for (const index of [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])]) {
      const used = indexUnits(index, table, old, item);
      if (used) units.indexes.set(index.IndexName, (units.indexes.get(index.IndexName) ?? 0) + used);
    }
  }

  /** Counts a write that a failed condition stopped: AWS charges for the item that it looked at. */
  addRefusedWrite(table: string, old: Item | undefined): void {
    this.#of(table).write += writeUnits(old ? itemBytes(old) : 0);
  }

  /** Counts a read, of an index when it has a name. */
  addRead(table: string, units: number, index?: string): void {
    if (!index) this.#of(table).read += units;
    else {
      const { indexes } = this.#of(table);
      indexes.set(index, (indexes.get(index) ?? 0) + units);
    }
  }

  /** Transactions cost twice: every item is prepared, then committed. */
  double(): void {
    for (const units of this.#tables.values()) {
      units.read *= 2;
      units.write *= 2;
      for (const [name, used] of units.indexes) units.indexes.set(name, used * 2);
    }
  }

  /** ConsumedCapacity of each table as the caller asked for it with ReturnConsumedCapacity. */
  describe(wanted: unknown): Record<string, unknown>[] | undefined {
    if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return undefined;
    return [...this.#tables].map(([TableName, units]) => {
      const own = units.read + units.write;
      const ofIndexes = [...units.indexes].map(([name, used]) => [name, { CapacityUnits: used }] as const);
      return {
        TableName,
        CapacityUnits: own + sum(units.indexes),
        ...(wanted === 'INDEXES' && {
          Table: { CapacityUnits: own },
          ...(ofIndexes.length && { GlobalSecondaryIndexes: Object.fromEntries(ofIndexes) }),
        }),
      };
    });
  }

  /** Adds to the running totals of a server; index units count as the kind of the call. */
  addTo(totals: Map<string, { read: number; write: number }>): void {
    for (const [table, units] of this.#tables) {
      const total = totals.get(table) ?? { read: 0, write: 0 };
      const kind = units.write ? 'write' : 'read';
      totals.set(table, { ...total, read: total.read + units.read, write: total.write + units.write });
      (totals.get(table) ?? total)[kind] += sum(units.indexes);
    }
  }

  #of(table: string): Units {
    let units = this.#tables.get(table);
    if (!units) this.#tables.set(table, (units = { read: 0, write: 0, indexes: new Map() }));
    return units;
  }
}

function sum(indexes: Map<string, number>): number {
  return [...indexes.values()].reduce((total, units) => total + units, 0);
}

/** Developer guide, "Global secondary indexes": a changed index key is a delete and a put, an untouched entry is free. */
export function indexUnits(index: SecondaryIndex, table: TableDescription, old?: Item, item?: Item): number {
  const before = old && projected(index, table, old);
  const after = item && projected(index, table, item);
  if (sameItem(before, after)) return 0;
  const costs = [before, after].filter((entry) => !!entry).map((entry) => writeUnits(itemBytes(entry)));
  const moved = index.KeySchema.some(
    ({ AttributeName }) => !sameValue(before?.[AttributeName], after?.[AttributeName]),
  );
  return before && after && !moved ? Math.max(...costs) : costs.reduce((total, cost) => total + cost, 0);
}

function sameValue(one: Item[string] | undefined, other: Item[string] | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The index entry of an item; undefined when the item lacks a key of the index. */
function projected(index: SecondaryIndex, table: TableDescription, item: Item): Item | undefined {
  const keys = index.KeySchema.map((key) => key.AttributeName);
  if (keys.some((name) => !item[name])) return undefined;
  if (index.Projection.ProjectionType === 'ALL') return item;
  const names = [
    ...keys,
    ...table.KeySchema.map((key) => key.AttributeName),
    ...(index.Projection.NonKeyAttributes ?? []),
  ];
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
