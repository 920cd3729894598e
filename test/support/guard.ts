import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { AuditRecord } from '../../lambdas/domain/audit.ts';
import { startSqs, type AwsCall, type Fault, type SqsServer } from '../../local/sqs/server.ts';
import { toStreamRecord } from '../../local/event-sources/stream-event.ts';
import { handlersInProcess } from './handlers-in-process.ts';
import { requestsInProcess } from './post-in-process.ts';
import { startTables, type Tables } from './tables.ts';

const REGION = 'us-east-1';
/** A guard that answers its own writes would go on for ever. */
const MAX_ROUNDS = 5;

/** A row as people's tools send it: attribute values with their types. */
export type RawRow = Record<string, AttributeValue>;

/** The guard's real handler, fed from the stream of the local DynamoDB. */
export interface Guard {
  tables: Tables;
  put(row: RawRow): Promise<void>;
  row(organization: string, id: string): Promise<RawRow | undefined>;
  /**
   * Hands all changes to the guard until the stream is silent.
   * @returns how many batches that took, the one without any changes left out.
   * @throws when there still are changes after {@link MAX_ROUNDS} batches, or one failed.
   */
  settle(): Promise<number>;
  /** Changes that nobody has handled yet, as the handler gets them; they count as handled then. */
  changes(): Promise<DynamoDBStreamEvent>;
  handle(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse>;
  /** Bodies that the queue of recovery took. */
  jobs: string[];
  /** Whether that queue takes messages. @default true */
  queueWorks: boolean;
  /** The whole audit trail. */
  trail(objectId: string): Promise<AuditRecord[]>;
  close(): Promise<void>;
}

export async function startGuard(): Promise<Guard> {
  const tables = await startTables();
  const recovery = await startRecoveryQueue(({ input }) => {
    if (!guard.queueWorks) return { when: 'before', status: 400, code: 'AccessDenied' };
    const { Entries } = input as { Entries: { MessageBody: string }[] };
    guard.jobs.push(...Entries.map(({ MessageBody }) => MessageBody));
    return undefined;
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    SUBSCRIPTIONS_TABLE: tables.table('Subscriptions'),
    SIGNING_SECRETS_TABLE: tables.table('SigningSecrets'),
    ENDPOINT_HEALTH_TABLE: tables.table('EndpointHealth'),
    HELD_DELIVERIES_TABLE: tables.table('HeldDeliveries'),
    AUDIT_TRAIL_TABLE: tables.table('AuditTrail'),
    AUDIT_RETENTION_DAYS: '2192',
    REPLAYS_TABLE: tables.table('Replays'),
    PURGE_SECONDS: '300',
    AWS_ENDPOINT_URL_SQS: recovery.server.endpoint,
    RECOVERY_QUEUE_URL: recovery.url,
    ALLOW_HTTP: 'false',
  });
  handlersInProcess({ dynamoDb: tables.server, sqs: recovery.server });
  const { handler } = await import('../../lambdas/subscription-guard/handler.ts');
  const TableName = tables.table('Subscriptions');
  const streams = new DynamoDBStreamsClient({
    region: REGION,
    endpoint: tables.endpoint,
    credentials,
    ...(tables.server && { requestHandler: requestsInProcess(tables.server) }),
  });
  const stream = await openStream(tables, TableName, streams);

  const handle: Guard['handle'] = (event) => handler(event, {} as Context);
  const guard: Guard = {
    tables,
    jobs: [],
    queueWorks: true,
    put: async (Item) => void (await tables.dynamoDb.send(new PutItemCommand({ TableName, Item }))),
    row: async (organization, id) =>
      (
        await tables.dynamoDb.send(
          new GetItemCommand({ TableName, Key: { organization: { S: organization }, id: { S: id } } }),
        )
      ).Item,
    settle: async () => {
      for (let round = 0; round <= MAX_ROUNDS; round++) {
        const event = await stream();
        if (event.Records.length === 0) return round;
        const { batchItemFailures } = await handle(event);
        if (batchItemFailures.length > 0) throw new Error(`The guard failed on ${JSON.stringify(batchItemFailures)}`);
      }
      throw new Error(`Expected silence after ${MAX_ROUNDS} batches; the guard goes on and on.`);
    },
    changes: stream,
    handle,
    trail: async (objectId) => {
      const { Items = [] } = await tables.dynamoDb.send(new ScanCommand({ TableName: tables.table('AuditTrail') }));
      const records = (Items as AuditRecord[]).filter((record) => record.object_id === objectId);
      return records.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    close: async () => {
      streams.destroy();
      await recovery.server.close();
      await tables.close();
    },
  };
  return guard;
}

/** @param sent is told each batch that is sent to it, and may refuse it. */
async function startRecoveryQueue(
  sent: (call: AwsCall) => Fault | undefined,
): Promise<{ server: SqsServer; url: string }> {
  const server = await startSqs({
    file: ':memory:',
    port: 0,
    region: REGION,
    accountId: '000000000000',
    fault: (call) => (call.action === 'sqs:SendMessage' ? sent(call) : undefined),
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sqs = new SQSClient({ region: REGION, endpoint: server.endpoint, credentials });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'recovery' }));
  sqs.destroy();
  return { server, url: QueueUrl! };
}

/** @returns a function that reads what came into the stream since it was last called. */
async function openStream(
  tables: Tables,
  TableName: string,
  streams: DynamoDBStreamsClient,
): Promise<() => Promise<DynamoDBStreamEvent>> {
  const { Table } = await tables.dynamoDb.send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table!.LatestStreamArn!;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription!.Shards![0]!.ShardId!;
  const first = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  let iterator = first.ShardIterator;
  return async () => {
    const Records: unknown[] = [];
    for (;;) {
      const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
      iterator = page.NextShardIterator;
      if (!page.Records?.length) return { Records } as DynamoDBStreamEvent;
      Records.push(...page.Records.map((record) => toStreamRecord(record, StreamArn, REGION)));
    }
  };
}
