import type { Engine } from './engine.ts';
import { randomUUID } from 'node:crypto';
import { dynamoDbError, validationError } from './errors.ts';
import { History } from './history.ts';
import { itemSpace } from './item-store.ts';
import type { TableRecord } from './table-catalogue.ts';
import { addIndex } from './table-indexes.ts';
import { requireTable } from './table-operations.ts';
import type { Input, Operations, TableDescription } from './types.ts';

/**
 * Point-in-time recovery: on, off, and a restore into a new table. AWS's can restore up to five minutes ago, this one up to
 * now; AWS's takes minutes to hours, this one is done with the answer. The local run does not switch it on for the tables of
 * the template, because that would double each write: whoever wants to restore switches it on first.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
export function backupOperations(engine: Engine): Operations {
  return {
    UpdateContinuousBackups(input) {
      const record = requireTable(engine, input);
      const wanted = (input['PointInTimeRecoverySpecification'] ?? {}) as { PointInTimeRecoveryEnabled?: unknown };
      const enabled = wanted.PointInTimeRecoveryEnabled;
      if (typeof enabled !== 'boolean') {
        throw validationError('PointInTimeRecoverySpecification needs PointInTimeRecoveryEnabled, true or false');
      }
      return describe(engine, enabled === isOn(record) ? record : switchTo(engine, record, enabled));
    },
    DescribeContinuousBackups: (input) => describe(engine, requireTable(engine, input)),
    RestoreTableToPointInTime: (input) => ({
      TableDescription: { ...restore(engine, input), TableStatus: 'CREATING' },
    }),
  };
}

const isOn = ({ recoverySince }: TableRecord): boolean => recoverySince !== undefined;

function switchTo(engine: Engine, { recoverySince: _, ...record }: TableRecord, enabled: boolean): TableRecord {
  const now = engine.clock.now();
  const space = itemSpace(record.description.TableName);
  const changed = { ...record, ...(enabled && { recoverySince: now }) };
  engine.storage.transaction(() => {
    if (enabled) engine.history.begin(space, now);
    else engine.history.end(space);
    engine.catalogue.save(changed);
  });
  return changed;
}

function describe(engine: Engine, { recoverySince }: TableRecord): object {
  const now = engine.clock.now();
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: recoverySince === undefined ? 'DISABLED' : 'ENABLED',
        ...(recoverySince !== undefined && {
          EarliestRestorableDateTime: History.earliest(recoverySince, now) / 1000,
          LatestRestorableDateTime: now / 1000,
          RecoveryPeriodInDays: 35,
        }),
      },
    },
  };
}

/** A new table with keys, indexes and items of that time; without TTL, stream, recovery, protection and tags, as AWS's. */
function restore(engine: Engine, input: Input): TableDescription {
  const source = requireTable(engine, { TableName: input['SourceTableName'] });
  const given = input['TargetTableName'];
  const name = typeof given === 'string' ? given : '';
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw validationError(`TargetTableName: expected 3 to 255 letters, digits or any of _.-, got "${name}"`);
  }
  if (engine.catalogue.find(name)) {
    throw dynamoDbError('TableAlreadyExistsException', `Table already exists: ${name}`);
  }
  const atMs = timeToRestore(engine, source, input);
  const { GlobalSecondaryIndexes = [], ...old } = source.description;
  const { StreamSpecification: _, LatestStreamArn: __, LatestStreamLabel: ___, ...kept } = old;
  const plain: TableDescription = {
    ...kept,
    TableName: name,
    TableArn: engine.tableArnPrefix + name,
    TableId: randomUUID(),
    CreationDateTime: engine.clock.now() / 1000,
    DeletionProtectionEnabled: false,
  };
  return engine.storage.transaction(() => {
    engine.catalogue.save({ description: plain, tags: {} });
    engine.history.copy(itemSpace(source.description.TableName), atMs, itemSpace(name));
    const description = GlobalSecondaryIndexes.reduce(
      (table, { IndexArn: _arn, IndexStatus: _status, ...index }) => addIndex(engine, table, index, {}),
      plain,
    );
    engine.catalogue.save({ description, tags: {} });
    return description;
  });
}

function timeToRestore(engine: Engine, { recoverySince, description }: TableRecord, input: Input): number {
  if (recoverySince === undefined) {
    const why = `Point in time recovery is not enabled for table '${description.TableName}'`;
    throw dynamoDbError('PointInTimeRecoveryUnavailableException', why);
  }
  const now = engine.clock.now();
  if (input['UseLatestRestorableTime'] === true) return now;
  const atMs = Number(input['RestoreDateTime']) * 1000;
  const earliest = History.earliest(recoverySince, now);
  if (atMs >= earliest && atMs <= now) return atMs;
  throw dynamoDbError(
    'InvalidRestoreTimeException',
    `RestoreDateTime: expected a time from ${new Date(earliest).toISOString()} to ${new Date(now).toISOString()}`,
  );
}
