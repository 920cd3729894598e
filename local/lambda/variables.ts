import type { Credentials } from '../iam/credentials.ts';
import type { FunctionDescription } from './read-functions.ts';

/** Where a function finds the services that it calls, by the suffix of the SDK's AWS_ENDPOINT_URL_ variables. */
export type Endpoints = Record<'SQS' | 'DYNAMODB' | 'DYNAMODB_STREAMS' | 'SNS' | 'EVENTBRIDGE', string>;

/**
 * The whole environment of a function's processes: what Lambda sets, what the template sets, where the local services
 * are, and what the caller adds. Nothing of the platform's own environment.
 * @param otherServices where calls to every other AWS service end, so that none can leave the machine.
 */
export function functionVariables(
  f: FunctionDescription,
  region: string,
  credentials: Credentials,
  endpoints: Endpoints,
  otherServices: string,
  local: Record<string, string>,
): Record<string, string> {
  return {
    ...lambdaVariables(f, region),
    ...f.variables,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
    AWS_ENDPOINT_URL: otherServices,
    ...Object.fromEntries(Object.entries(endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url])),
    // Without a HOME the SDK would still find the developer's own ~/.aws; and there is no metadata service to wait for.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...local,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function lambdaVariables(f: FunctionDescription, region: string): Record<string, string> {
  return {
    _HANDLER: f.handler,
    AWS_DEFAULT_REGION: region,
    AWS_REGION: region,
    // Not AWS_Lambda_nodejs24.x: libraries take that as leave to use services that exist on Lambda alone.
    AWS_EXECUTION_ENV: 'Posthorn_local',
    AWS_LAMBDA_FUNCTION_NAME: f.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(f.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: f.aliases[0]?.version ?? '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${f.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: f.taskRoot,
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: 'UTC',
  };
}
