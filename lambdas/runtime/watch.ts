import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type CloudWatchClient,
  type DescribeAlarmsCommandOutput,
  type MetricAlarm,
} from '#aws-sdk/client-cloudwatch';

/** An alarm that rings. */
export interface RingingAlarm {
  name: string;
  description: string;
  /** Milliseconds since the epoch. */
  since_ms: number;
}

/** What CloudWatch knows of this Posthorn. */
export interface Watch {
  /** Alarms that ring; undefined where there is no CloudWatch. */
  ringing(): Promise<RingingAlarm[] | undefined>;
  /** Seconds that the oldest message of each queue has waited, by the queue's name in AWS; of which nothing is known is missing. */
  ages(queues: readonly string[]): Promise<Map<string, number>>;
}

/** SQS writes its metrics once a minute, some minutes late, and none of a queue that nobody used for hours. */
const LOOK_BACK_MS = 600_000;
const PERIOD_SECONDS = 60;

/** For so long an answer is kept: metrics change once a minute, and each one asked for costs. Milliseconds. */
const FRESH_MS = 60_000;
/** What the local run answers to calls of services that it does not have. */
const NO_SERVICE = 'UnknownOperationException';

interface WatchOptions {
  cloudWatch: CloudWatchClient;
  /** How the names of this Posthorn's alarms begin. */
  prefix: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Asks CloudWatch, once a minute at most. */
export function createWatch({ cloudWatch, prefix, now }: WatchOptions): Watch {
  const alarms = keep(now, () => whereThereIs(readRinging(cloudWatch, prefix)));
  const ages = new Map<string, () => Promise<Map<string, number> | undefined>>();
  return {
    ringing: alarms,
    async ages(queues) {
      const name = queues.join();
      const read = ages.get(name) ?? keep(now, () => whereThereIs(readAges(cloudWatch, queues, now())));
      ages.set(name, read);
      return (await read()) ?? new Map<string, number>();
    },
  };
}

/** Answers with what was read in the last minute; what failed is read again. */
function keep<T>(now: () => number, read: () => Promise<T>): () => Promise<T> {
  let kept: { atMs: number; value: T } | undefined;
  return async () => {
    if (!kept || now() - kept.atMs >= FRESH_MS) kept = { atMs: now(), value: await read() };
    return kept.value;
  };
}

async function whereThereIs<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name === NO_SERVICE) return undefined;
    throw error;
  }
}

async function readRinging(cloudWatch: CloudWatchClient, AlarmNamePrefix: string): Promise<RingingAlarm[]> {
  const found: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page: DescribeAlarmsCommandOutput = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix, StateValue: 'ALARM', AlarmTypes: ['MetricAlarm'], NextToken }),
    );
    found.push(...(page.MetricAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found.map(({ AlarmName = '', AlarmDescription = '', StateUpdatedTimestamp }) => ({
    name: AlarmName,
    description: AlarmDescription,
    since_ms: StateUpdatedTimestamp?.getTime() ?? 0,
  }));
}

async function readAges(
  cloudWatch: CloudWatchClient,
  queues: readonly string[],
  nowMs: number,
): Promise<Map<string, number>> {
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - LOOK_BACK_MS),
      EndTime: new Date(nowMs),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: queues.map((QueueName, n) => ({
        Id: `q${n}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/SQS',
            MetricName: 'ApproximateAgeOfOldestMessage',
            Dimensions: [{ Name: 'QueueName', Value: QueueName }],
          },
          Period: PERIOD_SECONDS,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  const ages = new Map<string, number>();
  for (const [n, queue] of queues.entries()) {
    const newest = MetricDataResults.find(({ Id }) => Id === `q${n}`)?.Values?.[0];
    if (newest !== undefined) ages.set(queue, newest);
  }
  return ages;
}
