import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import packageJson from '../package.json' with { type: 'json' };
import { PosthornDashboard } from './constructs/dashboard.ts';
import { DeliveryAlarms } from './constructs/delivery-alarms.ts';
import { PosthornApi } from './constructs/http-api.ts';
import { Operations } from './constructs/operations.ts';
import { Rollout } from './constructs/rollout.ts';
import { SupportStaffPolicy } from './constructs/support-staff-policy.ts';
import { TableAlarms } from './constructs/table-alarms.ts';
import type { Settings } from './settings.ts';
import { addApi, letLook } from './stages/api.ts';
import { addFanOut, eventsQueue } from './stages/fan-out.ts';
import { addIngest } from './stages/ingest.ts';
import { addRecovery, recoveryJobs } from './stages/recovery.ts';
import { addSender, deliveryQueues } from './stages/sender.ts';
import type { StageContext } from './stages/stage.ts';
import { addStatistics } from './stages/statistics.ts';
import { addSubscriptionGuard } from './stages/subscription-guard.ts';
import { tableDefinitions, type Tables } from './tables.ts';

export interface PosthornStackProps extends StackProps {
  tables: Tables;
  settings: Settings;
}

/** Everything that can be made anew, in the order in which an event passes through it. */
export class PosthornStack extends Stack {
  constructor(scope: Construct, id: string, { tables, settings, ...props }: PosthornStackProps) {
    super(scope, id, props);
    const operations = new Operations(this, 'Operations', settings);
    const rollout = new Rollout(this, 'Rollout', { name: settings.rollout, operations });
    const context: StageContext = { scope: this, tables, settings, operations, rollout, version: packageJson.version };

    const events = eventsQueue(context);
    const deliveries = deliveryQueues(context);
    const jobs = recoveryJobs(context);

    const ingest = addIngest(context, { events });
    const fanOut = addFanOut(context, { events, deliveries });
    const sender = addSender(context, { deliveries, jobs });
    const recovery = addRecovery(context, { jobs, deliveries });
    const api = addApi(context, { events, deliveries, jobs });
    const { guard, changes } = addSubscriptionGuard(context, { jobs });
    const { statistics, lines } = addStatistics(context);
    letLook(api, {
      queues: [events, deliveries.slow, jobs],
      deliveries: deliveries.fast,
      feeds: [changes, lines],
      operations,
    });
    const http = new PosthornApi(this, 'Http', { ingest, api, ...settings, operations });

    // What people may do, and what wakes them.
    const supportStaff = new SupportStaffPolicy(this, 'SupportStaff', tables);
    new TableAlarms(this, 'TableAlarms', { tables, operations });
    new DeliveryAlarms(this, 'DeliveryAlarms', { operations, probeSeconds: settings.probeSeconds });
    new PosthornDashboard(this, 'Dashboard', {
      stages: [ingest, fanOut, sender, api, recovery, guard, statistics],
      queues: [events, deliveries.fast, deliveries.slow, jobs],
      api: http,
      operations,
    });

    this.outputs({ ApiUrl: http.url, ConsoleUrl: `${http.url}/` });
    for (const [name, table] of tableDefinitions()) {
      if (table.output !== false) this.outputs({ [`${table.id}TableName`]: tables[name].table.tableName });
    }
    this.outputs({ SupportStaffPolicyArn: supportStaff.policyArn, NoticesTopicArn: operations.topic.topicArn });
    for (const [name, queue] of Object.entries({ Events: events, Deliveries: deliveries.fast, Recovery: jobs })) {
      this.outputs({
        [`${name}QueueUrl`]: queue.queue.queueUrl,
        [`${name}DeadLetterQueueUrl`]: queue.deadLetterQueue.queueUrl,
      });
    }
    this.outputs({ SlowDeliveriesQueueUrl: deliveries.slow.queue.queueUrl });
  }

  /** Printed by `cdk deploy`, under exactly these names. */
  private outputs(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
