import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import packageJson from '../package.json' with { type: 'json' };
import { ENV } from '../lambdas/runtime/env.ts';
import { ChangeFeed } from './constructs/change-feed.ts';
import { PosthornDashboard } from './constructs/dashboard.ts';
import type { DataStack } from './data-stack.ts';
import { DeadLetteredQueue } from './constructs/dead-lettered-queue.ts';
import { DeliveryAlarms } from './constructs/delivery-alarms.ts';
import { PosthornApi } from './constructs/http-api.ts';
import { Operations } from './constructs/operations.ts';
import { runEvery } from './constructs/schedule.ts';
import type { Settings } from './settings.ts';
import { StageFunction } from './constructs/function.ts';
import { SupportStaffPolicy } from './constructs/support-staff-policy.ts';
import { TableAlarms } from './constructs/table-alarms.ts';

export interface PosthornStackProps extends StackProps {
  data: DataStack;
  settings: Settings;
}

const VERSION = packageJson.version;

/** The longest timeout a subscription may ask for; the sender must outlive it and still write its log. */
const LONGEST_ATTEMPT = Duration.seconds(30);
const SENDER_TIMEOUT = Duration.seconds(LONGEST_ATTEMPT.toSeconds() + 15);
/** Time for one event to 10,000 subscriptions: about 1,000 calls of SendMessageBatch. */
const FAN_OUT_TIMEOUT = Duration.seconds(120);
/** API Gateway gives up after 30 s. */
const API_TIMEOUT = Duration.seconds(30);
const INGEST_TIMEOUT = Duration.seconds(10);
/** A page of a replay, or a look at every endpoint that is down. */
const RECOVERY_TIMEOUT = Duration.seconds(120);
/** A deleted row that had the id of another's subscription may leave tens of thousands of held deliveries to clean up. */
const GUARD_TIMEOUT = Duration.seconds(120);

/** One try and three retries. */
const DELIVERY_RECEIVES = 4;
/** Fan-out fails only when AWS does; a few more tries outlast that, a poison message never waits for them. */
const EVENT_RECEIVES = 5;
/** A step of a release or a replay fails only when AWS does. */
const RECOVERY_RECEIVES = 5;

/** Fan-out takes an event within a second; five minutes of waiting mean that it does not work. */
const OLDEST_EVENT = Duration.minutes(5);
/** A customer may ask twice for up to 15 minutes (`Retry-After`) before CloudWatch leaves the message out. */
const OLDEST_DELIVERY = Duration.minutes(45);
/** The next step of a job is due within a minute. */
const OLDEST_JOB = Duration.minutes(30);
/** Jobs worked on at the same time: each is one customer's. */
const RECOVERY_CONCURRENCY = 5;

