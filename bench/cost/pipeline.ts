import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { hourOf } from '../../lambdas/domain/counts/hours.ts';
import { addHours } from '../../lambdas/statistics/add-hours.ts';
import { createCountedLineStore } from '../../lambdas/stores/dynamodb/counted-lines.ts';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import { graveyardOf } from '../../lambdas/stores/purges.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { toItems } from '../../lambdas/stores/dynamodb/event-item.ts';
import { formatSecret } from '../../lambdas/domain/secrets/signature.ts';
import { likeAwsOf } from '../../local/arguments.ts';
import { realClock } from '../../local/clock.ts';
import { sdkCredentials } from '../../local/iam/credentials.ts';
import { QueueCalls } from '../../local/event-sources/queue-calls.ts';
import { toStreamRecord, type StreamRecord } from '../../local/event-sources/stream-event.ts';
import { toSqsRecord } from '../../local/event-sources/sqs-event.ts';
import { Functions } from '../../local/lambda/functions.ts';
import { Log } from '../../local/log.ts';
import { startServices, type Services } from '../../local/services.ts';
import { synthesizeProject } from '../../local/template/project.ts';
import { makeApiKey } from '../../scripts/make-api-key.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** What was used since the last {@link Pipeline.take}. */
export interface Usage {
  /** By operation, as SQS bills them; Lambda's own polling included. */
  sqs: Record<string, number>;
  /** By operation: for information, DynamoDB bills units. */
  dynamoDb: Record<string, number>;
  readUnits: number;
  writeUnits: number;
  /** Invocations by function. */
  invocations: Record<string, number>;
  /** Bytes of log lines by function. */
  logBytes: Record<string, number>;
}

/** The queues of the pipeline. */
type QueueName = 'Events' | 'Deliveries' | 'SlowDeliveries' | 'Recovery';

/** How messages are shown to a function. */
export interface As {
  /** As if they were received for the n-th time; what fails then is deleted, as the redrive policy moves it away. */
  receive: number;
}

/** The synthesized app on the local emulators, with the bench in the place of API Gateway and of Lambda's pollers. */
export interface Pipeline {
  /** Makes an organization with so many subscriptions, one endpoint each. */
  subscribe(organization: string, count: number): Promise<void>;
  /** Posts an event through ingest. */
  publish(body: string): Promise<void>;
  /** Runs statistics on what was added to the log, at most `batch` lines at a time. @returns how many there were. */
  count(batch: number): Promise<number>;
  /** Write units of recording an event, by what they are for: the table itself, and each of its indexes. */
  unitsOf(event: PosthornEvent): Promise<Record<string, number>>;
  /** Adds what was counted to the rows, as when its hour is over. */
  addHours(): Promise<void>;
  /** Runs a function on what its queue holds, at most `batch` messages at a time. @returns how many there were. */
  drain(
    queue: QueueName,
    functionName: 'fan-out' | 'sender' | 'recovery-function',
    batch: number,
    as?: As,
  ): Promise<number>;
  /** Runs recovery's look at every endpoint in trouble. */
  lookAfter(): Promise<void>;
  /** How endpoints answer from now on. @default 200 */
  answer(status: number): void;
  take(): Usage;
  close(): Promise<void>;
}

