import { paginateListTables, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError, element, type SendCall } from './call.ts';
import type { Answer, Caller, Concurrency, Facts, LogPolicy, StackStatus } from './facts.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

/** Whose credentials these are; needs no permission. @throws when AWS does not know them. */
export async function readCaller(call: SendCall, region: string): Promise<Caller> {
  const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }).toString();
  const xml = await call({ service: 'sts', method: 'POST', path: '/', headers: FORM, body });
  const account = element(xml, 'Account');
  const arn = element(xml, 'Arn');
  if (account === undefined || arn === undefined) throw new AwsError('NoIdentity', 'expected Account and Arn');
  return { account, arn, region };
}

/** Asks for everything at once. Reads only, and never rejects: each answer says itself what went wrong. */
export async function readFacts(
  call: SendCall,
  dynamoDb: DynamoDBClient,
  { name, qualifier }: { name: string; qualifier: string },
): Promise<Facts> {
  const [bootstrap, concurrency, logPolicies, tables, stack, dataStack] = await Promise.all([
    answer(readBootstrap(call, qualifier)),
    answer(readConcurrency(call)),
    answer(readLogPolicies(call)),
    answer(readTables(dynamoDb)),
    answer(readStack(call, name)),
    answer(readStack(call, `${name}Data`)),
  ]);
  return { bootstrap, concurrency, logPolicies, tables, stack, dataStack };
}

async function answer<T>(asked: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await asked };
  } catch (error) {
    return { error: sayError(error) };
  }
}

/** An error in one line. Only AWS's own refusals are quoted: other texts may hold what was typed or found in a file. */
export function sayError(error: unknown): string {
  if (error instanceof AwsError) return error.message;
  if (!(error instanceof Error)) return 'unknown error';
  // `fetch failed` tells nothing; its cause has a word such as ENOTFOUND.
  const cause = error.cause as { code?: unknown } | undefined;
  return typeof cause?.code === 'string' ? cause.code : error.name;
}

/** The parameter that `cdk bootstrap` writes, which `cdk deploy` reads (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html). */
async function readBootstrap(call: SendCall, qualifier: string): Promise<number | undefined> {
  const Name = `/cdk-bootstrap/${qualifier}/version`;
  try {
    const { Parameter } = await json<{ Parameter: { Value: string } }>(call, 'ssm', 'AmazonSSM.GetParameter', { Name });
    return Number(Parameter.Value);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterNotFound') return undefined;
    throw error;
  }
}

async function readConcurrency(call: SendCall): Promise<Concurrency> {
  const text = await call({ service: 'lambda', method: 'GET', path: '/2016-08-19/account-settings/' });
  const { AccountLimit } = JSON.parse(text) as {
    AccountLimit: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number };
  };
  return { limit: AccountLimit.ConcurrentExecutions, unreserved: AccountLimit.UnreservedConcurrentExecutions };
}

async function readLogPolicies(call: SendCall): Promise<LogPolicy[]> {
  const policies: LogPolicy[] = [];
  let nextToken: string | undefined;
  do {
    const page = await json<{
      resourcePolicies?: { policyName: string; policyDocument: string }[];
      nextToken?: string;
    }>(call, 'logs', 'Logs_20140328.DescribeResourcePolicies', { nextToken });
    for (const { policyName, policyDocument } of page.resourcePolicies ?? []) {
      policies.push({ name: policyName, document: policyDocument });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return policies;
}

async function readTables(dynamoDb: DynamoDBClient): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListTables({ client: dynamoDb }, {})) names.push(...(page.TableNames ?? []));
  return names;
}

async function readStack(call: SendCall, StackName: string): Promise<StackStatus> {
  const body = new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName }).toString();
  try {
    const xml = await call({ service: 'cloudformation', method: 'POST', path: '/', headers: FORM, body });
    return element(xml, 'StackStatus');
  } catch (error) {
    // CloudFormation has no error of its own for it: "Stack with id Posthorn does not exist".
    const isMissing =
      error instanceof AwsError && error.code === 'ValidationError' && / does not exist/.test(error.message);
    if (isMissing) return undefined;
    throw error;
  }
}

async function json<T>(call: SendCall, service: string, target: string, input: object): Promise<T> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return JSON.parse(await call({ service, method: 'POST', path: '/', headers, body: JSON.stringify(input) })) as T;
}
