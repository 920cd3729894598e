import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { sdkCredentials } from '../iam/credentials.ts';
import { untilAdmitted } from '../lambda/account-concurrency.ts';
import { SOURCE_LIMIT } from '../lambda/functions.ts';
import type { Functions } from '../lambda/functions.ts';
import type { InvocationResult } from '../lambda/result.ts';
import type { Log } from '../log.ts';
import { readVisibilityTimeouts } from '../provision/queues.ts';
import type { Services } from '../services.ts';
import type { App } from '../template/app.ts';
import { Checkpoints } from './checkpoints.ts';
import { QueueCalls } from './queue-calls.ts';
import { readMappings } from './read-mappings.ts';
import type { Mapping } from './read-mappings.ts';
import { pause } from './repeater.ts';
import { readSchedules, runSchedule, scheduledEvent } from './schedules.ts';
import { SqsPoller, type BatchWatch } from './sqs-poller.ts';
import { StreamCalls } from './stream-calls.ts';
import { StreamPoller } from './stream-poller.ts';

/** How long a running batch may still take when the platform closes. */
const GRACE_MS = 3000;

interface EventSourcesOptions {
  app: App;
  functions: Functions;
  services: Services;
  /** Data folder, for the positions in streams. */
  folder: string;
  clock: Clock;
  log: Log;
  watch?: BatchWatch | undefined;
}

/** Tries to invoke until the account has room, or the run ends. */
type UntilEnd = (invoke: () => Promise<InvocationResult>) => Promise<InvocationResult>;

/** Event sources that feed functions. */
export interface EventSources {
  /** Whether messages of queues were received that are not over. */
  holdMessages(): boolean;
  /** Ends them; batches under way get {@link GRACE_MS}. */
  close(): Promise<void>;
}

/**
 * Starts all event source mappings and schedules of the template.
 * @throws when Lambda would refuse a mapping.
 */
export function startEventSources(options: EventSourcesOptions): EventSources {
  const { app, functions, clock } = options;
  const mappings = readMappings(app);
  const schedules = readSchedules(app);
  const visibility = readVisibilityTimeouts(app);
  for (const mapping of mappings) checkVisibility(mapping, functions, visibility);
  // Asynchronous events are tried for six hours, records of a stream until they expire: longer than any run here.
  const end = new AbortController();
  const untilEnd: UntilEnd = (invoke) =>
    untilAdmitted(
      invoke,
      () => end.signal.aborted,
      (ms) => pause(ms, end.signal),
    );
  const checkpoints = new Checkpoints(join(options.folder, 'stream-positions.json'));
  const pollers = mappings.map((m) =>
    visibility.has(m.sourceArn)
      ? startQueue(m, options, 1000 * visibility.get(m.sourceArn)!)
      : startStream(m, checkpoints, options, untilEnd),
  );
  const stops = schedules.map((schedule) => {
    const lambda = functions.find(schedule.functionArn);
    return runSchedule(schedule, clock, (timeMs) =>
      untilEnd(() => lambda.invoke(scheduledEvent(schedule, app.account, app.region, timeMs))),
    );
  });
  const close = async (): Promise<void> => {
    end.abort();
    for (const stop of stops) stop();
    const closed = Promise.all(pollers.map((p) => p.close()));
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => (timer = setTimeout(resolve, GRACE_MS)));
    await Promise.race([closed, grace]);
    clearTimeout(timer);
    await functions.close();
    await closed;
  };
  return { holdMessages: () => pollers.some((p) => p instanceof SqsPoller && p.holdsMessages), close };
}

/** Lambda refuses to poll a queue whose messages would come back while the function still works on them. */
function checkVisibility(
  { sourceArn, functionName }: Mapping,
  functions: Functions,
  visibility: Map<string, number>,
): void {
  const seconds = visibility.get(sourceArn);
  const { timeoutSeconds, name } = functions.find(functionName).options;
  if (seconds === undefined || seconds >= timeoutSeconds) return;
  throw new Error(
    `Lambda would refuse this event source mapping: the visibility timeout of ${sourceArn} (${seconds} s) is less than the timeout of ${name} (${timeoutSeconds} s).`,
  );
}

function startQueue(mapping: Mapping, options: EventSourcesOptions, visibilityMs: number): SqsPoller {
  const { app, functions, services, clock, log, watch } = options;
  const queue = app.ofType('AWS::SQS::Queue').find((q) => q.identity.arn === mapping.sourceArn);
  const lambda = functions.find(mapping.functionName);
  return new SqsPoller({
    mapping,
    region: app.region,
    queue: new QueueCalls(
      services.sqs,
      functions.credentials(mapping.functionName).accessKeyId,
      queue?.identity.ref ?? '',
    ),
    concurrency: Math.min(mapping.maxConcurrency ?? Infinity, SOURCE_LIMIT, lambda.options.limit),
    ready: () => lambda.ready(),
    isBusy: () => functions.processors.areTaken,
    visibilityMs,
    invoke: (payload) => lambda.invoke(payload),
    onLog: log.from(functions.shortName(mapping.functionName)),
    aheadMs: () => clock.aheadMs ?? 0,
    watch,
  });
}

function startStream(
  mapping: Mapping,
  checkpoints: Checkpoints,
  options: EventSourcesOptions,
  untilEnd: UntilEnd,
): StreamPoller {
  const { app, functions, services, clock, log } = options;
  const credentials = sdkCredentials(functions.credentials(mapping.functionName));
  const lambda = functions.find(mapping.functionName);
  const sqs = new SQSClient({ region: app.region, endpoint: services.sqs.endpoint, credentials });
  const destination = app.ofType('AWS::SQS::Queue').find((q) => q.identity.arn === mapping.onFailureArn);
  if (mapping.onFailureArn && !destination) {
    throw new Error(
      `${mapping.id}: the local run knows failure destinations that are queues of the app, not ${mapping.onFailureArn}.`,
    );
  }
  return new StreamPoller({
    mapping,
    stream: new StreamCalls(services.dynamoDb, credentials.accessKeyId, mapping.sourceArn, app.region),
    checkpoints,
    invoke: (payload) => untilEnd(() => lambda.invoke(payload)),
    onGiveUp: async (notice) => {
      if (!destination) return;
      const MessageBody = JSON.stringify({
        ...notice,
        requestContext: { ...(notice['requestContext'] as object), functionArn: lambda.options.arn },
      });
      await sqs.send(new SendMessageCommand({ QueueUrl: destination.identity.ref, MessageBody }));
    },
    onLog: log.from(functions.shortName(mapping.functionName)),
    now: () => clock.now(),
  });
}