/** Starts it; @param settings as variables of the environment. Functions run as their bundled assets, with their own permissions. */
export async function startPipeline(settings: Record<string, string> = {}): Promise<Pipeline> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-cost-'));
  const env = { ...process.env, ...settings };
  const likeAws = likeAwsOf(process.env);
  const assembly = await synthesizeProject(join(folder, 'cdk.out'), { project: PROJECT, env });
  const services = await startServices({
    folder,
    assembly,
    clock: realClock,
    apiUrl: 'http://127.0.0.1:1',
    faults: {},
    likeAws,
  });
  const logBytes: Record<string, number> = {};
  const log = new Log(({ source, line }) => (logBytes[source] = (logBytes[source] ?? 0) + Buffer.byteLength(line) + 1));
  const functions = new Functions({
    app: services.app,
    access: services.access,
    roles: services.roles,
    endpoints: services.endpoints,
    otherServices: services.notices.endpoint,
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    likeAws,
    log,
  });
  let status = 200;
  const receiver = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(status).end('{"status":"ok"}')),
  );
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const access = { region: services.app.region, credentials: sdkCredentials(services.operator) };
  const dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient({ ...access, endpoint: services.dynamoDb.endpoint }));
  const outputs = Object.assign({}, ...Object.values(services.app.outputs())) as Record<string, string>;
  const table = (name: string): string => outputs[`${name}TableName`]!;
  const invocations: Record<string, number> = {};
  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    invocations[name] = (invocations[name] ?? 0) + 1;
    const result = await functions.find(name).invoke(JSON.stringify(event));
    if (!result.ok) throw new Error(`${name} failed: ${result.error.errorMessage}`);
    return JSON.parse(result.payload) as unknown;
  };
  const { key } = await makeApiKey(dynamoDb, table('ApiKeys'), { scopes: ['events:write'], description: 'bench' });
  const client = new DynamoDBClient({ ...access, endpoint: services.dynamoDb.endpoint });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table('Attempts') }));
  client.destroy();
  const lines = await openStream(
    new DynamoDBStreamsClient({ ...access, endpoint: services.dynamoDb.endpoint }),
    Table!.LatestStreamArn!,
    services.app.region,
  );
  const sqs = new SQSClient({ ...access, endpoint: services.sqs.endpoint });
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  sqs.destroy();
  /** Only two of them are outputs of the stack; the others are told by their names. */
  const urlOf = (queue: QueueName): string => {
    const url =
      outputs[`${queue}QueueUrl`] ?? QueueUrls.find((one) => one.includes(queue) && !one.includes('DeadLetter'));
    if (url === undefined) throw new Error(`Expected a queue named ${queue}, got ${QueueUrls.join(', ')}`);
    return url;
  };
  const onList: Record<string, unknown> = {};
  let before = snapshot(services);

  return {
    async subscribe(organization, count) {
      for (let n = 0; n < count; n++) {
        const id = `sub_${organization}_${n}`;
        const Item = { organization, id, url: `http://127.0.0.1:${port}/${n}`, created_at: '2026-11-21T09:15:00.123Z' };
        await dynamoDb.send(new PutCommand({ TableName: table('Subscriptions'), Item }));
        const secrets = [{ key: formatSecret(new Uint8Array(32)), created_ms: 1 }];
        await dynamoDb.send(
          new PutCommand({ TableName: table('SigningSecrets'), Item: { subscription: id, organization, secrets } }),
        );
      }
    },
    async publish(body) {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const routeKey = 'POST /v1/events';
      const answer = (await invoke('ingest', {
        routeKey,
        headers,
        requestContext: { requestId: 'JKJaXmPLvHcESHA=' },
        body,
      })) as { statusCode: number; body: string };
      if (answer.statusCode !== 202) throw new Error(`Expected 202, got ${answer.statusCode} ${answer.body}`);
    },
    async drain(queue, functionName, batch, as) {
      const QueueUrl = urlOf(queue);
      const arn = `arn:aws:sqs:${services.app.region}:${services.app.account}:${QueueUrl.split('/').at(-1)}`;
      const calls = new QueueCalls(services.sqs, services.operator.accessKeyId, QueueUrl);
      const { signal } = new AbortController();
      let done = 0;
      for (;;) {
        // As Lambda's pollers do: a receive that does not wait asks some of SQS's servers alone, and finds a queue empty that is not.
        const messages = await calls.receive(batch, 1, signal);
        if (messages.length === 0) return done;
        const Records = messages.map((message) => toSqsRecord(message, arn, services.app.region));
        if (as) for (const { attributes } of Records) attributes.ApproximateReceiveCount = String(as.receive);
        const { batchItemFailures } = (await invoke(functionName, { Records })) as { batchItemFailures: unknown[] };
        if (batchItemFailures.length > 0 && !as)
          throw new Error(`${functionName}: ${batchItemFailures.length} messages failed`);
        await calls.delete(Records.map(({ receiptHandle }) => receiptHandle));
        done += Records.length;
      }
    },
    async count(batch) {
      const added = await lines.read();
      for (let i = 0; i < added.length; i += batch) {
        await invoke('statistics', { Records: added.slice(i, i + batch), shardId: lines.shard, state: {} });
      }
      return added.length;
    },
    async unitsOf(event) {
      const { main: Item } = toItems(event, [], { expiresAt: event.enqueued_ms / 1000, run: '' });
      const put = new PutCommand({ TableName: table('Events'), Item, ReturnConsumedCapacity: 'INDEXES' });
      const { ConsumedCapacity: used } = await dynamoDb.send(put);
      const indexes = Object.entries(used?.GlobalSecondaryIndexes ?? {});
      const entries = indexes.map(([name, { CapacityUnits }]) => [name, CapacityUnits ?? 0] as const);
      return { table: used?.Table?.CapacityUnits ?? 0, ...Object.fromEntries(entries) };
    },
    async addHours() {
      const now = (): number => Date.now() + 2 * 3_600_000;
      // The function puts an hour on the list once; here each comes to its end several times.
      const Key = { organization: '#lines', scope_hour: hourOf(Date.now()) };
      const { Item } = await dynamoDb.send(new GetCommand({ TableName: table('Statistics'), Key }));
      Object.assign(onList, Item);
      await dynamoDb.send(new PutCommand({ TableName: table('Statistics'), Item: { ...onList, ...Key } }));
      const lines = createCountedLineStore(dynamoDb, table('Statistics'), now);
      const none = { load: () => Promise.resolve(graveyardOf([])), isUnsure: () => false };
      await addHours({
        statistics: createStatisticsStore(dynamoDb, table('Statistics'), lines),
        lines,
        graves: none,
        metrics: { count: () => undefined },
        logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
        errorFields: () => ({}),
        now,
      });
    },
    lookAfter: async () => void (await invoke('recovery-function', { task: 'look-after' })),
    answer: (next) => void (status = next),
    take() {
      const after = snapshot(services);
      const usage = { ...difference(before, after), invocations: { ...invocations }, logBytes: { ...logBytes } };
      before = after;
      for (const counts of [invocations, logBytes]) for (const name of Object.keys(counts)) delete counts[name];
      return usage;
    },
    async close() {
      await functions.close();
      receiver.close();
      receiver.closeAllConnections();
      await services.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A stream as Lambda's poller reads it, at no charge: https://aws.amazon.com/dynamodb/pricing/on-demand/ */
async function openStream(
  streams: DynamoDBStreamsClient,
  StreamArn: string,
  region: string,
): Promise<{ shard: string; read(): Promise<StreamRecord[]> }> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription!.Shards![0]!.ShardId!;
  const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let iterator = (await streams.send(new GetShardIteratorCommand(start))).ShardIterator!;
  return {
    shard: ShardId,
    async read() {
      const found: StreamRecord[] = [];
      for (;;) {
        const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
        iterator = page.NextShardIterator!;
        if (!page.Records?.length) return found.filter(({ eventName }) => eventName === 'INSERT');
        found.push(...page.Records.map((record) => toStreamRecord(record, StreamArn, region)));
      }
    },
  };
}

type Snapshot = Pick<Usage, 'sqs' | 'dynamoDb' | 'readUnits' | 'writeUnits'>;

function snapshot({ sqs, dynamoDb }: Services): Snapshot {
  const units = [...dynamoDb.capacity.values()];
  return {
    sqs: Object.fromEntries(sqs.calls),
    dynamoDb: Object.fromEntries(dynamoDb.calls),
    readUnits: units.reduce((sum, { read }) => sum + read, 0),
    writeUnits: units.reduce((sum, { write }) => sum + write, 0),
  };
}

function difference(before: Snapshot, after: Snapshot): Snapshot {
  const minus = (a: Record<string, number>, b: Record<string, number>): Record<string, number> => {
    const changes: [string, number][] = Object.entries(a).map(([name, n]) => [name, n - (b[name] ?? 0)]);
    return Object.fromEntries(changes.filter(([, n]) => n !== 0));
  };
  return {
    sqs: minus(after.sqs, before.sqs),
    dynamoDb: minus(after.dynamoDb, before.dynamoDb),
    readUnits: after.readUnits - before.readUnits,
    writeUnits: after.writeUnits - before.writeUnits,
  };
}
