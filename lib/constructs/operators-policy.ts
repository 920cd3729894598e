import { Stack, Validations, type CfnElement } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Tables } from '../tables.ts';
import type { DeadLetteredQueue } from './dead-lettered-queue.ts';
import type { StageFunction } from './function.ts';

export interface OperatorsPolicyProps {
  functions: StageFunction[];
  queues: DeadLetteredQueue[];
  tables: Tables;
  /** Of the API: who asked for what, without payloads. */
  accessLog: ILogGroup;
}

/** Numbers, names, limits and answers to queries, for which IAM knows no narrower resource. */
const LOOK_ANYWHERE = [
  'lambda:GetAccountSettings',
  'lambda:ListEventSourceMappings',
  // Of a query that somebody was allowed to start.
  'logs:GetQueryResults',
];

const LOOK_AT_FUNCTION = ['GetAlias', 'GetFunction', 'GetFunctionConfiguration', 'GetPolicy', 'ListVersionsByFunction'];
/** Back to the version before, and what a schedule or the api lost. */
const MEND_FUNCTION = ['AddPermission', 'InvokeFunction', 'PutFunctionConcurrency', 'UpdateAlias'];
const MEND_SCHEDULE = ['DescribeRule', 'EnableRule', 'ListRuleNamesByTarget', 'PutTargets'];
/** A redrive, by SQS or message by message; its caller needs what it does. */
const REDRIVE_FROM = [
  'StartMessageMoveTask',
  'ListMessageMoveTasks',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
];
const KEEP_KEYS = ['GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem'];
/** What DynamoDB asks of its caller for the table that it makes of a copy, and for what a copy leaves out. */
const RESTORE_INTO = [
  ...['RestoreTableToPointInTime', 'DescribeTable', 'GetItem', 'Query', 'Scan'],
  ...['BatchWriteItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  ...['UpdateTable', 'UpdateContinuousBackups', 'UpdateTimeToLive'],
];
/** How the names of restored tables begin in the runbook. */
const RESTORED = 'restored-';

const of = (service: string, names: readonly string[]): string[] => names.map((name) => `${service}:${name}`);

/**
 * A policy to attach to the role of operators: what docs/runbook.md does by command line, and nothing else. Deploying is left to
 * the roles that CDK's bootstrap makes; restoring or writing back other tables than Subscriptions, whose copies hold payloads or
 * secrets, to whoever administers the account. To redrive dead letters is to receive them, and
 * they hold payloads. A test takes each command of the runbook.
 */
export class OperatorsPolicy extends Construct {
  readonly policyArn: string;

  constructor(scope: Construct, id: string, props: OperatorsPolicyProps) {
    super(scope, id);
    const policy = new ManagedPolicy(this, 'Policy', {
      description: 'Posthorn operators: what the runbook does',
      statements: [...this.functions(props), ...this.queues(props), ...this.tables(props), ...this.surroundings()],
    });
    this.policyArn = policy.managedPolicyArn;
    this.acknowledge(policy, props.functions);
  }

  private functions({ functions, accessLog }: OperatorsPolicyProps): PolicyStatement[] {
    const arns = functions.map(({ functionArn }) => functionArn);
    const { partition, region, account } = Stack.of(this);
    return [
      new PolicyStatement({ actions: LOOK_ANYWHERE, resources: ['*'] }),
      new PolicyStatement({
        actions: of('lambda', [...LOOK_AT_FUNCTION, ...MEND_FUNCTION]),
        // Versions and the alias as well.
        resources: arns.flatMap((arn) => [arn, `${arn}:*`]),
      }),
      new PolicyStatement({
        actions: ['lambda:UpdateEventSourceMapping'],
        resources: [`arn:${partition}:lambda:${region}:${account}:event-source-mapping:*`],
        // Queues and streams call the alias.
        conditions: { ArnLike: { 'lambda:FunctionArn': arns.map((arn) => `${arn}:*`) } },
      }),
      new PolicyStatement({
        actions: ['logs:FilterLogEvents'],
        resources: functions.map(({ logGroup }) => logGroup.logGroupArn),
      }),
      // Its class (INFREQUENT_ACCESS) is read by queries alone.
      new PolicyStatement({ actions: ['logs:StartQuery'], resources: [accessLog.logGroupArn] }),
    ];
  }

  private queues({ queues }: OperatorsPolicyProps): PolicyStatement[] {
    const sources = queues.map(({ queue }) => queue);
    const dead = [...new Set(queues.map(({ deadLetterQueue }) => deadLetterQueue))];
    const key = sources[0]?.encryptionMasterKey;
    return [
      new PolicyStatement({
        actions: ['sqs:GetQueueAttributes'],
        resources: [...sources, ...dead].map(({ queueArn }) => queueArn),
      }),
      new PolicyStatement({ actions: of('sqs', REDRIVE_FROM), resources: dead.map(({ queueArn }) => queueArn) }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: sources.map(({ queueArn }) => queueArn) }),
      ...(key
        ? [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] })]
        : []),
    ];
  }

  private tables({ tables }: OperatorsPolicyProps): PolicyStatement[] {
    const { partition, region, account } = Stack.of(this);
    return [
      new PolicyStatement({ actions: of('dynamodb', KEEP_KEYS), resources: tables.apiKeys.arns }),
      // Rows put back from a restored table.
      new PolicyStatement({
        actions: ['dynamodb:RestoreTableToPointInTime', 'dynamodb:PutItem'],
        resources: [tables.subscriptions.table.tableArn],
      }),
      new PolicyStatement({
        actions: of('dynamodb', RESTORE_INTO),
        resources: [`arn:${partition}:dynamodb:${region}:${account}:table/${RESTORED}*`],
      }),
      ...tables.apiKeys.keyStatements(['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey', 'kms:CreateGrant']),
    ];
  }

  private surroundings(): PolicyStatement[] {
    const above = this.node.scope!;
    const rules = above.node.findAll().filter((node) => node instanceof Rule);
    return [
      new PolicyStatement({ actions: of('events', MEND_SCHEDULE), resources: rules.map(({ ruleArn }) => ruleArn) }),
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
        resources: [Stack.of(this).stackId],
      }),
    ];
  }

  private acknowledge(policy: ManagedPolicy, functions: StageFunction[]): void {
    const id = (resource: string): string => `AwsSolutions-IAM5[Resource::${resource}]`;
    const here = '<AWS::Region>:<AWS::AccountId>';
    const idOf = (fn: StageFunction): string => Stack.of(fn).getLogicalId(fn.node.defaultChild as CfnElement);
    Validations.of(policy).acknowledge(
      {
        id: id('*'),
        reason: `Only ${LOOK_ANYWHERE.join(' and ')}: names and limits of the account, and answers to queries of one's own, for which IAM knows no narrower resource.`,
      },
      ...functions.map((fn) => ({
        id: id(`<${idOf(fn)}.Arn>:*`),
        reason:
          'The versions and the alias of this one function, between which operators go back; their numbers are not known before.',
      })),
      {
        id: id(`arn:<AWS::Partition>:lambda:${here}:event-source-mapping:*`),
        reason:
          'Only mappings of this Posthorn: a condition names its functions. The id of a mapping is made by Lambda.',
      },
      {
        id: id(`arn:<AWS::Partition>:dynamodb:${here}:table/${RESTORED}*`),
        reason:
          'Tables that operators themselves restore to a point in time, and name: the runbook says how such names begin.',
      },
    );
  }
}
