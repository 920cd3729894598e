import { Stack, Validations, type Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmProps as AnyAlarmProps, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type LogGroupProps, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ENV } from '../../lambdas/runtime/env.ts';
import { logsKey } from './logs-key.ts';
import { PERIOD } from './stage-metric.ts';

export interface OperationsProps {
  /** Of this Posthorn: the namespace of its metrics and, in lower case, the beginning of its alarms' names. */
  name: string;
  logRetentionDays: number;
  /** Who gets alarms and notices by mail; empty: nobody. */
  alarmEmail: string;
}

interface NamedAlarm {
  /** Heading in docs/runbook.md, without `posthorn-`; the name in AWS begins with that of this Posthorn. */
  name: string;
  /** One sentence: what is wrong when it rings. */
  description: string;
  /** Heading in docs/runbook.md where several alarms share one. @default its own name */
  section?: string;
}

export interface HeartbeatProps extends NamedAlarm {
  /** Written each time that something runs. */
  metric: Metric;
  /** In each of these there must be a run. */
  period: Duration;
}

export interface AlarmProps extends NamedAlarm {
  metric: IMetric;
  /** Rings when the metric is greater. */
  above: number;
  /** Periods that must be above, of the last three. @default 1, of the last one */
  ofThree?: 2 | 3;
}

/** The bus that every account has. */
const EVENT_BUS = 'default';

/**
 * What operators use to see the platform: log groups, alarms and notices. All are encrypted under one key: alarms
 * cannot publish to a topic under the key that AWS manages, and a second key for the logs would add nothing.
 */
export class Operations extends Construct {
  /** Where alarms and notices arrive; systems on call subscribe here. */
  readonly topic: Topic;
  /** CloudWatch namespace of the functions' own metrics. */
  readonly namespace: string;
  /** How names of alarms and the dashboard begin. */
  readonly prefix: string;
  private readonly key: Key;
  private readonly logRetentionDays: number;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    this.namespace = props.name;
    this.prefix = props.name.toLowerCase();
    this.logRetentionDays = props.logRetentionDays;
    this.key = logsKey(this, 'Key', 'logs and notices at rest');
    this.topic = new Topic(this, 'Notices', { masterKey: this.key, enforceSSL: true });
    this.letAlarmsPublish();
    if (props.alarmEmail) this.topic.addSubscription(new EmailSubscription(props.alarmEmail));
  }

  /** A log group that is encrypted and ends. */
  logGroup(
    scope: Construct,
    id: string,
    props: Pick<LogGroupProps, 'removalPolicy' | 'logGroupClass' | 'logGroupName'> = {},
  ): LogGroup {
    return new LogGroup(scope, id, {
      ...props,
      retention: this.logRetentionDays as RetentionDays,
      encryptionKey: this.key,
    });
  }

  /** An alarm that tells the topic when it rings and when it is over. No data is no alarm: nothing happened. */
  alarm(scope: Construct, id: string, props: AlarmProps): Alarm {
    return this.tellingAlarm(scope, id, props, {
      metric: props.metric,
      threshold: props.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.ofThree ? 3 : 1,
      datapointsToAlarm: props.ofThree ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** An alarm that rings when a metric is not written any more, whatever its value: for two periods, as one may miss a run. */
  heartbeat(scope: Construct, id: string, { metric, period, ...named }: HeartbeatProps): Alarm {
    return this.tellingAlarm(scope, id, named, {
      metric: metric.with({ statistic: 'SampleCount', period }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private tellingAlarm(
    scope: Construct,
    id: string,
    { name, description, section = name }: NamedAlarm,
    props: AnyAlarmProps,
  ): Alarm {
    const alarmName = `${this.prefix}-${name}`;
    // The runbook is the same for all of them, whatever they are called.
    const alarmDescription = `${description} What to do: docs/runbook.md#posthorn-${section}`;
    const alarm = new Alarm(scope, id, { alarmName, alarmDescription, ...props });
    const tell = new SnsAction(this.topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
    return alarm;
  }

  /**
   * A metric that a stage writes itself.
   * @param stage `ingest`, `fan-out`, `sender`, …
   * @param statistic `Sum` for counters; `p50`, `p99` for durations.
   */
  stageMetric(stage: string, metricName: string, statistic = 'Sum'): Metric {
    const dimensionsMap = { stage };
    return new Metric({ namespace: this.namespace, metricName, dimensionsMap, statistic, period: PERIOD });
  }

  /** Lets a function tell people (topic) and other systems (event bus) what became of a subscription or an endpoint. */
  grantNotify(fn: LambdaFunction): this {
    const bus = EventBus.fromEventBusName(fn, 'EventBus', EVENT_BUS);
    fn.addToRolePolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }));
    this.key.grant(fn, 'kms:Decrypt', 'kms:GenerateDataKey');
    fn.addEnvironment(ENV.noticesTopicArn, this.topic.topicArn);
    fn.addEnvironment(ENV.eventBusName, EVENT_BUS);
    return this;
  }

  /**
   * Lets a function see which alarms ring and how old the oldest message of a queue is. For metrics IAM knows no resource,
   * and for a list of alarms no narrower one than those of the account.
   * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
   */
  grantWatch(fn: LambdaFunction): this {
    const { partition, region, account } = Stack.of(this);
    const alarms = `arn:${partition}:cloudwatch:${region}:${account}:alarm:*`;
    fn.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: [alarms] }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    fn.addEnvironment(ENV.alarmPrefix, `${this.prefix}-`);
    const reason =
      'Numbers and names alone: how long queues have had messages waiting, and which alarms ring. IAM knows no resource for metrics, and lists of alarms only as a whole.';
    Validations.of(fn.role!).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason },
      {
        id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*]',
        reason,
      },
    );
    return this;
  }

  /**
   * `enforceSSL` replaces the topic's default policy, which is what lets alarms of the account publish.
   * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
   */
  private letAlarmsPublish(): void {
    const { partition, region, account } = Stack.of(this);
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const ours = { 'aws:SourceAccount': account };
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: ours,
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: ours },
      }),
    );
  }
}
