import { backupOperations } from './continuous-backups.ts';
import type { Engine } from './engine.ts';
import { itemOperations } from './item-operations.ts';
import { streamOperations } from './stream-operations.ts';
import { tableOperations } from './table-operations.ts';
import { timeToLiveOperations } from './time-to-live.ts';
import { transactionOperations } from './transactions.ts';
import type { Operations } from './types.ts';

/** Every operation by its `x-amz-target` header: the API's name and version, a dot, the operation. */
export function allOperations(engine: Engine): Operations {
  return {
    ...underApi('DynamoDB_20120810', {
      ...itemOperations(engine),
      ...transactionOperations(engine),
      ...tableOperations(engine),
      ...backupOperations(engine),
      ...timeToLiveOperations(engine),
    }),
    ...underApi('DynamoDBStreams_20120810', streamOperations(engine)),
  };
}

function underApi(api: string, operations: Operations): Operations {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [`${api}.${name}`, operation]));
}
