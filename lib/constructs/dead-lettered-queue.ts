import { VISIBILITY_TIMES } from '../../lambdas/domain/limits.ts';
import { Duration, Names } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvName } from '../../lambdas/runtime/env.ts';
import type { StageFunction } from './function.ts';
import type { Operations } from './operations.ts';

export interface DeadLetteredQueueProps {
  /** In the names of its alarms: `events`, `deliveries`, … */
  name: string;
  /** The variable that tells a function this queue's URL. */
  env: EnvName;
  /** The variable for the dead-letter queue's URL. */
  deadLetterEnv: EnvName;
  /** Timeout of the function that consumes it; messages stay invisible for six times as long (AWS's rule). */
  consumerTimeout: Duration;
  /** Receives before a message moves to the dead-letter queue. */
  maxReceiveCount: number;
  /**
   * Age of a waiting message that rings. CloudWatch leaves out those that were received three times or more.
   * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  oldest: Duration;
  /** Key of our own that payloads are encrypted under. @default one that SQS owns */
  encryptionKey: IKey | undefined;
  /** Hears its alarms. */
  operations: Operations;
  /** Shares the dead-letter queue of another queue. @default one of its own */
  deadLetterQueue?: Queue;
  /**
   * What its dead letters are: `ours` ring as long as one lies there. Customers' failures lie there for up to 14 days, so
   * an alarm on them would ring for ever and hide the others; whoever counts ours apart has an alarm of its own.
   * @default 'ours'
   */
  deadLetters?: 'ours' | 'customers';
}

export interface ConsumerProps {
  /** Messages handed over at once. More than 10 needs a window, which is then 1 s. */
  batchSize: number;
  /** Consumers at the same time; keeps throttled invocations from using up receives. */
  maxConcurrency: number;
}

/** Dead letters wait this long for a person; a standard queue's dead letters keep their first enqueue time. */
const DEAD_LETTER_RETENTION = Duration.days(14);
const RETENTION = Duration.days(4);

/** SQS refuses to hand out more once 120,000 messages of a queue are in flight; retries that wait count as such. */
const MANY_IN_FLIGHT = 100_000;
const PERIOD = Duration.minutes(1);

/** KMS is asked for a data key once an hour for each caller: its calls cost, and a key that is disabled may be used so long. */
const DATA_KEY_REUSE = Duration.hours(1);

function encrypted(key: IKey | undefined): QueueProps {
  if (key === undefined) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: DATA_KEY_REUSE };
}

/**
 * The kind of queue that Posthorn uses everywhere: encrypted, TLS only, with a dead-letter queue, the visibility rule
 * and alarms.
 */
export class DeadLetteredQueue extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  private readonly props: DeadLetteredQueueProps;

  constructor(scope: Construct, id: string, props: DeadLetteredQueueProps) {
    super(scope, id);
    this.name = props.name;
    this.props = props;
    this.deadLetterQueue =
      props.deadLetterQueue ??
      new Queue(this, 'DeadLetters', {
        ...encrypted(props.encryptionKey),
        enforceSSL: true,
        retentionPeriod: DEAD_LETTER_RETENTION,
      });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted(props.encryptionKey),
      enforceSSL: true,
      retentionPeriod: RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMES * props.consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.maxReceiveCount },
    });
    this.alarm(props);
  }

  private alarm({ name, oldest, operations, deadLetters = 'ours' }: DeadLetteredQueueProps): void {
    if (deadLetters === 'ours') {
      operations.alarm(this, 'DeadLettersAlarm', {
        name: `${name}-dead-letters`,
        description: `Messages of the queue ${name} were given up and wait for a person.`,
        // Not the number of messages sent: CloudWatch does not count those that the redrive policy moves.
        metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
        above: 0,
      });
    }
    operations.alarm(this, 'OldestAlarm', {
      name: `${name}-waiting`,
      description: `A message has waited in the queue ${name} for more than ${oldest.toMinutes()} minutes.`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
      above: oldest.toSeconds(),
      ofThree: 3,
    });
    operations.alarm(this, 'InFlightAlarm', {
      name: `${name}-in-flight`,
      description: `The queue ${name} has more than ${MANY_IN_FLIGHT.toLocaleString('en')} messages in flight; at 120,000 SQS stops handing out.`,
      metric: this.queue.metricApproximateNumberOfMessagesNotVisible({ period: PERIOD, statistic: 'Maximum' }),
      above: MANY_IN_FLIGHT,
    });
  }

  grantSend(fn: LambdaFunction): this {
    this.queue.grant(fn, 'sqs:SendMessage');
    this.props.encryptionKey?.grant(fn, 'kms:GenerateDataKey', 'kms:Decrypt');
    fn.addEnvironment(this.props.env, this.queue.queueUrl);
    return this;
  }

  /** For messages that can never be processed: the stage moves them itself, with the reason as an attribute. */
  grantSendToDeadLetters(fn: LambdaFunction): this {
    this.deadLetterQueue.grant(fn, 'sqs:SendMessage');
    this.props.encryptionKey?.grant(fn, 'kms:GenerateDataKey', 'kms:Decrypt');
    fn.addEnvironment(this.props.deadLetterEnv, this.deadLetterQueue.queueUrl);
    return this;
  }

  /** Sets when a message becomes visible again: the retry schedule. */
  grantChangeVisibility(fn: LambdaFunction): this {
    this.queue.grant(fn, 'sqs:ChangeMessageVisibility');
    fn.addEnvironment(this.props.env, this.queue.queueUrl);
    return this;
  }

  /** Shows how many messages lie here and among the dead letters. */
  grantLook(fn: LambdaFunction): this {
    for (const [queue, env] of [
      [this.queue, this.props.env],
      [this.deadLetterQueue, this.props.deadLetterEnv],
    ] as const) {
      queue.grant(fn, 'sqs:GetQueueAttributes');
      fn.addEnvironment(env, queue.queueUrl);
    }
    return this;
  }

  /** Shows what kind the dead letters are, which their attributes say: a message shows them only to who receives it. */
  grantLookAtDeadLetters(fn: LambdaFunction): this {
    this.deadLetterQueue.grant(fn, 'sqs:ReceiveMessage');
    this.props.encryptionKey?.grant(fn, 'kms:Decrypt');
    return this;
  }

  /** Deletes dead letters of whoever is purged. */
  grantDeleteDeadLetters(fn: LambdaFunction): this {
    this.deadLetterQueue.grant(
      fn,
      ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    );
    this.props.encryptionKey?.grant(fn, 'kms:Decrypt');
    fn.addEnvironment(this.props.deadLetterEnv, this.deadLetterQueue.queueUrl);
    return this;
  }

  /** Feeds a function in batches; each message is acknowledged or returned on its own. */
  consumedBy(fn: StageFunction, props: ConsumerProps): this {
    // What `SqsEventSource` would make, by the id that it would have for the function itself: made for the alias it would get
    // another one, and CloudFormation would put a second mapping beside the first instead of changing it.
    new EventSourceMapping(fn, `SqsEventSource:${Names.nodeUniqueId(this.queue.node)}`, {
      target: fn.live,
      eventSourceArn: this.queue.queueArn,
      batchSize: props.batchSize,
      reportBatchItemFailures: true,
      maxConcurrency: props.maxConcurrency,
      ...(props.batchSize > 10 ? { maxBatchingWindow: Duration.seconds(1) } : {}),
    });
    this.queue.grantConsumeMessages(fn);
    return this;
  }
}
