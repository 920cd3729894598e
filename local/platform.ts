import { join } from 'node:path';
import { realClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { DynamoDbServer } from './dynamodb/server.ts';
import type { BatchWatch } from './event-sources/sqs-poller.ts';
import { startEventSources } from './event-sources/start.ts';
import type { EventSources } from './event-sources/start.ts';
import { readApi } from './gateway/read-api.ts';
import type { Credentials } from './iam/credentials.ts';
import { keepCompiled } from './lambda/compiled.ts';
import { Functions } from './lambda/functions.ts';
import type { Inspector } from './lambda/inspect.ts';
import type { InvocationResult } from './lambda/result.ts';
import type { LikeAws } from './like-aws/numbers.ts';
import { Log } from './log.ts';
import type { LogEntry } from './log.ts';
import { lockFolder } from './lock.ts';
import type { Notice } from './notices/server.ts';
import { listenForApi } from './port.ts';
import { startServices } from './services.ts';
import type { Faults } from './services.ts';
import type { SqsServer } from './sqs/server.ts';
import type { Resource } from './template/app.ts';
import { synthesizeProject, type ProjectOptions } from './template/project.ts';

/** How to run a CDK app on one machine. */
export interface PlatformOptions extends ProjectOptions {
  /** Data folder: queues, tables, the synthesized app, notices. Survives restarts. */
  folder: string;
  /** Port of the HTTP API; 0 takes a free one. @default 0 */
  apiPort?: number;
  /** Time of queues, tables and schedules. Function timeouts and batching windows are real time. @default realClock */
  clock?: Clock;
  /** Variables that every function gets beyond those of the template. @default none */
  localVariables?: Record<string, string>;
  /** Functions that are debugged, by any of their names: each runs in one process, without timeouts. @default none */
  inspectors?: ReadonlyMap<string, Inspector>;
  /** All functions run as threads of one process, in a third of the memory; what kills it kills all. @default false */
  isShared?: boolean;
  /** `false`: no queue, stream, schedule or request feeds the functions, they run by `invoke` alone. @default true */
  feeds?: boolean;
  /** Called with each log line. @default nobody */
  onLog?: (entry: LogEntry) => void;
  /** Lets proofs make SDK calls fail. @default none fails */
  faults?: Faults;
  /** Gives the engines the limits of AWS that they lack. @default none */
  likeAws?: LikeAws | undefined;
  /** Tells proofs what becomes of batches of queues. @default nobody */
  watch?: BatchWatch;
}

/** A CDK app that runs on this machine. */
export interface Platform {
  /** Outputs by stack name, as `cdk deploy --outputs-file` writes them. */
  outputs: Record<string, Record<string, string>>;
  /** What settings ask for but one machine does not have, in words. */
  leftOut: string[];
  /** Base URL of the HTTP API, without a slash at the end. */
  apiUrl: string;
  region: string;
  sqs: SqsServer;
  dynamoDb: DynamoDbServer;
  /** Where SNS and EventBridge are called. */
  noticesEndpoint: string;
  /** Credentials that may do everything. */
  operator: Credentials;
  /** A resource by logical id, physical name or the end of its construct path. @throws when none or several fit. */
  resource(name: string): Resource;
  /** Runs a function, found like a resource or by its short name. */
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
  /** Process ids of the living environments, by short name of their function. */
  environments(): Record<string, number[]>;
  /** Invocations under way in all functions, or in one: 0 when nothing is being worked on. */
  running(functionName?: string): number;
  /** Whether messages of queues are on their way to a function, or being worked on. */
  holdsMessages(): boolean;
  logs: LogEntry[];
  notices: Notice[];
  /** Ends all processes and servers; running invocations get a moment to finish. */
  close(): Promise<void>;
}

/** Synthesizes a CDK app and runs what its template says. @throws with what to do when it cannot. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    // Last opened, first closed; what fails to close must not keep the rest open.
    for (const step of closers.splice(0).toReversed())
      await Promise.resolve(step()).catch((error: unknown) => console.error(error));
  };
  try {
    return { ...(await start(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: PlatformOptions, closers: (() => unknown)[]): Promise<Omit<Platform, 'close'>> {
  const { folder, clock = realClock, localVariables = {}, likeAws } = options;
  closers.push(lockFolder(folder));
  const gateway = await listenForApi(options.apiPort ?? 0);
  closers.push(() => gateway.close());
  const log = new Log(options.onLog);
  const outdir = join(folder, 'cdk.out');
  const assembly = await synthesizeProject(outdir, options);
  // On AWS each environment compiles its bundle.
  if (!likeAws) keepCompiled(outdir, options.project ?? process.cwd());
  const services = await startServices({
    folder,
    assembly,
    clock,
    apiUrl: gateway.url,
    faults: options.faults ?? {},
    likeAws,
  });
  closers.push(() => services.close());
  const { app, access, roles } = services;

  const functions = new Functions({
    app,
    access,
    roles,
    endpoints: services.endpoints,
    otherServices: services.notices.endpoint,
    localVariables,
    inspectors: options.inspectors,
    isShared: options.isShared,
    likeAws,
    log,
  });
  closers.push(() => functions.close());
  let sources: EventSources | undefined;
  if (options.feeds ?? true) {
    for (const name of options.inspectors?.keys() ?? []) functions.find(name).warm();
    const api = readApi(app);
    const invoke = (arn: string, payload: string): Promise<InvocationResult> => functions.find(arn).invoke(payload);
    if (api) gateway.open({ api, accountId: app.account, invoke });
    sources = startEventSources({ app, functions, services, folder, clock, log, watch: options.watch });
    closers.push(sources.close);
  }

  return {
    outputs: app.outputs(),
    leftOut: app.leftOut(),
    apiUrl: gateway.url,
    region: app.region,
    sqs: services.sqs,
    dynamoDb: services.dynamoDb,
    noticesEndpoint: services.notices.endpoint,
    operator: services.operator,
    resource: (name) => app.find(name),
    invoke: (name, event) => functions.find(name).invoke(JSON.stringify(event)),
    environments: () => functions.pids(),
    running: (name) => functions.running(name),
    holdsMessages: () => sources?.holdMessages() ?? false,
    logs: log.entries,
    notices: services.notices.notices,
  };
}
