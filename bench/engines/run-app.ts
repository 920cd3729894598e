import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { realClock } from '../../local/clock.ts';
import { startEventSources } from '../../local/event-sources/start.ts';
import { readApi } from '../../local/gateway/read-api.ts';
import type { Gateway } from '../../local/gateway/server.ts';
import { Access } from '../../local/iam/access.ts';
import type { Credentials } from '../../local/iam/credentials.ts';
import { readRoles } from '../../local/iam/read-roles.ts';
import { Functions } from '../../local/lambda/functions.ts';
import type { InvocationResult } from '../../local/lambda/result.ts';
import type { StartRunner } from '../../local/lambda/runner.ts';
import { Log, type LogEntry } from '../../local/log.ts';
import type { Services } from '../../local/services.ts';
import type { SqsServer } from '../../local/sqs/server.ts';
import type { App } from '../../local/template/app.ts';

/** Functions of an app, with our pollers and gateway, on engines of others. */
export interface RunningApp {
  /** Runs a function by its short name. */
  invoke(name: string, event: unknown): Promise<InvocationResult>;
  /** Functions that have an environment that lives, by their short names, of all that there are. */
  living(): { names: string[]; all: number };
  log: Log;
  close(): Promise<void>;
}

/** What an app is run with. */
export interface RunOptions {
  /** Bound to the engines, with its queues and tables there. */
  app: App;
  /** Listens; it is opened. */
  gateway: Gateway;
  operator: Credentials;
  /** For positions in streams. */
  folder: string;
  /** Of the pollers. */
  sqs: SQSClient;
  endpoints: Services['endpoints'];
  /** Where calls to every other AWS service end. */
  otherServices: string;
  /** What functions are run in. @default as in `npm start` */
  start?: StartRunner | undefined;
  /** Called with each line of a function. @default nobody */
  onLog?: (entry: LogEntry) => void;
}

/** Opens the gateway, and begins to poll. */
export function runApp(options: RunOptions): RunningApp {
  const { app, gateway, operator, folder, sqs, endpoints, otherServices, start, onLog } = options;
  const log = new Log(onLog);
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
    otherServices,
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    start,
    log,
  });
  const invoke = (name: string, payload: string): Promise<InvocationResult> => functions.find(name).invoke(payload);
  gateway.open({ api: readApi(app)!, accountId: app.account, invoke });
  const services = {
    sqs: sqsOver(sqs, endpoints.SQS),
    dynamoDb: { endpoint: endpoints.DYNAMODB },
  } as Services;
  const sources = startEventSources({ app, functions, services, folder, clock: realClock, log });
  return {
    invoke: (name, event) => invoke(name, JSON.stringify(event)),
    living: () => {
      const pids = Object.entries(functions.pids());
      return { names: pids.filter(([, some]) => some.length > 0).map(([name]) => name), all: pids.length };
    },
    log,
    close: async () => {
      await sources.close();
      await functions.close();
    },
  };
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
