import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type ITable,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { EnvName } from '../../lambdas/runtime/env.ts';
import { adoptedTable } from './adopted-table.ts';

interface TableIndex {
  name: string;
  partitionKey: string;
  sortKey?: string;
  /** @default only the keys */
  projectAll?: boolean;
}

export interface PosthornTableProps {
  partitionKey: string;
  sortKey?: string;
  /** The variable that tells a function this table's name. */
  env: EnvName;
  /** Rows carry `expires_at` (seconds since the epoch) and are deleted some time after. @default false */
  expires?: boolean;
  /** Every change is handed on, with the row after it, or before and after. @default not */
  stream?: 'new' | 'both';
  indexes?: TableIndex[];
  /** A key of our own. @default as {@link awsKey} says */
  encryptionKey?: IKey | undefined;
  /** Whose key it is without one: AWS's key for DynamoDB in this account, or one that AWS owns. @default managed */
  awsKey?: 'managed' | 'owned';
  /** Used instead of a new one, see {@link adoptedTable}. @default a new one is made */
  adopted?: string | undefined;
}

/**
 * What DynamoDB asks of its caller for a key of our own, without the wildcards of `grantEncryptDecrypt`.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const KEY_READ = ['kms:Decrypt', 'kms:DescribeKey'];
export const KEY_WRITE = [
  ...KEY_READ,
  'kms:Encrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
];
/** What a function may be allowed to do with a table. `Scan` is for lists that span all organizations and are short. */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem';
const VIEWS = { new: StreamViewType.NEW_IMAGE, both: StreamViewType.NEW_AND_OLD_IMAGES };
const READS: readonly TableAction[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];

/**
 * The kind of table that Posthorn uses everywhere: on demand, with point-in-time recovery, retained when the stack is
 * deleted, protected from deletion. All keys are strings. Each grant names its actions and sets the function's
 * variable. (`Table`, not `TableV2`: that one refuses a customer-managed key in a stack that is not bound to a region.)
 */
export class PosthornTable extends Construct {
  readonly table: ITable;
  private readonly env: EnvName;
  private readonly indexes: TableIndex[];
  /** Key of our own. */
  readonly encryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: PosthornTableProps) {
    super(scope, id);
    this.env = props.env;
    this.indexes = props.indexes ?? [];
    this.encryptionKey = props.encryptionKey;
    if (props.adopted !== undefined) {
      this.table = adoptedTable(this, 'Table', props.adopted);
      return;
    }
    const table = new Table(this, 'Table', {
      partitionKey: { name: props.partitionKey, type: AttributeType.STRING },
      ...(props.sortKey ? { sortKey: { name: props.sortKey, type: AttributeType.STRING } } : {}),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(props.encryptionKey
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey }
        : { encryption: props.awsKey === 'owned' ? TableEncryption.DEFAULT : TableEncryption.AWS_MANAGED }),
      ...(props.expires ? { timeToLiveAttribute: 'expires_at' } : {}),
      ...(props.stream ? { stream: VIEWS[props.stream] } : {}),
    });
    this.table = table;
    Validations.of(table).acknowledge({
      id: 'HIPAA.Security-DynamoDBInBackupPlan',
      reason:
        'Point-in-time recovery keeps an exact copy of every second of the last 35 days, deletion protection and RETAIN guard the table itself. Longer or off-account copies belong into the vaults of the organization, whose plans select tables by their own tags.',
    });
    for (const index of this.indexes) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        ...(index.sortKey ? { sortKey: { name: index.sortKey, type: AttributeType.STRING } } : {}),
        projectionType: index.projectAll ? ProjectionType.ALL : ProjectionType.KEYS_ONLY,
      });
    }
  }

  /** Lets a function that only hears of changes read them. */
  grantDecrypt(fn: LambdaFunction): this {
    this.encryptionKey?.grant(fn, ...KEY_READ);
    return this;
  }

  /**
   * For people: a table under a key of our own answers nobody who may not use that key. Through DynamoDB alone, for the key opens
   * more tables. Nothing where AWS owns the key.
   */
  keyStatements(actions: string[], sid?: string): PolicyStatement[] {
    if (this.encryptionKey === undefined) return [];
    const conditions = { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` } };
    return [new PolicyStatement({ ...(sid && { sid }), actions, resources: [this.encryptionKey.keyArn], conditions })];
  }

  get indexNames(): string[] {
    return this.indexes.map(({ name }) => name);
  }

  /** The table and its indexes, as policies name them. */
  get arns(): string[] {
    const { tableArn } = this.table;
    return [tableArn, ...this.indexes.map((index) => `${tableArn}/index/${index.name}`)];
  }

  /**
   * Allows to scan for these attributes alone: whoever looks for rows sees nothing else of them.
   * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  grantScanOf(fn: LambdaFunction, ...attributes: string[]): this {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Scan'],
        resources: [this.table.tableArn],
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes },
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      }),
    );
    this.encryptionKey?.grant(fn, ...KEY_READ);
    fn.addEnvironment(this.env, this.table.tableName);
    return this;
  }

  /** Allows exactly these actions, on the table and its indexes: the calls that the function makes, and no others. */
  grant(fn: LambdaFunction, ...actions: TableAction[]): this {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources: this.arns }),
    );
    this.encryptionKey?.grant(fn, ...(actions.every((action) => READS.includes(action)) ? KEY_READ : KEY_WRITE));
    fn.addEnvironment(this.env, this.table.tableName);
    return this;
  }
}
