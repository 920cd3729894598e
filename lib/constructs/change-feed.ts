import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Operations } from './operations.ts';
import type { PosthornTable } from './table.ts';

export interface ChangeFeedProps {
  /** In the names of its alarms. */
  name: string;
  /** A table with a stream. */
  table: PosthornTable;
  consumer: LambdaFunction;
  /** Hears its alarms. */
  operations: Operations;
}

/** Only AWS failures are tried again, and the rows of one shard wait meanwhile: long enough to outlast a hiccup. */
const RETRIES = 20;
const BATCH_SIZE = 100;
/** A change is looked at within seconds. */
const LATE = Duration.minutes(1);

/**
 * Hands every change of a table to a function, in order, in batches of which each record is acknowledged on its own.
 * Changes that fail for long are given up, so that one row never stops the others; a notice about them (their place in
 * the stream, nothing of the row) goes to a dead-letter queue and rings.
 */
export class ChangeFeed extends Construct {
  constructor(scope: Construct, id: string, { name, table, consumer, operations }: ChangeFeedProps) {
    super(scope, id);
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
    new EventSourceMapping(this, 'Mapping', {
      target: consumer,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: RETRIES,
      onFailure: new SqsDlq(deadLetters),
    });
    operations.alarm(this, 'DeadLettersAlarm', {
      name: `${name}-dead-letters`,
      description: `Changes of rows were given up after ${RETRIES} retries; nobody has looked at those rows.`,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: 0,
    });
    operations.alarm(this, 'LateAlarm', {
      name: `${name}-late`,
      description: `Changes of rows wait for more than ${LATE.toSeconds()} s, so nobody says yet what is wrong with them.`,
      metric: consumer.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      above: LATE.toMilliseconds(),
      ofThree: 3,
    });
  }
}
