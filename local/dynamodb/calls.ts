import { streamOfIterator } from './stream-operations.ts';
import type { Input } from './types.ts';

/**
 * One API call as IAM sees it. One entry in `resources` per resource touched: batch and transact calls name several
 * tables; an index has its own ARN (`table/x/index/y`), a stream too. `*` where the API has no resource.
 */
export interface AwsCall {
  accessKeyId: string | undefined;
  /** e.g. `dynamodb:PutItem`. */
  action: string;
  resources: string[];
  input: Record<string, unknown>;
}

const TRANSACTION_ACTIONS: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

/** The call that a request makes. */
export function callOf(
  operation: string,
  input: Input,
  tableArnPrefix: string,
  accessKeyId: string | undefined,
): AwsCall {
  return {
    accessKeyId,
    action: `dynamodb:${operation}`,
    resources: resourcesOf(operation, input, tableArnPrefix),
    input,
  };
}

/**
 * The calls that must be allowed for a request. A transaction needs the permissions of its parts instead of one of its
 * own (developer guide, "Using IAM with transactions"): one call per part action, with the tables that it touches.
 */
export function callsToAuthorize(call: AwsCall, tableArnPrefix: string): AwsCall[] {
  if (!call.action.startsWith('dynamodb:Transact')) return [call];
  const resources = new Map<string, Set<string>>();
  for (const { kind, table } of transactionParts(call.input)) {
    const action = `dynamodb:${TRANSACTION_ACTIONS[kind] ?? kind}`;
    resources.set(action, (resources.get(action) ?? new Set()).add(tableArnPrefix + table));
  }
  return [...resources].map(([action, arns]) => ({ ...call, action, resources: [...arns] }));
}

function resourcesOf(operation: string, input: Input, tableArnPrefix: string): string[] {
  if (operation === 'ListTables' || operation === 'ListStreams') return ['*'];
  if (operation === 'GetRecords') return [streamOfIterator(input['ShardIterator']) ?? '*'];
  if (typeof input['StreamArn'] === 'string') return [input['StreamArn']];
  if (typeof input['ResourceArn'] === 'string') return [input['ResourceArn']];
  if (isObject(input['RequestItems'])) return Object.keys(input['RequestItems']).map((name) => tableArnPrefix + name);
  if (operation.startsWith('Transact')) {
    return [...new Set(transactionParts(input).map(({ table }) => tableArnPrefix + table))];
  }
  const table = tableArnPrefix + String(input['TableName']);
  return [typeof input['IndexName'] === 'string' ? `${table}/index/${input['IndexName']}` : table];
}

function transactionParts(input: Input): { kind: string; table: string }[] {
  const items: unknown[] = Array.isArray(input['TransactItems']) ? input['TransactItems'] : [];
  return items.filter(isObject).flatMap((item) =>
    Object.entries(item)
      .filter((entry): entry is [string, Input] => isObject(entry[1]))
      .map(([kind, part]) => ({ kind, table: String(part['TableName']) })),
  );
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null;
}
