import { PutMetricDataCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Gateway } from '../../local/gateway/server.ts';
import { operatorOf } from '../../local/iam/operator.ts';
import type { LogEntry } from '../../local/log.ts';
import { bindApp } from '../../local/template/app.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { readFunctions } from '../../local/lambda/read-functions.ts';
import type { MotoAccount } from './moto-account.ts';
import { runApp } from './run-app.ts';

const PLACE = { account: '123456789012', region: 'us-east-1' };

/** A deployment to moto that runs. */
export interface Deployed {
  /** Variables of functions that are as CloudFormation gave them to Lambda, of all; and those that are not, with both values. */
  variables: { same: number; other: string[] };
  /** What went wrong on the way of metrics. */
  problems: string[];
  close(): Promise<void>;
}

/**
 * Runs what is deployed to an account of moto's: its queues, tables and names there; pollers, gateway and functions here.
 * @param app folder that it was deployed from. @param work an empty folder.
 */
export async function runDeployed(
  account: MotoAccount,
  gateway: Gateway,
  { app: folder, work }: { app: string; work: string },
): Promise<Deployed> {
  const assembly = { ...readAssembly(folder), ...PLACE };
  const ids = new Map<string, Map<string, string>>();
  for (const { name } of assembly.stacks) ids.set(name, await account.physicalIds(name));
  const streams = new Map<string, string>();
  for (const table of await account.tables()) {
    const arn = await account.stream(table).catch(() => undefined);
    if (arn !== undefined) streams.set(table, arn);
  }
  const around = {
    ...PLACE,
    sqsEndpoint: () => account.endpoint,
    apiEndpoint: () => gateway.url,
    streamArn: (table: string) => streams.get(table) ?? '',
    physicalId: (stack: string, logicalId: string) => ids.get(stack)?.get(logicalId),
  };
  const app = bindApp(assembly, around, UNDERSTOOD_TYPES);
  const operator = operatorOf(work);
  const common = { region: PLACE.region, endpoint: account.endpoint, credentials: operator };
  const sqs = new SQSClient(common);
  const cloudWatch = new CloudWatchClient(common);
  const { endpoint } = account;
  const problems: string[] = [];
  const metrics = metricsTo(cloudWatch, problems);
  const running = runApp({
    app,
    gateway,
    operator,
    folder: work,
    sqs,
    endpoints: { SQS: endpoint, DYNAMODB: endpoint, DYNAMODB_STREAMS: endpoint, SNS: endpoint, EVENTBRIDGE: endpoint },
    otherServices: endpoint,
    onLog: metrics.take,
  });
  return {
    variables: await compared(account, readFunctions(app)),
    problems,
    close: async () => {
      await running.close();
      await metrics.done();
      sqs.destroy();
      cloudWatch.destroy();
    },
  };
}

/** Holds the variables that functions run with against those that CloudFormation gave to Lambda. */
async function compared(
  account: MotoAccount,
  functions: ReturnType<typeof readFunctions>,
): Promise<Deployed['variables']> {
  let same = 0;
  const other: string[] = [];
  for (const { name, variables } of functions) {
    const deployed = (await account.live(name)).variables;
    for (const key of new Set([...Object.keys(variables), ...Object.keys(deployed)])) {
      if (variables[key] === deployed[key]) same += 1;
      else other.push(`${name} ${key}: here ${variables[key]}, there ${deployed[key]}`);
    }
  }
  return { same, other };
}

interface Embedded {
  _aws?: {
    Timestamp: number;
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit?: string }[];
    }[];
  };
  [member: string]: unknown;
}

/**
 * What CloudWatch makes of lines in the embedded metric format, which moto does not read:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function metricsTo(
  cloudWatch: CloudWatchClient,
  problems: string[],
): { take(entry: LogEntry): void; done(): Promise<unknown> } {
  const open = new Set<Promise<unknown>>();
  const put = (line: Embedded): void => {
    for (const { Namespace, Dimensions, Metrics } of line._aws?.CloudWatchMetrics ?? []) {
      const MetricData = Dimensions.flatMap((names) =>
        Metrics.map(({ Name, Unit }) => ({
          MetricName: Name,
          Unit: Unit as 'Count',
          Timestamp: new Date(line._aws!.Timestamp),
          Dimensions: names.map((name) => ({ Name: name, Value: String(line[name]) })),
          Values: [line[Name]].flat().map(Number),
        })),
      );
      const one: Promise<unknown> = cloudWatch
        .send(new PutMetricDataCommand({ Namespace, MetricData }))
        .catch((error: unknown) => problems.push(String(error)))
        .finally(() => open.delete(one));
      open.add(one);
    }
  };
  return {
    take: ({ line }) => {
      if (line.startsWith('{') && line.includes('"_aws"')) put(JSON.parse(line) as Embedded);
    },
    done: () => Promise.all(open),
  };
}
