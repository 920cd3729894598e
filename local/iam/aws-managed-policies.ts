import { readPolicy } from './policy.ts';
import type { Statement } from './policy.ts';

const allow = (...actions: string[]): unknown => ({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });
const SQS_POLLER = allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
const STREAM_POLLER = allow(
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
);

/** The managed policies of AWS that a function's role is likely to have, without their log and trace actions: nothing checks those here. */
const POLICIES: Record<string, unknown> = {
  'service-role/AWSLambdaBasicExecutionRole': { Statement: [] },
  AWSXRayDaemonWriteAccess: { Statement: [] },
  CloudWatchLambdaInsightsExecutionRolePolicy: { Statement: [] },
  'service-role/AWSLambdaSQSQueueExecutionRole': SQS_POLLER,
  'service-role/AWSLambdaDynamoDBExecutionRole': STREAM_POLLER,
};

/** Statements of a policy that AWS manages. @throws when the local run does not know it. */
export function awsManagedPolicy(arn: string): Statement[] {
  const name = arn.replace(/^arn:aws:iam::aws:policy\//, '');
  const document = POLICIES[name];
  if (document) return readPolicy(document);
  throw new Error(
    `A role uses the managed policy ${arn}, whose content the local run does not know. ` +
      `Write the grants out in lib/, or add the policy to local/iam/aws-managed-policies.ts. Known: ${Object.keys(POLICIES).join(', ')}.`,
  );
}
