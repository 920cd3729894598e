import { Annotations, CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import packageJson from '../package.json' with { type: 'json' };
import { PosthornDashboard } from './constructs/dashboard.ts';
import { DeliveryAlarms } from './constructs/delivery-alarms.ts';
import { Edge } from './constructs/edge.ts';
import { Egress, joined } from './constructs/egress.ts';
import { PosthornApi } from './constructs/http-api.ts';
import { Operations } from './constructs/operations.ts';
import { OperatorsPolicy } from './constructs/operators-policy.ts';
import { Rollout } from './constructs/rollout.ts';
import { SHORTEST_SECONDS } from './constructs/schedule.ts';
import { SupportStaffPolicy } from './constructs/support-staff-policy.ts';
import { TableAlarms } from './constructs/table-alarms.ts';
import { useOwnFlags } from './feature-flags.ts';
import { PosthornTables } from './posthorn-tables.ts';
import { settingsOf, type PosthornProps } from './props.ts';
import type { Settings } from './settings.ts';
import { addApi, letLook } from './stages/api.ts';
import { addFanOut, eventsQueue } from './stages/fan-out.ts';
import { addIngest } from './stages/ingest.ts';
import { addRecovery, recoveryJobs } from './stages/recovery.ts';
import { addSender, deliveryQueues } from './stages/sender.ts';
import type { StageContext } from './stages/stage.ts';
import { addStatistics } from './stages/statistics.ts';
import { addSubscriptionGuard } from './stages/subscription-guard.ts';
import { tableDefinitions } from './tables.ts';

/**
 * Webhook delivery: the whole of Posthorn as one construct, in the order in which an event passes through it.
 *
 * ```ts
 * const webhooks = new Posthorn(this, 'Webhooks', { alarmEmail: 'oncall@example.com', downDays: 7 });
 * new CfnOutput(this, 'Webhooks', { value: webhooks.url });
 * ```
 *
 * It needs no VPC and nothing else of its stack, and may stand in a nested one; several may stand in one app.
 * @throws one error that names every property that cannot be understood, what was expected and what came.
 */
export class Posthorn extends Construct {
  /** Of the HTTP API, `https://….amazonaws.com`, without a slash at the end. */
  readonly url: string;
  /** Of the console. */
  readonly consoleUrl: string;
  /** Where alarms and notices arrive; systems on call subscribe here. */
  readonly noticesTopic: ITopic;
  /** Of the managed policy for the role of operators. */
  readonly operatorsPolicyArn: string;
  /** Of the managed policy for the role of support staff. */
  readonly supportStaffPolicyArn: string;
  /** As given, else the default. */
  readonly settings: Settings;
  /** How it is called in alarms, dashboard and metrics. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: PosthornProps = {}) {
    super(scope, id);
    useOwnFlags(this);
    const settings = settingsOf(this, props);
    this.settings = settings;
    this.name = settings.name;
    const tables = props.tables ?? new PosthornTables(this, 'Data', settings).tables;
    const operations = new Operations(this, 'Operations', settings);
    const queuesKey = settings.encryption === 'own' ? this.newQueuesKey() : undefined;
    const egress =
      settings.egressZones > 0 ? new Egress(this, 'Egress', { zones: settings.egressZones, operations }) : undefined;
    const edge = settings.webAclArn === '' ? undefined : new Edge(this, 'Edge', settings);
    const rollout = new Rollout(this, 'Rollout', { name: settings.rollout, operations });
    const context: StageContext = {
      scope: this,
      tables,
      settings,
      operations,
      rollout,
      queuesKey,
      edge,
      version: packageJson.version,
    };

    const events = eventsQueue(context);
    const deliveries = deliveryQueues(context);
    const jobs = recoveryJobs(context);

    const ingest = addIngest(context, { events });
    const fanOut = addFanOut(context, { events, deliveries });
    const sender = addSender(context, { deliveries, jobs, egress });
    const recovery = addRecovery(context, { jobs, events, deliveries });
    const api = addApi(context, { events, deliveries, jobs }, egress?.addresses ?? []);
    const { guard, changes } = addSubscriptionGuard(context, { jobs });
    const { statistics, lines } = addStatistics(context);
    letLook(api, {
      queues: [events, deliveries.slow, jobs],
      deliveries: deliveries.fast,
      feeds: [changes, lines],
      operations,
    });
    const http = new PosthornApi(this, 'Http', { ingest, api, ...settings, edge, operations });
    this.url = http.url;
    this.consoleUrl = `${http.url}/`;

    if (settings.permissionsBoundary !== '') this.bound(settings.permissionsBoundary);
    for (const [tag, value] of Object.entries(settings.tags)) Tags.of(this).add(tag, value);

    // What people may do, and what wakes them.
    const queues = [events, deliveries.fast, deliveries.slow, jobs];
    const functions = [ingest, fanOut, sender, api, recovery, guard, statistics];
    const operators = new OperatorsPolicy(this, 'OperatorsPolicy', {
      functions,
      queues,
      tables,
      accessLog: http.accessLog,
    });
    this.operatorsPolicyArn = operators.policyArn;
    const supportStaff = new SupportStaffPolicy(this, 'SupportStaff', tables);
    this.supportStaffPolicyArn = supportStaff.policyArn;
    this.noticesTopic = operations.topic;
    new TableAlarms(this, 'TableAlarms', { tables, operations });
    new DeliveryAlarms(this, 'DeliveryAlarms', { operations, probeSeconds: settings.probeSeconds });
    new PosthornDashboard(this, 'Dashboard', {
      stages: functions,
      queues,
      api: http,
      operations,
    });

    this.outputs({ ApiUrl: this.url, ConsoleUrl: this.consoleUrl });
    for (const [name, table] of tableDefinitions()) {
      if (table.output !== false) this.outputs({ [`${table.id}TableName`]: tables[name].table.tableName });
    }
    this.outputs({ OperatorsPolicyArn: operators.policyArn });
    this.outputs({ SupportStaffPolicyArn: supportStaff.policyArn, NoticesTopicArn: operations.topic.topicArn });
    for (const [name, queue] of Object.entries({ Events: events, Deliveries: deliveries.fast, Recovery: jobs })) {
      this.outputs({
        [`${name}QueueUrl`]: queue.queue.queueUrl,
        [`${name}DeadLetterQueueUrl`]: queue.deadLetterQueue.queueUrl,
      });
    }
    if (egress) this.outputs({ SourceIps: joined(egress.addresses) });
    if (http.domainTarget) this.outputs({ DomainTarget: http.domainTarget });
    this.outputs({ SlowDeliveriesQueueUrl: deliveries.slow.queue.queueUrl });
    this.warn();
  }

  private newQueuesKey(): Key {
    return new Key(this, 'QueuesKey', {
      description: 'Posthorn: queues at rest',
      enableKeyRotation: true,
      // Messages that nobody can read any more; a first deployment that fails leaves none.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  private bound(policy: string): void {
    const isArn = policy.startsWith('arn:');
    PermissionsBoundary.of(this).apply(
      isArn
        ? ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', policy)
        : ManagedPolicy.fromManagedPolicyName(this, 'Boundary', policy),
    );
  }

  /** Printed by `cdk deploy`, under exactly these names: in a stack with more in it, after the construct's own id. */
  private outputs(values: Record<string, string>): void {
    const above = Stack.of(this).node.scopes.length;
    const ids = this.node.scopes.slice(above).map(({ node }) => node.id);
    const prefix = ids.filter((id) => id !== 'Default').join('');
    for (const [name, value] of Object.entries(values)) {
      new CfnOutput(this, name, { value }).overrideLogicalId(`${prefix}${name}`.replace(/[^A-Za-z0-9]/g, ''));
    }
  }

  private warn(): void {
    for (const name of ['probeSeconds', 'reconcileSeconds'] as const) {
      const seconds = this.settings[name];
      if (seconds >= SHORTEST_SECONDS) continue;
      Annotations.of(this).addWarningV2(
        `posthorn:${name}`,
        `${name} is ${seconds}: EventBridge refuses less than ${SHORTEST_SECONDS}, so this works on the local platform only.`,
      );
    }
  }
}
