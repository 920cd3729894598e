import { Validations } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Tables } from '../tables.ts';
import { KEY_WRITE } from './table.ts';

/** What the DynamoDB console asks for when a person looks through a table. */
const LOOK = ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'];
/** What it asks for when a person edits, duplicates or deletes rows. */
const EDIT = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'];

/**
 * A policy to attach to the role of support staff: edit subscriptions, look through the delivery log. Events are left
 * out: their payload is patient data, and support needs to know what happened to a call, not what was in it. Secrets
 * and API keys are denied, whatever else that role may do.
 */
export class SupportStaffPolicy extends Construct {
  readonly policyArn: string;

  constructor(scope: Construct, id: string, tables: Tables) {
    super(scope, id);
    const policy = new ManagedPolicy(this, 'Policy', {
      description: 'Posthorn support staff: edit subscriptions, read the delivery log; no secrets, no API keys',
      statements: [
        new PolicyStatement({
          sid: 'EditSubscriptions',
          actions: [...LOOK, ...EDIT],
          resources: tables.subscriptions.arns,
        }),
        new PolicyStatement({ sid: 'ReadDeliveryLog', actions: LOOK, resources: tables.attempts.arns }),
        ...tables.subscriptions.keyStatements(KEY_WRITE, 'UseKeyOfTables'),
        new PolicyStatement({ sid: 'FindTables', actions: ['dynamodb:ListTables'], resources: ['*'] }),
        new PolicyStatement({
          sid: 'NoSecretsNoKeys',
          effect: Effect.DENY,
          actions: ['dynamodb:*'],
          resources: [tables.signingSecrets, tables.apiKeys].flatMap((table) => [
            table.table.tableArn,
            // Indexes, streams and exports of these tables as well.
            `${table.table.tableArn}/*`,
          ]),
        }),
      ],
    });
    this.policyArn = policy.managedPolicyArn;
    Validations.of(policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'Only dynamodb:ListTables, with which the DynamoDB console begins: it shows names alone, and IAM can grant it no narrower.',
    });
  }
}
