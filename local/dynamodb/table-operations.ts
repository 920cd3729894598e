import { randomUUID } from 'node:crypto';
import { checkedInput } from './checked-input.ts';
import type { Engine } from './engine.ts';
import { dynamoDbError, validationError } from './errors.ts';
import { indexSpace, itemSpace } from './item-store.ts';
import { addIndex, dropIndex } from './table-indexes.ts';
import type { TableRecord } from './table-catalogue.ts';
import type { Input, Operations, SecondaryIndex, StreamViewType, TableDescription } from './types.ts';

const LIST_MAX = 100;
const VIEW_TYPES = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

/**
 * Create, update, delete, describe and list tables and their tags. A change is complete when
 * its answer arrives; the answer still says CREATING, UPDATING or DELETING, as AWS's does.
 */
export function tableOperations(engine: Engine): Operations {
  return {
    CreateTable: (input) => ({ TableDescription: { ...createTable(engine, input), TableStatus: 'CREATING' } }),
    UpdateTable: (input) => ({ TableDescription: { ...updateTable(engine, input), TableStatus: 'UPDATING' } }),
    DeleteTable: (input) => ({ TableDescription: { ...deleteTable(engine, input), TableStatus: 'DELETING' } }),
    DescribeTable: (input) => ({ Table: requireTable(engine, input).description }),
    ListTables(input) {
      const start = input['ExclusiveStartTableName'];
      const after = typeof start === 'string' ? start : '';
      const names = engine.catalogue.names().filter((name) => name > after);
      const page = names.slice(0, typeof input['Limit'] === 'number' ? input['Limit'] : LIST_MAX);
      return { TableNames: page, ...(page.length < names.length && { LastEvaluatedTableName: page.at(-1) }) };
    },
    TagResource(input) {
      const record = requireResource(engine, input);
      engine.catalogue.save({ ...record, tags: { ...record.tags, ...readTags(input) } });
      return {};
    },
    UntagResource(input) {
      const record = requireResource(engine, input);
      const gone = new Set(input['TagKeys'] as string[]);
      const kept = Object.entries(record.tags).filter(([key]) => !gone.has(key));
      engine.catalogue.save({ ...record, tags: Object.fromEntries(kept) });
      return {};
    },
    ListTagsOfResource(input) {
      const { tags } = requireResource(engine, input);
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

/** The table that a call names. @throws ResourceNotFoundException */
export function requireTable(engine: Engine, input: Input): TableRecord {
  const name = input['TableName'];
  if (typeof name !== 'string' || !name) {
    throw validationError("The parameter 'TableName' is required but was not present in the request");
  }
  const record = engine.catalogue.find(name);
  if (record) return record;
  throw dynamoDbError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

function requireResource(engine: Engine, input: Input): TableRecord {
  const arn = String(input['ResourceArn']);
  const name = arn.startsWith(engine.tableArnPrefix) ? arn.slice(engine.tableArnPrefix.length) : '';
  const record = engine.catalogue.find(name);
  if (record) return record;
  throw dynamoDbError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
}

function createTable(engine: Engine, input: Input): TableDescription {
  const checked = checkedInput('createTable', input);
  const name = String(checked['TableName']);
  if (engine.catalogue.find(name)) {
    throw dynamoDbError('ResourceInUseException', `Table already exists: ${name}`);
  }
  const arn = engine.tableArnPrefix + name;
  const { BillingMode, ProvisionedThroughput, ...definition } = checked;
  const withArns = (indexes: unknown) =>
    (indexes as SecondaryIndex[]).map((index) => ({ ...index, IndexArn: `${arn}/index/${index.IndexName}` }));
  const description = {
    ...definition,
    TableArn: arn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: engine.clock.now() / 1000,
    ItemCount: 0,
    TableSizeBytes: 0,
    ...throughput(BillingMode, ProvisionedThroughput),
    ...(definition['LocalSecondaryIndexes']
      ? { LocalSecondaryIndexes: withArns(definition['LocalSecondaryIndexes']) }
      : {}),
    ...(definition['GlobalSecondaryIndexes']
      ? {
          GlobalSecondaryIndexes: withArns(definition['GlobalSecondaryIndexes']).map((index) => ({
            ...index,
            IndexStatus: 'ACTIVE',
          })),
        }
      : {}),
    ...settings(input),
  } as unknown as TableDescription;
  const record: TableRecord = { description, tags: readTags(input) };
  return engine.storage.transaction(() => {
    applyStream(engine, description, input);
    engine.catalogue.save(record);
    return description;
  });
}

function updateTable(engine: Engine, input: Input): TableDescription {
  const record = requireTable(engine, input);
  const old = record.description;
  return engine.storage.transaction(() => {
    let description: TableDescription = { ...old, ...settings(input) };
    if (input['BillingMode'] || input['ProvisionedThroughput']) {
      Object.assign(description, throughput(input['BillingMode'], input['ProvisionedThroughput']));
    }
    for (const change of (input['GlobalSecondaryIndexUpdates'] ?? []) as Record<string, SecondaryIndex>[]) {
      if (change['Create']) description = addIndex(engine, description, change['Create'], input);
      if (change['Delete']) description = dropIndex(engine, description, change['Delete'].IndexName);
    }
    applyStream(engine, description, input);
    engine.catalogue.save({ ...record, description });
    return description;
  });
}

function deleteTable(engine: Engine, input: Input): TableDescription {
  const { description } = requireTable(engine, input);
  const name = description.TableName;
  if (description.DeletionProtectionEnabled) {
    throw validationError(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  engine.storage.transaction(() => {
    engine.storage.clear(itemSpace(name));
    for (const { IndexName } of [
      ...(description.GlobalSecondaryIndexes ?? []),
      ...(description.LocalSecondaryIndexes ?? []),
    ]) {
      engine.storage.clear(indexSpace(name, IndexName));
    }
    if (description.LatestStreamArn) engine.streams.close(description.LatestStreamArn);
    engine.history.end(itemSpace(name));
    engine.catalogue.remove(name);
  });
  return description;
}

/** Switches the stream on or off as the call says; a table has at most one open stream. */
function applyStream(engine: Engine, description: TableDescription, input: Input): void {
  const wanted = input['StreamSpecification'] as { StreamEnabled?: unknown; StreamViewType?: unknown } | undefined;
  if (!wanted) return;
  const enabled = !!description.StreamSpecification?.StreamEnabled;
  if (!wanted.StreamEnabled) {
    if (enabled && description.LatestStreamArn) engine.streams.close(description.LatestStreamArn);
    delete description.StreamSpecification;
    return;
  }
  if (enabled) throw validationError('Table already has an enabled stream: disable it before changing it');
  const view = wanted.StreamViewType as StreamViewType;
  if (!VIEW_TYPES.includes(view)) {
    throw validationError(`StreamViewType must be one of ${VIEW_TYPES.join(', ')}, got ${String(view)}`);
  }
  const stream = engine.streams.open(description, view);
  description.StreamSpecification = { StreamEnabled: true, StreamViewType: view };
  description.LatestStreamArn = stream.arn;
  description.LatestStreamLabel = stream.label;
}

/** Settings that only show up again in DescribeTable. */
function settings(input: Input): Partial<TableDescription> {
  const sse = input['SSESpecification'] as { Enabled?: boolean; KMSMasterKeyId?: string } | undefined;
  return {
    ...(sse?.Enabled && {
      SSEDescription: {
        Status: 'ENABLED',
        SSEType: 'KMS',
        KMSMasterKeyArn: sse.KMSMasterKeyId ?? 'alias/aws/dynamodb',
      },
    }),
    ...(input['TableClass'] !== undefined && { TableClassSummary: { TableClass: input['TableClass'] } }),
    ...(input['OnDemandThroughput'] !== undefined && { OnDemandThroughput: input['OnDemandThroughput'] }),
    ...(input['DeletionProtectionEnabled'] !== undefined && {
      DeletionProtectionEnabled: input['DeletionProtectionEnabled'] === true,
    }),
  };
}

function throughput(billing: unknown, provisioned: unknown): Record<string, unknown> {
  const onDemand = billing === 'PAY_PER_REQUEST';
  const units = onDemand ? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 } : (provisioned as object);
  return {
    BillingModeSummary: { BillingMode: onDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED' },
    ProvisionedThroughput: { ...units, NumberOfDecreasesToday: 0 },
  };
}

function readTags(input: Input): Record<string, string> {
  const tags = (input['Tags'] ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
