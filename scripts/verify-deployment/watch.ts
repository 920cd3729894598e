import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  SetAlarmStateCommand,
  paginateDescribeAlarms,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Call } from '../call-api.ts';
import type { StackAccess } from '../stack.ts';
import { cannotBeAsked, finding, look, until, type Finding } from './findings.ts';

/** Rung by hand: nobody is woken by it, and its metric is the functions' own, in the namespace of this Posthorn. */
const RUNG = 'clinic-v1-status-unmapped';
/** The api asks CloudWatch once a minute, and CloudWatch puts an alarm back that it evaluates meanwhile: so it is rung anew. */
const RINGING = { forMs: 150_000, everyMs: 10_000 };
/** Metrics are there some minutes after their log line. */
const COUNTED = { forMs: 240_000, everyMs: 10_000 };
const LOOK_BACK_MS = 3_600_000;

const SEEN = {
  alarm: 'seen by /v1/status',
  metric: 'DeliveriesDelivered of the sender',
  topic: 'encrypted, subscribed',
};

interface Status {
  alarms: { name: string }[] | null;
}

/** What watches: alarm, metric, topic. @param isLocal there is none of them on one machine. */
export async function watch(stack: StackAccess, call: Call, isLocal: boolean): Promise<Finding[]> {
  if (isLocal) {
    return [
      cannotBeAsked('alarm set by hand', SEEN.alarm, 'one machine has no CloudWatch'),
      cannotBeAsked('metric', SEEN.metric, 'one machine has no CloudWatch'),
      cannotBeAsked('topic of notices', SEEN.topic, 'one machine has no SNS'),
    ];
  }
  const cloudWatch = new CloudWatchClient();
  const topic = stack.output('NoticesTopicArn');
  const findings: Finding[] = await look('topic of notices', SEEN.topic, () => topicSettings(topic));
  const alarm = await look('alarm set by hand', SEEN.alarm, async () => {
    const one = await findAlarm(cloudWatch, topic);
    return [
      ...(await look('alarm set by hand', SEEN.alarm, () => ring(cloudWatch, call, one))),
      ...(await look('metric', SEEN.metric, () => counted(cloudWatch, one))),
    ];
  });
  return [...findings, ...alarm];
}

/** Of several Posthorns in an account it is the one that tells this topic. */
async function findAlarm(cloudWatch: CloudWatchClient, topic: string): Promise<MetricAlarm> {
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch }, {})) {
    const found = MetricAlarms.find(
      ({ AlarmName, AlarmActions }) => AlarmName?.endsWith(`-${RUNG}`) && AlarmActions?.includes(topic),
    );
    if (found) return found;
  }
  throw new Error(`no alarm …-${RUNG} that tells ${topic}`);
}

async function ring(
  cloudWatch: CloudWatchClient,
  call: Call,
  { AlarmName, StateValue }: MetricAlarm,
): Promise<Finding[]> {
  const set = (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'): Promise<unknown> =>
    cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason: 'npm run verify-deployment' }),
    );
  try {
    const seen = await until(RINGING, async () => {
      await set('ALARM');
      const { alarms } = await call<Status>('GET', '/v1/status');
      return alarms?.some(({ name }) => name === AlarmName) ? true : undefined;
    });
    const found = seen ? `${AlarmName} rings there; a mail must arrive too` : `${AlarmName} set, but not seen there`;
    return [finding('alarm set by hand', SEEN.alarm, found, seen === true)];
  } finally {
    await set(StateValue ?? 'OK');
  }
}

async function counted(cloudWatch: CloudWatchClient, { Namespace }: MetricAlarm): Promise<Finding[]> {
  const sum = await until(COUNTED, async () => {
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName: 'DeliveriesDelivered',
        Dimensions: [{ Name: 'stage', Value: 'sender' }],
        StartTime: new Date(Date.now() - LOOK_BACK_MS),
        EndTime: new Date(),
        Period: LOOK_BACK_MS / 1000,
        Statistics: ['Sum'],
      }),
    );
    const found = Datapoints.reduce((all, { Sum = 0 }) => all + Sum, 0);
    return found > 0 ? found : undefined;
  });
  const found = `${sum ?? 'none'} within an hour in ${Namespace}`;
  return [finding('metric', SEEN.metric, found, sum !== undefined)];
}

async function topicSettings(TopicArn: string): Promise<Finding[]> {
  const { Attributes = {} } = await new SNSClient().send(new GetTopicAttributesCommand({ TopicArn }));
  const { KmsMasterKeyId, SubscriptionsConfirmed = '0', SubscriptionsPending = '0' } = Attributes;
  const isHeard = Number(SubscriptionsConfirmed) > 0;
  const found = `${KmsMasterKeyId ?? 'not encrypted'}; ${SubscriptionsConfirmed} confirmed, ${SubscriptionsPending} not yet`;
  return [finding('topic of notices', SEEN.topic, found, KmsMasterKeyId !== undefined && isHeard)];
}
