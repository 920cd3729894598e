import { vi } from 'vitest';
import type { DynamoDbServer } from '../../local/dynamodb/server.ts';
import type { SqsServer } from '../../local/sqs/server.ts';
import { postInProcess, postToSqs, requestsInProcess } from './post-in-process.ts';

/**
 * Handlers that are loaded from now on, by this test file, call these servers within their process: the way through two sockets was
 * a quarter of what their tests took. Everything else is theirs: clients, signatures, what is written and read. Other endpoints are
 * called by HTTP, and SQS is where the SDK calls again what failed.
 * @param servers undefined: another engine, which only HTTP reaches.
 */
export function handlersInProcess({ dynamoDb, sqs }: { dynamoDb: DynamoDbServer | undefined; sqs?: SqsServer }): void {
  vi.doMock(import('../../lambdas/aws/clients.ts'), async (load) => {
    const clients = await load();
    const { createDynamoDb, createSqs } = clients;
    const isHere = (server: { endpoint: string } | undefined, variable: string): boolean =>
      server !== undefined && server.endpoint === process.env[variable];
    return {
      ...clients,
      createDynamoDb: () =>
        isHere(dynamoDb, 'AWS_ENDPOINT_URL_DYNAMODB')
          ? createDynamoDb({ requestHandler: requestsInProcess(dynamoDb!) }, () => postInProcess(dynamoDb!))
          : createDynamoDb(),
      createSqs: () => (isHere(sqs, 'AWS_ENDPOINT_URL_SQS') ? createSqs(() => postToSqs(sqs!)) : createSqs()),
    };
  });
}
