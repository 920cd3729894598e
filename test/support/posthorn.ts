import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { likeAwsOf } from '../../local/arguments.ts';
import { localOutputs, type Outputs } from '../../local/outputs-file.ts';
import { startPlatform, type Platform, type PlatformOptions } from '../../local/platform.ts';
import { prepare } from '../../local/prepare.ts';

const PROJECT = join(import.meta.dirname, '../..');

/**
 * Settings under which a test sees in seconds what takes minutes; and under which lists of everybody's walk a week and two months: with the
 * defaults, 30 days and six years, each asks for 310 empty parts of an index or 216 of the audit trail, 0.1 s of a processor, whoever
 * opens a page of the console.
 */
export const FAST_SETTINGS = {
  POSTHORN_RETRY_DELAYS: '1,1,1',
  POSTHORN_STATISTICS_SECONDS: '1',
  POSTHORN_EVENT_RETENTION_DAYS: '7',
  POSTHORN_AUDIT_RETENTION_DAYS: '31',
};

/**
 * Settings under which retries do not wait, either, a purge looks for stragglers soon, and clinic-v1 has an end. One set for all files
 * that need one of these: each set more is a synthesis more, 1.6 s of a processor.
 */
export const AT_ONCE_SETTINGS = {
  ...FAST_SETTINGS,
  POSTHORN_RETRY_DELAYS: '0,0,0',
  POSTHORN_PURGE_SECONDS: '3',
  POSTHORN_CLINIC_V1_SUNSET: '2027-06-30',
};

export interface JsonAnswer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

/** A running Posthorn as its users see it, from its outputs alone. */
export interface Posthorn {
  outputs: Outputs;
  apiUrl: string;
  /** An output of the stack. */
  output(name: string): string;
  /** A request with the administrator's key, or another one. */
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown, key?: string): Promise<JsonAnswer<T>>;
  /** Posts one event with the producer's key. */
  publish(event: Record<string, unknown>, headers?: Record<string, string>): Promise<JsonAnswer<{ id: string }>>;
  subscribe(subscription: Record<string, unknown>): Promise<{ id: string; secret: string }>;
  /** A new API key with these rights. */
  apiKey(rights: { scopes: string[]; organization?: string; read_only?: true }): Promise<string>;
  /** The log of one subscription, newest first. */
  attempts(subscription: string): Promise<LoggedAttempt[]>;
  /** How many messages a queue holds: visible, in flight and delayed. */
  depth(queueOutput: string): Promise<number>;
  /** Bodies of the visible messages of a queue, which become visible again at once. */
  peek(queueOutput: string): Promise<Record<string, unknown>[]>;
  dynamoDb: DynamoDBDocumentClient;
  sqs: SQSClient;
}

export interface LoggedAttempt {
  id: string;
  event_id: string;
  attempt: number;
  outcome: string;
  status?: number;
  reason?: string;
  attempted_at: string;
}

/** Connects to a running platform by its outputs. */
export function connect(outputs: Outputs): Posthorn {
  const { local, ...stacks } = outputs;
  const all = Object.assign({}, ...Object.values(stacks)) as Record<string, string>;
  const output = (name: string): string => {
    if (all[name] === undefined) throw new Error(`Expected an output ${name}, got ${Object.keys(all).join(', ')}`);
    return all[name];
  };
  const aws = {
    region: local!.Region!,
    credentials: { accessKeyId: local!.AccessKeyId!, secretAccessKey: local!.SecretAccessKey! },
  };
  const sqs = new SQSClient({ ...aws, endpoint: local!.SqsEndpoint! });
  const call: Posthorn['call'] = async (method, path, body, key = local!.AdminApiKey!) => {
    const response = await fetch(`${output('ApiUrl')}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as never };
  };
  return {
    outputs,
    apiUrl: output('ApiUrl'),
    output,
    call,
    publish: async (event, headers = {}) => {
      const response = await fetch(`${output('ApiUrl')}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${local!.ProducerApiKey!}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(event),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as { id: string } };
    },
    subscribe: async (subscription) => {
      const { status, body } = await call<{ id: string }>('POST', '/v1/subscriptions', subscription);
      if (status !== 201) throw new Error(`Expected 201, got ${status} ${JSON.stringify(body)}`);
      const secret = await call<{ secret: string }>('GET', `/v1/subscriptions/${body.id}/secret`);
      return { id: body.id, secret: secret.body.secret };
    },
    apiKey: async (rights) => {
      const { status, body } = await call<{ key: string }>('POST', '/v1/api-keys', rights);
      if (status !== 201) throw new Error(`Expected 201, got ${status} ${JSON.stringify(body)}`);
      return body.key;
    },
    attempts: async (subscription) =>
      (await call<{ data: LoggedAttempt[] }>('GET', `/v1/attempts?subscription=${subscription}&limit=100`)).body.data,
    depth: async (queueOutput) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: output(queueOutput), AttributeNames: ['All'] }),
      );
      const { ApproximateNumberOfMessages, ...others } = Attributes;
      const { ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed } = others;
      return (
        Number(ApproximateNumberOfMessages) +
        Number(ApproximateNumberOfMessagesNotVisible) +
        Number(ApproximateNumberOfMessagesDelayed)
      );
    },
    peek: async (queueOutput) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: output(queueOutput), MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
      );
      return Messages.map((message) => JSON.parse(message.Body!) as Record<string, unknown>);
    },
    dynamoDb: DynamoDBDocumentClient.from(new DynamoDBClient({ ...aws, endpoint: local!.DynamoDbEndpoint! })),
    sqs,
  };
}

/** A platform of a test's own, in a folder of its own. */
export interface OwnPosthorn extends Posthorn {
  platform: Platform;
  close(): Promise<void>;
}

/**
 * Starts the real app for one test file: for tests that kill, restart, or move the clock. Where `POSTHORN_TEST_OUTPUTS` names the
 * outputs of a Posthorn that runs already, on engines of others, it is that one.
 */
export async function startPosthorn(
  options: Partial<PlatformOptions> & { settings?: Record<string, string> } = {},
): Promise<OwnPosthorn> {
  const elsewhere = process.env['POSTHORN_TEST_OUTPUTS'];
  if (elsewhere !== undefined) return alreadyRunning(JSON.parse(readFileSync(elsewhere, 'utf8')) as Outputs);
  const { settings = FAST_SETTINGS, ...rest } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'posthorn-e2e-'));
  const env = { ...process.env, ...settings };
  const platform = await startPlatform({
    project: PROJECT,
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    likeAws: likeAwsOf(process.env),
    ...rest,
    folder,
    env,
  });
  const outputs = localOutputs(platform, await prepare(platform, folder));
  return {
    ...connect(outputs),
    platform,
    close: async () => {
      await platform.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function alreadyRunning(outputs: Outputs): OwnPosthorn {
  return {
    ...connect(outputs),
    get platform(): Platform {
      throw new Error('This test reaches into the local platform: it cannot run on other engines.');
    },
    close: async () => undefined,
  };
}
