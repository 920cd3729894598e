import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { tableDefinitions } from '../../lib/tables.ts';
import type { StackAccess } from '../stack.ts';
import { cannotBeAsked, finding, look, type Finding } from './findings.ts';

const QUEUES = ['Events', 'Deliveries', 'Recovery'].flatMap((name) => [`${name}QueueUrl`, `${name}DeadLetterQueueUrl`]);
/** The one table that is never under AWS's own key. */
const UNDER_OWN_KEY = 'SigningSecrets';

/** Tables and queues as AWS says that they are. @param isLocal they have no keys on one machine. */
export async function settings(stack: StackAccess, isLocal: boolean): Promise<Finding[]> {
  const tables = tableDefinitions().flatMap(([, table]) => (table.output === false ? [] : [table.id]));
  const found: Finding[] = [];
  for (const id of tables) {
    const what = `table ${id}`;
    found.push(...(await look(what, 'described', () => tableSettings(stack, { id, what, isLocal }))));
  }
  for (const output of QUEUES) {
    const what = `queue ${output.replace(/QueueUrl$/, '')}`;
    found.push(...(await look(what, 'described', () => queueSettings(stack, { output, what, isLocal }))));
  }
  if (isLocal) found.push(cannotBeAsked('keys, point-in-time recovery', 'as deployed', 'one machine has none of them'));
  return found;
}

async function tableSettings(
  { dynamoDb, output }: StackAccess,
  { id, what, isLocal }: { id: string; what: string; isLocal: boolean },
): Promise<Finding[]> {
  const TableName = output(`${id}TableName`);
  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
  if (isLocal) return [finding(what, 'there', Table?.TableStatus ?? 'not there', Table?.TableStatus === 'ACTIVE')];
  const { ContinuousBackupsDescription } = await dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName }));
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const status = recovery?.PointInTimeRecoveryStatus ?? 'none';
  const since = recovery?.EarliestRestorableDateTime?.toISOString();
  const isProtected = Table?.DeletionProtectionEnabled === true;
  const kept = `recovery ${status}${since ? ` since ${since}` : ''}, ${isProtected ? '' : 'not '}protected`;
  return [
    finding(what, 'point-in-time recovery, protected', kept, status === 'ENABLED' && isProtected),
    tableKey(`${what}, key`, id, Table?.SSEDescription?.KMSMasterKeyArn),
  ];
}

function tableKey(what: string, id: string, key: string | undefined): Finding {
  const expected = id === UNDER_OWN_KEY ? 'a key of this Posthorn' : 'a key in KMS, or AWS’s own (aws-owned)';
  return finding(what, expected, key ?? 'AWS’s own', id !== UNDER_OWN_KEY || key !== undefined);
}

async function queueSettings(
  { sqs, output: nameOf }: StackAccess,
  { output, what, isLocal }: { output: string; what: string; isLocal: boolean },
): Promise<Finding[]> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: nameOf(output), AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages: count, KmsMasterKeyId, SqsManagedSseEnabled } = Attributes;
  const isDeadLetters = output.includes('DeadLetter');
  const isTied = isDeadLetters || Attributes.RedrivePolicy !== undefined;
  const expected = isDeadLetters ? 'reachable' : 'reachable, with dead letters';
  const found = finding(what, expected, `${count} messages${isTied ? '' : ', no dead letters'}`, isTied);
  const key = KmsMasterKeyId ?? (SqsManagedSseEnabled === 'true' ? 'SQS’s own' : 'none');
  if (isLocal) return [found];
  return [found, finding(`${what}, key`, 'encrypted', key, key !== 'none')];
}
