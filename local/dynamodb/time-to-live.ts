import deleteItem from 'dynalite/actions/deleteItem.js';
import { Consumption } from './consumption.ts';
import { run, type Engine } from './engine.ts';
import { validationError } from './errors.ts';
import { expiryOf, itemSpace } from './item-store.ts';
import type { TableRecord } from './table-catalogue.ts';
import { requireTable } from './table-operations.ts';
import type { Item, Operations } from './types.ts';

/** How often expired items are looked for: an index lookup when there are none. */
const SWEEP_MS = 500;
/** Streams and closed tables are trimmed once in that many sweeps: a minute. */
const SWEEPS_PER_TRIM = 120;
/** Items deleted in one sweep, so that a large expiry does not stop other calls for long. */
const SWEEP_ITEMS = 500;
/** AWS leaves items alone whose time lies more than five years back: most likely no time at all. */
const FIVE_YEARS_S = 5 * 365 * 24 * 60 * 60;
const BY_TTL = { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } as const;

/** UpdateTimeToLive and DescribeTimeToLive. */
export function timeToLiveOperations(engine: Engine): Operations {
  return {
    UpdateTimeToLive(input) {
      const record = requireTable(engine, input);
      const wanted = input['TimeToLiveSpecification'] as { AttributeName?: unknown; Enabled?: unknown } | undefined;
      const name = wanted?.AttributeName;
      if (typeof name !== 'string' || !name || typeof wanted?.Enabled !== 'boolean') {
        throw validationError('TimeToLiveSpecification needs AttributeName, a name, and Enabled, true or false');
      }
      if (wanted.Enabled && record.timeToLive) throw validationError('TimeToLive is already enabled');
      if (!wanted.Enabled && !record.timeToLive) throw validationError('TimeToLive is already disabled');
      if (!wanted.Enabled && record.timeToLive !== name) {
        throw validationError(
          `TimeToLive is active on a different AttributeName: current AttributeName is ${record.timeToLive}`,
        );
      }
      setTimeToLive(engine, record, wanted.Enabled ? name : undefined);
      return { TimeToLiveSpecification: { AttributeName: name, Enabled: wanted.Enabled } };
    },
    DescribeTimeToLive(input) {
      const { timeToLive } = requireTable(engine, input);
      return {
        TimeToLiveDescription: timeToLive
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    },
  };
}

/** Stores the setting and the expiry of every item already there, which puts do from then on. */
function setTimeToLive({ storage, catalogue }: Engine, record: TableRecord, timeToLive: string | undefined): void {
  const { timeToLive: _, ...rest } = record;
  const changed: TableRecord = timeToLive ? { ...rest, timeToLive } : rest;
  const space = itemSpace(record.description.TableName);
  storage.transaction(() => {
    catalogue.save(changed);
    storage.prepare('UPDATE entries SET expires = NULL WHERE space = ? AND expires IS NOT NULL').run(space);
    if (!timeToLive) return;
    const items = storage.prepare('SELECT rowid, value FROM entries WHERE space = ?').all(space);
    for (const { rowid, value } of items) {
      const expires = expiryOf(changed, JSON.parse(value as string) as Item);
      if (expires !== null)
        storage.prepare('UPDATE entries SET expires = ? WHERE rowid = ?').run(expires, rowid ?? null);
    }
  });
}

/** Deletes expired items and old stream records at an interval; returns the way to stop. */
export function startSweeping(engine: Engine): () => void {
  let sweeps = 0;
  const timer = setInterval(() => {
    sweepExpired(engine);
    if (sweeps++ % SWEEPS_PER_TRIM === 0) engine.streams.trim();
  }, SWEEP_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Deletes items whose TTL has passed, as DynamoDB itself: free of charge, marked in the stream. */
function sweepExpired(engine: Engine): void {
  const now = Math.floor(engine.clock.now() / 1000);
  const expired = engine.storage
    .prepare('SELECT space, value FROM entries WHERE expires <= ? AND expires > ? ORDER BY expires LIMIT ?')
    .all(now, now - FIVE_YEARS_S, SWEEP_ITEMS);
  if (!expired.length) return;
  engine.write(
    new Consumption(),
    (store) => {
      for (const { space, value } of expired) {
        const TableName = String(space).slice(itemSpace('').length);
        const item = JSON.parse(value as string) as Item;
        const schema = engine.catalogue.find(TableName)?.description.KeySchema ?? [];
        const Key = Object.fromEntries(schema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
        run(deleteItem, store, { TableName, Key });
      }
    },
    { identity: BY_TTL },
  );
}
