import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { realClock } from '../../local/clock.ts';
import { startEventSources } from '../../local/event-sources/start.ts';
import { readApi } from '../../local/gateway/read-api.ts';
import { Gateway } from '../../local/gateway/server.ts';
import { Access } from '../../local/iam/access.ts';
import { operatorOf } from '../../local/iam/operator.ts';
import { readRoles } from '../../local/iam/read-roles.ts';
import { Functions } from '../../local/lambda/functions.ts';
import type { InvocationResult } from '../../local/lambda/result.ts';
import { Log } from '../../local/log.ts';
import { startNotices, type NoticeServer } from '../../local/notices/server.ts';
import type { Outputs } from '../../local/outputs-file.ts';
import { provisionQueues } from '../../local/provision/queues.ts';
import { provisionTables } from '../../local/provision/tables.ts';
import type { Services } from '../../local/services.ts';
import type { SqsServer } from '../../local/sqs/server.ts';
import { bindApp, type App } from '../../local/template/app.ts';
import type { Assembly } from '../../local/template/assembly.ts';
import { synthesizeProject } from '../../local/template/project.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { inAwsRuntime } from './aws-runtime.ts';
import { makeKeys } from '../../local/prepare.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** What the pipeline runs on, in place of what we wrote ourselves. */
export interface Engines {
  sqs: string;
  dynamoDb: string;
  /** Folder of AWS's runtime interface client. @default functions run as in `npm start` */
  runtime?: string | undefined;
}

/** A whole Posthorn on engines of others: their queues, tables and runtime; our pollers, gateway and functions. */
export interface Pipeline {
  outputs: Outputs;
  /** Runs a function by its short name. */
  invoke(name: string, event: unknown): Promise<InvocationResult>;
  /** Functions that have an environment that lives, by their short names, of all that there are. */
  living(): { names: string[]; all: number };
  log: Log;
  close(): Promise<void>;
}

/** @param folder an empty one. @param settings as `POSTHORN_…` variables. */
export async function startPipeline(
  engines: Engines,
  folder: string,
  settings: Record<string, string>,
): Promise<Pipeline> {
  const assembly = await synthesizeProject(join(folder, 'cdk.out'), {
    project: PROJECT,
    env: { ...process.env, ...settings },
  });
  const gateway = await Gateway.listen(0);
  const operator = operatorOf(folder);
  const { app, sqs, dynamoDb } = await provisioned(engines, assembly, gateway.url, operator);
  const notices = await startNotices({
    file: join(folder, 'notices.jsonl'),
    account: app.account,
    region: app.region,
    topics: () => new Set(app.ofType('AWS::SNS::Topic').map((topic) => topic.identity.arn)),
    authorize: () => ({ allowed: true }),
    now: Date.now,
  });
  const log = new Log();
  const endpoints = endpointsOf(engines, notices);
  const access = new Access({
    account: app.account,
    operator,
    queuePolicies: new Map(),
    partitionKeyOf: () => undefined,
  });
  const functions = new Functions({
    app,
    access,
    roles: readRoles(app),
    endpoints,
    otherServices: notices.endpoint,
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    start: engines.runtime === undefined ? undefined : inAwsRuntime(engines.runtime),
    log,
  });
  const invoke = (name: string, payload: string): Promise<InvocationResult> => functions.find(name).invoke(payload);
  gateway.open({ api: readApi(app)!, accountId: app.account, invoke });
  const services = { sqs: sqsOver(sqs, engines.sqs), dynamoDb: { endpoint: engines.dynamoDb } } as Services;
  const stop = startEventSources({ app, functions, services, folder, clock: realClock, log });
  const outputs = app.outputs();
  const keys = await makeKeys(dynamoDb, outputs);
  return {
    outputs: {
      ...outputs,
      local: {
        ApiEndpoint: gateway.url,
        SqsEndpoint: engines.sqs,
        DynamoDbEndpoint: engines.dynamoDb,
        NoticesEndpoint: notices.endpoint,
        AccessKeyId: operator.accessKeyId,
        SecretAccessKey: operator.secretAccessKey,
        Region: app.region,
        ...keys,
      },
    },
    invoke: (name, event) => invoke(name, JSON.stringify(event)),
    living: () => {
      const pids = Object.entries(functions.pids());
      return { names: pids.filter(([, some]) => some.length > 0).map(([name]) => name), all: pids.length };
    },
    log,
    close: async () => {
      await stop();
      await functions.close();
      await gateway.close();
      await notices.close();
      sqs.destroy();
      dynamoDb.destroy();
    },
  };
}

/** Binds the template to the engines and makes its queues and tables there. */
async function provisioned(
  engines: Engines,
  assembly: Assembly,
  apiUrl: string,
  { accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string },
): Promise<{ app: App; sqs: SQSClient; dynamoDb: DynamoDBClient }> {
  const { account, region } = assembly;
  const common = { region, credentials: { accessKeyId, secretAccessKey } };
  const sqs = new SQSClient({ ...common, endpoint: engines.sqs });
  const dynamoDb = new DynamoDBClient({ ...common, endpoint: engines.dynamoDb });
  const streams = new Map<string, string>();
  const places = {
    account,
    region,
    sqsEndpoint: () => engines.sqs,
    apiEndpoint: () => apiUrl,
    streamArn: (table: string) => streams.get(table) ?? '',
  };
  const app = bindApp(assembly, places, UNDERSTOOD_TYPES);
  await createTied(app, sqs);
  await provisionQueues(app, sqs);
  for (const [table, arn] of await provisionTables(app, dynamoDb)) streams.set(table, arn);
  return { app, sqs, dynamoDb };
}

/**
 * ElasticMQ redrives from a dead letter queue only if its sources named it when they were created; SQS, if they name it now. So
 * dead letter queues first, and each source with its redrive policy.
 */
async function createTied(app: App, sqs: SQSClient): Promise<void> {
  const queues = app.ofType('AWS::SQS::Queue').map((queue) => ({
    QueueName: queue.identity.name,
    policy: queue.properties(z.looseObject({ RedrivePolicy: z.looseObject({}).optional() })).RedrivePolicy,
  }));
  for (const { QueueName, policy } of queues.toSorted((a, b) => Number(!!a.policy) - Number(!!b.policy))) {
    const Attributes = policy ? { RedrivePolicy: JSON.stringify(policy) } : {};
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  }
}

function endpointsOf({ sqs, dynamoDb }: Engines, { endpoint }: NoticeServer): Services['endpoints'] {
  return { SQS: sqs, DYNAMODB: dynamoDb, DYNAMODB_STREAMS: dynamoDb, SNS: endpoint, EVENTBRIDGE: endpoint };
}

/** The poller's two calls, over the network. */
function sqsOver(client: SQSClient, endpoint: string): Pick<SqsServer, 'call' | 'endpoint'> {
  return {
    endpoint,
    call: async ({ operation, input }, abortSignal) => {
      const command =
        operation === 'ReceiveMessage'
          ? new ReceiveMessageCommand(input as never)
          : new DeleteMessageBatchCommand(input as never);
      const { $metadata: _, ...answer } = await client.send(command as ReceiveMessageCommand, { abortSignal });
      return answer;
    },
  };
}
