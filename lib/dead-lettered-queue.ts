import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvName } from '../lambdas/runtime/env.ts';

export interface DeadLetteredQueueProps {
  /** The variable that tells a function this queue's URL. */
  env: EnvName;
  /** The variable for the dead-letter queue's URL. */
  deadLetterEnv: EnvName;
  /** Timeout of the function that consumes it; messages stay invisible for six times as long (AWS's rule). */
  consumerTimeout: Duration;
  /** Receives before a message moves to the dead-letter queue. */
  maxReceiveCount: number;
  /** Shares the dead-letter queue of another queue. @default one of its own */
  deadLetterQueue?: Queue;
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

/** A queue as every one of Posthorn's is: encrypted, TLS only, with a dead-letter queue and the visibility rule. */
export class DeadLetteredQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  private readonly props: DeadLetteredQueueProps;

  constructor(scope: Construct, id: string, props: DeadLetteredQueueProps) {
    super(scope, id);
    this.props = props;
    this.deadLetterQueue =
      props.deadLetterQueue ??
      new Queue(this, 'DeadLetters', {
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        retentionPeriod: DEAD_LETTER_RETENTION,
      });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      visibilityTimeout: Duration.seconds(6 * props.consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.maxReceiveCount },
    });
  }

  grantSend(fn: LambdaFunction): this {
    this.queue.grant(fn, 'sqs:SendMessage');
    fn.addEnvironment(this.props.env, this.queue.queueUrl);
    return this;
  }

  /** For messages that can never be processed: the stage moves them itself, with the reason as an attribute. */
  grantSendToDeadLetters(fn: LambdaFunction): this {
    this.deadLetterQueue.grant(fn, 'sqs:SendMessage');
    fn.addEnvironment(this.props.deadLetterEnv, this.deadLetterQueue.queueUrl);
    return this;
  }

  /** Sets when a message becomes visible again: the retry schedule. */
  grantChangeVisibility(fn: LambdaFunction): this {
    this.queue.grant(fn, 'sqs:ChangeMessageVisibility');
    fn.addEnvironment(this.props.env, this.queue.queueUrl);
    return this;
  }

  /** Feeds a function in batches; each message is acknowledged or returned on its own. */
  consumedBy(fn: LambdaFunction, props: ConsumerProps): this {
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: props.batchSize,
        reportBatchItemFailures: true,
        maxConcurrency: props.maxConcurrency,
        ...(props.batchSize > 10 ? { maxBatchingWindow: Duration.seconds(1) } : {}),
      }),
    );
    return this;
  }
}
