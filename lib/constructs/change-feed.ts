import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { EventSourceMappingOptions, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvName } from '../../lambdas/runtime/env.ts';
import type { StageFunction } from './function.ts';
import type { Operations } from './operations.ts';
import type { PosthornTable } from './table.ts';

export interface ChangeFeedProps {
  /** In the names of its alarms. */
  name: string;
  /** A table with a stream. */
  table: PosthornTable;
  consumer: StageFunction;
  /** The variable that tells a function the URL of the queue of notices. */
  deadLetterEnv: EnvName;
  /** How the table's changes are handed over. */
  delivery: FeedDelivery;
  /** What it means that changes were given up, and that they wait: for the alarms. */
  describe: { givenUp: string; late: string };
  /** Changes that wait for longer ring. */
  late: Duration;
  /** Hears its alarms. */
  operations: Operations;
}

type FeedDelivery = Pick<
  EventSourceMappingOptions,
  | 'batchSize'
  | 'maxBatchingWindow'
  | 'tumblingWindow'
  | 'reportBatchItemFailures'
  | 'bisectBatchOnError'
  | 'retryAttempts'
  | 'filters'
>;

/**
 * Each change is looked at within seconds and acknowledged on its own. Only AWS failures are tried again, and the rows of one
 * shard wait meanwhile: long enough to outlast a hiccup, then one row no longer stops the others.
 */
export const ONE_BY_ONE = {
  batchSize: 100,
  reportBatchItemFailures: true,
  bisectBatchOnError: true,
  retryAttempts: 20,
} satisfies FeedDelivery;

/**
 * New rows alone, as many as there are in some seconds, and again until they are dealt with or 23 hours are over: for sums, in
 * which a batch that is given up would be missing for good. The window tells the function the name of its shard, see
 * lambdas/statistics/handler.ts; a longer one means fewer calls at its end.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 */
export function newRowsTogether(seconds: number): FeedDelivery {
  return {
    // 6 MB, which is all that an invocation takes, hold some 3,000 lines of the delivery log.
    batchSize: 3000,
    maxBatchingWindow: Duration.seconds(seconds),
    tumblingWindow: Duration.minutes(15),
    filters: [FilterCriteria.filter({ eventName: ['INSERT'] })],
  };
}

/**
 * Changes that are older are given up, and that is told. A stream keeps them for 24 hours: those that it has lost Lambda never
 * gives up itself, and tells nobody of; nor do retries end for a function that is throttled.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const GIVEN_UP_AFTER = Duration.hours(23);

/**
 * Passes the changes of a table to a function, in order. For changes that were given up, a message (their position in
 * the stream, nothing of the row) goes to a dead-letter queue, which raises an alarm.
 */
export class ChangeFeed extends Construct {
  private readonly deadLetters: Queue;
  private readonly deadLetterEnv: EnvName;

  constructor(scope: Construct, id: string, props: ChangeFeedProps) {
    super(scope, id);
    const { name, table, consumer, delivery, describe, late, operations } = props;
    const streamArn = table.table.tableStreamArn;
    if (streamArn === undefined) throw new Error(`${name}: expected a table with a stream, got one without.`);
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is a dead-letter queue itself, of an event source mapping; the rule knows only those of other queues. An alarm rings for its first message.',
    });
    // `grantStreamRead` would add ListStreams on every table of the account.
    consumer.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [streamArn],
      }),
    );
    table.grantDecrypt(consumer);
    this.deadLetters = deadLetters;
    this.deadLetterEnv = props.deadLetterEnv;
    new EventSourceMapping(this, 'Mapping', {
      target: consumer.live,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      ...delivery,
      maxRecordAge: GIVEN_UP_AFTER,
      onFailure: new SqsDlq(deadLetters),
    });
    operations.alarm(this, 'DeadLettersAlarm', {
      name: `${name}-dead-letters`,
      description: describe.givenUp,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: 0,
    });
    operations.alarm(this, 'LateAlarm', {
      name: `${name}-late`,
      description: describe.late,
      metric: consumer.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      above: late.toMilliseconds(),
      ofThree: 3,
    });
  }

  /** Shows how many notices wait. */
  grantLook(fn: LambdaFunction): this {
    this.deadLetters.grant(fn, 'sqs:GetQueueAttributes');
    fn.addEnvironment(this.deadLetterEnv, this.deadLetters.queueUrl);
    return this;
  }
}
