import { isOperatorKey } from '../../../local/iam/operator.ts';
import type { Faults } from '../../../local/services.ts';

// The product as it would be with a bug: what its functions ask of AWS is changed on the way as that bug would change it, so
// that nothing has to be built anew.

type Input = Record<string, unknown>;
/** As DynamoDB's protocol has it. */
type Row = Record<string, { S?: string; N?: string; BOOL?: boolean }>;

/** Changes calls of functions to a table. @param table part of its name. */
function onTable(table: string, change: (input: Input, action: string) => void): Faults {
  return {
    dynamoDb({ accessKeyId, action, input }) {
      const names = [String(input['TableName']), ...Object.keys(input['RequestItems'] ?? {})];
      if (!isOperatorKey(accessKeyId) && names.some((name) => name.includes(table))) change(input, action);
      return undefined;
    },
  };
}

/** Several changes of one bug. */
const both = (one: Faults, other: Faults): Faults => ({
  dynamoDb: (call) => one.dynamoDb?.(call) ?? other.dynamoDb?.(call),
});

/** Changes messages that functions queue. */
function onMessages(change: (body: string) => string): Faults {
  return {
    sqs({ accessKeyId, action, input }) {
      if (isOperatorKey(accessKeyId) || action !== 'sqs:SendMessage') return undefined;
      for (const entry of (input['Entries'] ?? []) as { MessageBody: string }[])
        entry.MessageBody = change(entry.MessageBody);
      return undefined;
    },
  };
}

/** Requests of a BatchWriteItem. */
function requestsOf(input: Input): { DeleteRequest?: { Key: Row } }[] {
  return Object.values((input['RequestItems'] ?? {}) as Record<string, []>).flat();
}

const isUpdate = (input: Input, text: string): boolean => String(input['UpdateExpression']).includes(text);
/** Jobs of recovery become another's. */
const jobs =
  (kind: string, id: RegExp, instead: string) =>
  (body: string): string =>
    body.includes(`"kind":"${kind}"`) ? body.replace(id, instead) : body;

let astray = 0;
/** A row that is nobody's. */
const nowhere = (): { S: string } => ({ S: `nowhere_${(astray += 1)}` });

/** Bugs in what goes on beside the events (parts.ts). Each must break a flow. */
export const FLOW_MUTANTS: Record<string, Faults> = {
  'a purge leaves lines of the log': onTable('Attempts', (input) => {
    for (const { DeleteRequest } of requestsOf(input))
      if (DeleteRequest) DeleteRequest.Key['event_attempt'] = nowhere();
  }),
  'a purge stops behind its first step': onMessages((body) =>
    body.includes('"step":0') ? body : jobs('purge', /pur_\w+/, 'pur_none')(body),
  ),
  'a replay has no first step': onMessages(jobs('replay', /rpl_\w+/, 'rpl_none')),
  'a ceiling is forgotten': onTable('Subscriptions', (input) => {
    delete (input['Item'] as Row | undefined)?.['rate_per_second'];
  }),
  'a pause is ignored': both(
    onTable('Subscriptions', (input) => {
      const [name] = Object.entries(input['ExpressionAttributeNames'] ?? {}).find(([, of]) => of === 'paused') ?? [];
      for (const [key, value] of Object.entries((input['ExpressionAttributeValues'] ?? {}) as Row))
        if (name !== undefined && value.BOOL) (input['ExpressionAttributeValues'] as Row)[key] = { BOOL: false };
    }),
    onTable('EndpointHealth', (input) => {
      if (isUpdate(input, 'SET circuit = :paused')) (input['Key'] as Row)['subscription'] = nowhere();
    }),
  ),
  'nobody lets go what waits for its turn': onMessages(jobs('release', /sub_\w+/, 'sub_none')),
  'what is to be told is not queued': onMessages((body) =>
    body.includes('"type":"posthorn.') ? body.replaceAll('"organization":"proof_', '"organization":"nobody_') : body,
  ),
  'exhausted deliveries are told twice': onTable('EndpointHealth', (input) => {
    const values = input['ExpressionAttributeValues'] as Row;
    if (isUpdate(input, 'untold_exhausted = ')) values[':count'] = { N: String(2 * Number(values[':count']!.N)) };
  }),
  'an hour is over before its lines are added': onTable('Statistics', (input, action) => {
    const key = input['Key'] as Row | undefined;
    if (action === 'dynamodb:UpdateItem' && key?.['organization']?.S?.startsWith('proof_'))
      key['organization'] = nowhere();
  }),
  'an hour that is added stays on the list': onTable('Statistics', (input, action) => {
    if (action === 'dynamodb:DeleteItem') (input['Key'] as Row)['organization'] = nowhere();
  }),
};
