import { ENV } from '../../lambdas/runtime/env.ts';

/**
 * All variables that the stack and Lambda set, as the stubs expect them.
 * @param port of the stub of SQS and DynamoDB. The SDK calls a queue at the host of its URL, so that is the stub's too.
 */
export function functionVariables(port: string): Record<string, string> {
  const stub = `http://127.0.0.1:${port}`;
  const names = Object.entries(ENV).flatMap(([key, name]) => {
    if (key.endsWith('QueueUrl')) return [[name, `${stub}/000000000000/${key}`]];
    // Numbers of seconds and the like, where nothing says otherwise.
    return [[name, key.endsWith('Table') ? key : '60']];
  });
  return {
    ...(Object.fromEntries(names) as Record<string, string>),
    ...SETTINGS,
    AWS_ENDPOINT_URL_SQS: stub,
    AWS_ENDPOINT_URL_DYNAMODB: stub,
  };
}

const SETTINGS: Record<string, string> = {
  [ENV.noticesTopicArn]: 'arn:aws:sns:us-east-1:000000000000:notices',
  [ENV.eventBusName]: 'default',
  [ENV.retryDelays]: '10,60,180',
  [ENV.senders]: '60',
  [ENV.senderBatchSize]: '10',
  [ENV.circuitFailures]: '20',
  [ENV.circuitSeconds]: '60',
  [ENV.probeSeconds]: '60',
  [ENV.downDays]: '5',
  [ENV.healHours]: '24',
  [ENV.healSeconds]: '900,1800,3600,7200',
  [ENV.eventRetentionDays]: '30',
  [ENV.attemptRetentionDays]: '90',
  [ENV.auditRetentionDays]: '2192',
  [ENV.allowHttp]: 'false',
  [ENV.clinicV1Sunset]: '',
  [ENV.clinicV1StatusCodes]: '{"cancelled":"40"}',
  [ENV.version]: '0.1.0',
  // As many as a benchmark makes.
  [ENV.requestsPerKey]: '1000000',
  // No firewall before the API: its address of AWS's own is for callers.
  [ENV.edgeSecrets]: '',
};
