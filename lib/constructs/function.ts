import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, LoggingFormat, RecursiveLoop, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { ENV } from '../../lambdas/runtime/env.ts';
import { functionCode, type FunctionCodeProps } from './function-code.ts';
import type { Egress } from './egress.ts';
import type { Operations } from './operations.ts';
import type { Rollout } from './rollout.ts';
import { PERIOD } from './stage-metric.ts';

/** The name by which everything calls a function. */
const LIVE = 'live';

/** Part of its timeout that a function may take. Fan-out stops by itself at 110 of 120 s, which must ring too. */
const NEAR_TIMEOUT = 0.9;

export interface StageFunctionProps extends FunctionCodeProps {
  description: string;
  timeout: Duration;
  /** MiB; CPU grows with it. */
  memorySize: number;
  /** Keeps its log and hears its alarms. */
  operations: Operations;
  /** How a new version takes over. */
  rollout: Rollout;
  environment?: Record<string, string>;
  /** Network that it is connected to. @default none: it reaches the internet as Lambda does */
  egress?: Egress | undefined;
  /**
   * It sends messages that come back to it, on purpose and with an end. Lambda takes a chain of about 16 such invocations
   * for a runaway loop and stops it, unless it is told not to
   * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html): a replay of 17 pages would never finish.
   * @default false
   */
  sendsToItself?: boolean;
  /**
   * Runs at the same time, at most, kept apart from the account's. Only for a function behind no queue: throttled
   * invocations use up receives. @default none of its own
   */
  reservedConcurrency?: number | undefined;
  /** Part of its timeout that rings; less for a function that stops by itself before. @default 0.9 */
  nearTimeout?: number;
}

/**
 * A stage's function: Node 24 on arm64, one ESM file with the AWS SDK inside, its own log group with an end, its alarms.
 * Permissions come from the grants of what it uses; it starts with none but writing its own log.
 */
export class StageFunction extends NodejsFunction {
  readonly stage: string;
  /**
   * What queues, streams, schedules and the API call: the version that was last published as a whole. CloudFormation changes a
   * function's code and its variables in two calls, and between them nobody may run it.
   */
  readonly live: Alias;

  constructor(scope: Construct, id: string, props: StageFunctionProps) {
    const logGroup = props.operations.logGroup(scope, `${id}Logs`, { removalPolicy: RemovalPolicy.DESTROY });
    // A role of our own: the one that CDK makes carries AWSLambdaBasicExecutionRole, which may write any log group.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    props.egress?.grantConnect(role);
    super(scope, id, {
      ...functionCode(props),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memorySize,
      reservedConcurrentExecutions: props.reservedConcurrency,
      logGroup,
      ...props.egress?.network,
      // Lambda's own lines only when something is wrong: START, END and REPORT of every invocation would be a quarter of
      // all log bytes. Our lines go to standard output as they are; the format changes console.log alone, which nobody uses.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      recursiveLoop: props.sendsToItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      role,
      // Kept when the next one takes over, for the way back within seconds; but not when a deployment fails: Lambda publishes
      // no second version of the same code, so the next try would find its version taken.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      ...(props.environment ? { environment: props.environment } : {}),
    });
    this.stage = props.stage;
    this.live = new Alias(this, 'Live', { aliasName: LIVE, version: this.currentVersion });
    props.rollout.of(this.live, props.stage);
    this.addEnvironment(ENV.metricsNamespace, props.operations.namespace);
    this.acknowledgeFindings(role);
    this.alarm(props);
  }

  private alarm({ stage, operations, timeout, nearTimeout = NEAR_TIMEOUT }: StageFunctionProps): void {
    operations.alarm(this, 'ErrorsAlarm', {
      name: `${stage}-errors`,
      description: `The ${stage} function crashes, times out or cannot start.`,
      metric: this.metricErrors({ period: PERIOD }),
      above: 0,
      ofThree: 2,
    });
    operations.alarm(this, 'ThrottlesAlarm', {
      name: `${stage}-throttled`,
      description: `Lambda refuses to run the ${stage} function: the account's concurrency is used up.`,
      metric: this.metricThrottles({ period: PERIOD }),
      above: 0,
    });
    operations.alarm(this, 'DurationAlarm', {
      name: `${stage}-near-timeout`,
      description: `The ${stage} function takes more than ${nearTimeout * 100} % of its timeout.`,
      metric: this.metricDuration({ period: PERIOD, statistic: 'p99' }),
      above: nearTimeout * timeout.toMilliseconds(),
      ofThree: 3,
    });
  }

  /** Rules of the compliance packs that would harm here. Why each: docs/adr/0006-compliance-packs-and-alarms.md. */
  private acknowledgeFindings(role: Role): void {
    Validations.of(role).acknowledge({
      id: 'HIPAA.Security-IAMNoInlinePolicy',
      reason:
        'The policy is generated from the grants in lib/, belongs to this one role and goes with it; a managed policy could be attached to others as well.',
    });
    Validations.of(this).acknowledge(
      {
        id: 'HIPAA.Security-LambdaConcurrency',
        reason:
          'Reserved concurrency throttles, and each throttled invocation uses up one of the four receives of a delivery. Queues are limited by maxConcurrency on their event source, HTTP by the throttle of the API and, where nothing is lost by it, a reserve of its own.',
      },
      {
        id: 'HIPAA.Security-LambdaDLQ',
        reason:
          'It would see asynchronous invocations only. Here nothing is lost with one: HTTP and event sources invoke synchronously and what fails stays in its queue, whose own dead-letter queue is alarmed; a schedule comes again.',
      },
      {
        id: 'HIPAA.Security-LambdaInsideVPC',
        reason:
          'Customers choose the URLs that are called: inside a VPC they would be a way into the network. Functions reach AWS services only, by TLS and IAM; nothing of Posthorn lives in a VPC.',
      },
    );
  }
}