/** Everything that can be made anew, in the order in which an event passes through it. */
export class PosthornStack extends Stack {
  constructor(scope: Construct, id: string, props: PosthornStackProps) {
    super(scope, id, props);
    const { data, settings } = props;
    const operations = new Operations(this, 'Operations', settings);
    const formats = {
      [ENV.clinicV1Sunset]: settings.clinicV1Sunset,
      [ENV.clinicV1StatusCodes]: JSON.stringify(settings.clinicV1StatusCodes),
    };
    const retention = {
      [ENV.eventRetentionDays]: String(settings.eventRetentionDays),
      [ENV.attemptRetentionDays]: String(settings.attemptRetentionDays),
    };
    const audit = { [ENV.auditRetentionDays]: String(settings.auditRetentionDays) };

    // producer → ingest → events
    const events = new DeadLetteredQueue(this, 'Events', {
      name: 'events',
      env: ENV.eventsQueueUrl,
      deadLetterEnv: ENV.eventsDeadLetterQueueUrl,
      consumerTimeout: FAN_OUT_TIMEOUT,
      maxReceiveCount: EVENT_RECEIVES,
      oldest: OLDEST_EVENT,
      operations,
    });
    const ingest = new StageFunction(this, 'Ingest', {
      stage: 'ingest',
      description: 'Validates what producers post and queues it',
      timeout: INGEST_TIMEOUT,
      memorySize: 512,
      operations,
    });
    events.grantSend(ingest);
    data.apiKeys.grantRead(ingest);
    data.idempotency.grantReadWrite(ingest);

    // events → fan-out → deliveries, in two lanes that share their dead letters
    const deliveries = new DeadLetteredQueue(this, 'Deliveries', {
      name: 'deliveries',
      env: ENV.deliveriesQueueUrl,
      deadLetterEnv: ENV.deliveriesDeadLetterQueueUrl,
      consumerTimeout: SENDER_TIMEOUT,
      maxReceiveCount: DELIVERY_RECEIVES,
      oldest: OLDEST_DELIVERY,
      operations,
    });
    const slowDeliveries = new DeadLetteredQueue(this, 'SlowDeliveries', {
      name: 'deliveries-slow',
      env: ENV.slowDeliveriesQueueUrl,
      deadLetterEnv: ENV.deliveriesDeadLetterQueueUrl,
      consumerTimeout: SENDER_TIMEOUT,
      maxReceiveCount: DELIVERY_RECEIVES,
      oldest: OLDEST_DELIVERY,
      operations,
      deadLetterQueue: deliveries.deadLetterQueue,
    });
    const fanOut = new StageFunction(this, 'FanOut', {
      stage: 'fan-out',
      description: 'Finds the subscriptions of an event and queues a delivery for each',
      timeout: FAN_OUT_TIMEOUT,
      memorySize: 1024,
      operations,
      environment: { ...retention, [ENV.allowHttp]: String(settings.allowHttp) },
    });
    events.consumedBy(fanOut, { batchSize: 10, maxConcurrency: settings.fanOutConcurrency });
    events.grantSendToDeadLetters(fanOut);
    data.subscriptions.grantRead(fanOut);
    // Who is slow just now, all at once: only endpoints in trouble have a row.
    data.endpointHealth.grantScan(fanOut);
    data.events.grantReadWrite(fanOut);
    deliveries.grantSend(fanOut);
    slowDeliveries.grantSend(fanOut);

    // deliveries → sender → customer
    const sender = new StageFunction(this, 'Sender', {
      stage: 'sender',
      description: 'Sends deliveries to customers and writes the delivery log',
      // Its slow lane is its own queue, and a probe that succeeds makes recovery send it the next deliveries.
      sendsToItself: true,
      timeout: SENDER_TIMEOUT,
      // Waits most of its time, which is billed by memory.
      memorySize: 256,
      operations,
      environment: {
        ...formats,
        ...retention,
        [ENV.allowHttp]: String(settings.allowHttp),
        [ENV.retryDelays]: settings.retryDelays.join(','),
        [ENV.circuitFailures]: String(settings.circuitFailures),
        [ENV.circuitSeconds]: String(settings.circuitSeconds),
        [ENV.version]: VERSION,
      },
    });
    deliveries.consumedBy(sender, {
      batchSize: settings.senderBatchSize,
      maxConcurrency: settings.senderConcurrency,
    });
    slowDeliveries.consumedBy(sender, {
      batchSize: settings.senderBatchSize,
      maxConcurrency: settings.slowSenderConcurrency,
    });
    deliveries.grantChangeVisibility(sender).grantSendToDeadLetters(sender);
    slowDeliveries.grantChangeVisibility(sender).grantSend(sender);
    // Update: a 410 deactivates the subscription.
    data.subscriptions.grantRead(sender).grant(sender, ['dynamodb:UpdateItem']);
    data.signingSecrets.grantRead(sender);
    data.endpointHealth.grantReadWrite(sender);
    data.attempts.grantReadWrite(sender);
    data.heldDeliveries.grantWrite(sender);

    // recovery: looks after endpoints that are down, sends what was held for them
    const jobs = new DeadLetteredQueue(this, 'Recovery', {
      name: 'recovery',
      env: ENV.recoveryQueueUrl,
      deadLetterEnv: ENV.recoveryDeadLetterQueueUrl,
      consumerTimeout: RECOVERY_TIMEOUT,
      maxReceiveCount: RECOVERY_RECEIVES,
      oldest: OLDEST_JOB,
      operations,
    });
    const recovery = new StageFunction(this, 'RecoveryFunction', {
      stage: 'recovery',
      description: 'Probes endpoints that are down and sends what was held for them',
      // A page of a replay or release asks for the next one through its own queue.
      sendsToItself: true,
      timeout: RECOVERY_TIMEOUT,
      memorySize: 512,
      operations,
      environment: {
        ...retention,
        [ENV.probeSeconds]: String(settings.probeSeconds),
        [ENV.downDays]: String(settings.downDays),
        [ENV.stuckSeconds]: String(settings.stuckSeconds),
      },
    });
    jobs.grantSend(sender);
    jobs.consumedBy(recovery, { batchSize: 10, maxConcurrency: RECOVERY_CONCURRENCY });
    jobs.grantSend(recovery).grantSendToDeadLetters(recovery);
    runEvery(recovery, 'Probes', settings.probeSeconds, { task: 'look-after' });
    runEvery(recovery, 'Reconciler', settings.reconcileSeconds, { task: 'reconcile' });
    // Update: an endpoint that is down for too long has its subscription deactivated.
    data.subscriptions.grantRead(recovery).grant(recovery, ['dynamodb:UpdateItem']);
    data.endpointHealth.grantReadWrite(recovery).grantScan(recovery);
    data.attempts.grantRead(recovery);
    data.heldDeliveries.grantReadWrite(recovery);
    slowDeliveries.grantSend(recovery);
    // Replays: which events matched, how far they are.
    data.events.grantRead(recovery);
    data.replays.grantReadWrite(recovery);
    deliveries.grantSend(recovery);
    // The sender counts how a replay's deliveries end.
    data.replays.grant(sender, ['dynamodb:UpdateItem']);
    operations.grantNotify(recovery);

    // support and customers → api
    const api = new StageFunction(this, 'Api', {
      stage: 'api',
      description: 'Management API and console',
      timeout: API_TIMEOUT,
      memorySize: 512,
      operations,
      environment: {
        ...formats,
        ...retention,
        ...audit,
        [ENV.allowHttp]: String(settings.allowHttp),
        [ENV.version]: VERSION,
      },
      files: { from: 'console/dist/files', to: 'console' },
    });
    data.subscriptions.grantReadWrite(api).grantScan(api);
    data.signingSecrets.grantReadWrite(api);
    data.endpointHealth.grantReadWrite(api);
    data.events.grantRead(api);
    data.attempts.grantRead(api);
    data.apiKeys.grantReadWrite(api).grantScan(api);
    // Records are added and read, never changed or deleted.
    data.auditTrail.grant(api, ['dynamodb:PutItem', 'dynamodb:Query']);
    events.grantSend(api);
    // Redeliveries go straight to a sender; replays, and endpoints to be looked at now, to recovery.
    deliveries.grantSend(api);
    jobs.grantSend(api);
    data.replays.grantReadWrite(api).grantScan(api);

    // people in the table → subscription-guard → the row itself
    const guard = new StageFunction(this, 'SubscriptionGuard', {
      stage: 'subscription-guard',
      description:
        'Says in a subscription row what is wrong with it, makes missing secrets, cleans up after deleted ones',
      timeout: GUARD_TIMEOUT,
      memorySize: 512,
      operations,
      environment: { ...audit, [ENV.allowHttp]: String(settings.allowHttp) },
    });
    new ChangeFeed(this, 'SubscriptionChanges', {
      name: 'subscription-changes',
      table: data.subscriptions,
      consumer: guard,
      operations,
    });
    data.subscriptions.grant(guard, ['dynamodb:GetItem', 'dynamodb:UpdateItem']);
    data.signingSecrets.grant(guard, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem']);
    data.endpointHealth.grant(guard, ['dynamodb:DeleteItem']);
    data.heldDeliveries.grant(guard, ['dynamodb:Query', 'dynamodb:BatchWriteItem']);
    data.auditTrail.grant(guard, ['dynamodb:PutItem', 'dynamodb:GetItem']);
    // Recovery tells operators when an endpoint's 410 has switched its subscription off.
    jobs.grantSend(guard);

    const http = new PosthornApi(this, 'Http', {
      ingest,
      api,
      throttleRate: settings.throttleRate,
      throttleBurst: settings.throttleBurst,
      operations,
    });

    // what people may do, and what wakes them
    const supportStaff = new SupportStaffPolicy(this, 'SupportStaff', data);
    new TableAlarms(this, 'TableAlarms', { data, operations });
    new DeliveryAlarms(this, 'DeliveryAlarms', { operations, probeSeconds: settings.probeSeconds });
    new PosthornDashboard(this, 'Dashboard', {
      stages: [ingest, fanOut, sender, api, recovery, guard],
      queues: [events, deliveries, slowDeliveries, jobs],
      api: http,
    });

    this.output('ApiUrl', http.url);
    this.output('ConsoleUrl', `${http.url}/`);
    this.output('SubscriptionsTableName', data.subscriptions.table.tableName);
    this.output('SigningSecretsTableName', data.signingSecrets.table.tableName);
    this.output('EndpointHealthTableName', data.endpointHealth.table.tableName);
    this.output('EventsTableName', data.events.table.tableName);
    this.output('AttemptsTableName', data.attempts.table.tableName);
    this.output('HeldDeliveriesTableName', data.heldDeliveries.table.tableName);
    this.output('ReplaysTableName', data.replays.table.tableName);
    this.output('ApiKeysTableName', data.apiKeys.table.tableName);
    this.output('AuditTrailTableName', data.auditTrail.table.tableName);
    this.output('SupportStaffPolicyArn', supportStaff.policyArn);
    this.output('NoticesTopicArn', operations.topic.topicArn);
    this.output('EventsQueueUrl', events.queue.queueUrl);
    this.output('EventsDeadLetterQueueUrl', events.deadLetterQueue.queueUrl);
    this.output('DeliveriesQueueUrl', deliveries.queue.queueUrl);
    this.output('SlowDeliveriesQueueUrl', slowDeliveries.queue.queueUrl);
    this.output('DeliveriesDeadLetterQueueUrl', deliveries.deadLetterQueue.queueUrl);
    this.output('RecoveryQueueUrl', jobs.queue.queueUrl);
    this.output('RecoveryDeadLetterQueueUrl', jobs.deadLetterQueue.queueUrl);
  }

  /** Printed by `cdk deploy`, under exactly this name. */
  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
