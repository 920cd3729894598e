import { createHash } from 'node:crypto';

/** What CloudFormation's Ref and GetAtt answer for one resource. */
export interface Identity {
  /** The physical name. */
  name: string;
  arn: string;
  ref: string;
  attributes: Record<string, string | (() => string)>;
}

/** Facts about the running platform that identities contain. They may become known later than the template is read. */
export interface Surroundings {
  account: string;
  region: string;
  /** Base URL of the local SQS, without a slash at the end. */
  sqsEndpoint(): string;
  /** Base URL of the HTTP API, without a slash at the end. */
  apiEndpoint(): string;
  /** ARN of a table's stream. @throws before the table exists. */
  streamArn(tableName: string): string;
  /** What CloudFormation calls a resource of a stack that is deployed. @default what the template says, or what follows from it */
  physicalId?(stack: string, logicalId: string): string | undefined;
}

/** Longest physical name that any service here accepts: Lambda and IAM, 64 characters. */
const MAX_NAME = 64;

/** A physical name that stays the same over restarts: the stack's and the logical id, shortened with a hash when too long. */
export function physicalName(stackName: string, logicalId: string): string {
  const name = `${stackName}-${logicalId}`;
  if (name.length <= MAX_NAME) return name;
  return `${name.slice(0, MAX_NAME - 9)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** Where each type keeps a name that the template gives it. */
const NAME_PROPERTIES: Record<string, string> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Events::Rule': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
};

/** The identity of one resource. `givenName` answers the name that the template gives, if any. */
export function identify(
  resource: { stack: string; logicalId: string; type: string; givenName(property: string): string | undefined },
  around: Surroundings,
): Identity {
  const qualifier = qualifierOf(resource);
  if (qualifier !== undefined) {
    const fn = functionName(resource.givenName('FunctionName'));
    const arn = `${arnOf('AWS::Lambda::Function', fn, around)}:${qualifier}`;
    return { name: `${fn}:${qualifier}`, arn, ref: arn, attributes: { FunctionArn: arn, Version: qualifier } };
  }
  const property = NAME_PROPERTIES[resource.type];
  const name =
    deployedName(around.physicalId?.(resource.stack, resource.logicalId)) ??
    (property && resource.givenName(property)) ??
    physicalName(resource.stack, resource.logicalId);
  const arn = arnOf(resource.type, name, around);
  const plain: Identity = { name, arn, ref: name, attributes: { Arn: arn } };
  switch (resource.type) {
    case 'AWS::SQS::Queue': {
      const url = `${around.sqsEndpoint()}/${around.account}/${name}`;
      return { ...plain, ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
    }
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return { ...plain, attributes: { Arn: arn, StreamArn: () => around.streamArn(name) } };
    case 'AWS::SNS::Topic':
      return { ...plain, ref: arn, attributes: { TopicArn: arn, TopicName: name } };
    case 'AWS::IAM::ManagedPolicy':
      return { ...plain, ref: arn, attributes: { PolicyArn: arn } };
    case 'AWS::IAM::Role':
      return { ...plain, attributes: { Arn: arn, RoleId: name } };
    // Whatever network the template asks for, functions use the machine's.
    case 'AWS::EC2::EIP':
      return { ...plain, ref: '127.0.0.1', attributes: { AllocationId: name, PublicIp: '127.0.0.1' } };
    case 'AWS::EC2::VPC':
      return { ...plain, attributes: { VpcId: name, CidrBlock: '127.0.0.0/8', DefaultSecurityGroup: name } };
    case 'AWS::EC2::SecurityGroup':
      return { ...plain, attributes: { GroupId: name } };
    case 'AWS::ApiGatewayV2::DomainName':
      return { ...plain, attributes: { RegionalDomainName: 'localhost', RegionalHostedZoneId: 'local' } };
    case 'AWS::CloudFront::Distribution':
      return { ...plain, attributes: { DomainName: 'localhost' } };
    case 'AWS::ApiGatewayV2::Api':
      return {
        ...plain,
        ref: resource.logicalId,
        attributes: { ApiId: resource.logicalId, ApiEndpoint: () => around.apiEndpoint() },
      };
    default:
      return plain;
  }
}

/** A queue's physical id is its URL, a topic's its ARN; both end with the name. */
function deployedName(physicalId: string | undefined): string | undefined {
  if (physicalId?.startsWith('arn:')) return physicalId.split(':').at(-1);
  return physicalId?.includes('://') ? physicalId.split('/').at(-1) : physicalId;
}

/** The one version that a local run has of each function: every start makes it anew. */
const LOCAL_VERSION = '1';

/** What follows a function's name to call a version of it, or an alias; undefined for all other types. */
function qualifierOf({ type, givenName }: Parameters<typeof identify>[0]): string | undefined {
  if (type === 'AWS::Lambda::Version') return LOCAL_VERSION;
  return type === 'AWS::Lambda::Alias' ? givenName('Name') : undefined;
}

/** Name of a function that is named by it or by its ARN. */
export function functionName(nameOrArn = ''): string {
  return nameOrArn.split(':').at(-1) ?? '';
}

function arnOf(type: string, name: string, { account, region }: Surroundings): string {
  const here = `${region}:${account}`;
  switch (type) {
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${here}:${name}`;
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return `arn:aws:dynamodb:${here}:table/${name}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${here}:function:${name}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${account}:role/${name}`;
    case 'AWS::IAM::ManagedPolicy':
      return `arn:aws:iam::${account}:policy/${name}`;
    case 'AWS::SNS::Topic':
      return `arn:aws:sns:${here}:${name}`;
    case 'AWS::Events::Rule':
      return `arn:aws:events:${here}:rule/${name}`;
    case 'AWS::Scheduler::Schedule':
      return `arn:aws:scheduler:${here}:schedule/default/${name}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${here}:log-group:${name}:*`;
    case 'AWS::CloudWatch::Alarm':
      return `arn:aws:cloudwatch:${here}:alarm:${name}`;
    default:
      return `arn:aws:${(type.split('::')[1] ?? 'local').toLowerCase()}:${here}:${name}`;
  }
}
