import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { Gateway } from '../../local/gateway/server.ts';
import { operatorOf } from '../../local/iam/operator.ts';
import { startNotices, type NoticeServer } from '../../local/notices/server.ts';
import type { Outputs } from '../../local/outputs-file.ts';
import { makeKeys } from '../../local/prepare.ts';
import { provisionQueues } from '../../local/provision/queues.ts';
import { provisionTables } from '../../local/provision/tables.ts';
import type { Services } from '../../local/services.ts';
import { bindApp, type App } from '../../local/template/app.ts';
import type { Assembly } from '../../local/template/assembly.ts';
import { synthesizeProject } from '../../local/template/project.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { inAwsRuntime } from './aws-runtime.ts';
import { runApp, type RunningApp } from './run-app.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** What the pipeline runs on, in place of what we wrote ourselves. */
export interface Engines {
  sqs: string;
  dynamoDb: string;
  /** Folder of AWS's runtime interface client. @default functions run as in `npm start` */
  runtime?: string | undefined;
}

/** A whole Posthorn on engines of others: their queues, tables and runtime; our pollers, gateway and functions. */
export interface Pipeline extends RunningApp {
  outputs: Outputs;
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
  const running = runApp({
    app,
    gateway,
    operator,
    folder,
    sqs,
    endpoints: endpointsOf(engines, notices),
    otherServices: notices.endpoint,
    start: engines.runtime === undefined ? undefined : inAwsRuntime(engines.runtime),
  });
  const outputs = app.outputs();
  const keys = await makeKeys(dynamoDb, outputs);
  return {
    ...running,
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
    close: async () => {
      await running.close();
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
