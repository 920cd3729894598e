import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { createCalls, element, type SendCall } from '../../scripts/preflight/call.ts';
import { freePort } from './free-port.ts';
import { started } from './started.ts';
import { moto } from './tools.ts';

/** An account of moto's, empty, with CloudFormation's rules that matter to deployments. */
export interface MotoAccount {
  endpoint: string;
  /** With which the AWS SDK, CDK and our commands end there, and with nothing of the caller's own AWS. */
  env: NodeJS.ProcessEnv;
  tables(): Promise<string[]>;
  /** What the alias `live` of a function leads to. @param name how the function's begins. */
  live(name: string): Promise<{ version: string; variables: Record<string, string> }>;
  /** ARN of a table's stream. */
  stream(table: string): Promise<string>;
  /** Id of the key that a stack has. */
  key(stack: string): Promise<string>;
  /** What CloudFormation calls the resources of a stack, by logical id. */
  physicalIds(stack: string): Promise<Map<string, string>>;
  close(): Promise<void>;
}

/** @param apiUrl where the API of a deployment is; moto has none that answers. @throws LeftOut */
export async function startAccount(apiUrl?: string): Promise<MotoAccount> {
  const python = join(await moto(), 'bin/python');
  const port = await freePort();
  const words = [join(import.meta.dirname, 'moto_server.py'), String(port), ...(apiUrl === undefined ? [] : [apiUrl])];
  const child = spawn(python, words, { stdio: 'ignore' });
  // Not 127.0.0.1: moto takes the URL of a template for one of a bucket's own host there.
  const endpoint = `http://localhost:${port}`;
  const server = await started('moto', child, { endpoint, address: `${endpoint}/moto-api/` });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const dynamoDb = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const calls = createCalls(dynamoDb.config, endpoint);
  return {
    endpoint,
    env: environment(endpoint),
    async tables() {
      const names: string[] = [];
      for await (const page of paginateListTables({ client: dynamoDb }, {})) names.push(...(page.TableNames ?? []));
      return names.filter((name) => name.startsWith('PosthornData-'));
    },
    stream: async (TableName) => {
      const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
      if (Table?.LatestStreamArn === undefined) throw new Error(`Expected a stream of ${TableName}.`);
      return Table.LatestStreamArn;
    },
    key: (stack) => keyOf(calls, stack),
    physicalIds: async (stack) =>
      new Map(
        (await resourcesOf(calls, stack)).flatMap((one) => {
          const [logical, physical] = ['LogicalResourceId', 'PhysicalResourceId'].map((name) => element(one, name));
          return logical === undefined || physical === undefined ? [] : [[logical, physical] as const];
        }),
      ),
    live: (name) => live(calls, name),
    close: async () => {
      dynamoDb.destroy();
      await server.close();
    },
  };
}

function environment(endpoint: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('POSTHORN_'));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NO_COLOR: '1',
  };
}

interface FunctionFacts {
  FunctionName: string;
  Environment?: { Variables: Record<string, string> };
}

async function live(call: SendCall, beginning: string): ReturnType<MotoAccount['live']> {
  const get = async <T>(path: string): Promise<T> =>
    JSON.parse(await call({ service: 'lambda', method: 'GET', path })) as T;
  const { Functions } = await get<{ Functions: FunctionFacts[] }>('/2015-03-31/functions/');
  const name = Functions.find(({ FunctionName }) => FunctionName.startsWith(beginning))?.FunctionName;
  if (name === undefined) throw new Error(`Expected a function ${beginning}…`);
  const alias = await get<{ FunctionVersion: string }>(`/2015-03-31/functions/${name}/aliases/live`);
  const of = `/2015-03-31/functions/${name}:${alias.FunctionVersion}/configuration`;
  const { Environment } = await get<FunctionFacts>(of);
  return { version: alias.FunctionVersion, variables: Environment?.Variables ?? {} };
}

async function keyOf(call: SendCall, stack: string): Promise<string> {
  const key = (await resourcesOf(call, stack)).find((one) => one.includes('AWS::KMS::Key'));
  const id = element(key ?? '', 'PhysicalResourceId');
  if (id === undefined) throw new Error(`Expected a key in the stack ${stack}.`);
  return id;
}

/** A piece of XML for each. */
async function resourcesOf(call: SendCall, stack: string): Promise<string[]> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const body = `Action=DescribeStackResources&Version=2010-05-15&StackName=${stack}`;
  const xml = await call({ service: 'cloudformation', method: 'POST', path: '/', headers, body });
  return xml.split('<member>').slice(1);
}
