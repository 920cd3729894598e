import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failedCall, noteFailedCalls } from '../../lambdas/aws/failed-calls.ts';
import { errorFields } from '../../lambdas/runtime/logger.ts';

const PATIENT = 'Jane-Roe-1980';

let server: Server;
let endpoint: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      const message = `User: arn:aws:sts::1:assumed-role/x is not authorized to see ${PATIENT}`;
      response.writeHead(400, { 'x-amzn-requestid': 'F6HQ1' });
      response.end(JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('expected the call to fail');
}

describe('a call of AWS that failed', () => {
  const options = () => ({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const documents = () => noteFailedCalls(DynamoDBDocumentClient.from(new DynamoDBClient(options())));
  const Key = { organization: PATIENT, id: PATIENT };

  it.each<[string, string, () => Promise<unknown>]>([
    ['DynamoDB GetItem', 'Events', () => documents().send(new GetCommand({ TableName: 'Events', Key }))],
    [
      'DynamoDB BatchGetItem',
      'Events, Attempts',
      () =>
        documents().send(new BatchGetCommand({ RequestItems: { Events: { Keys: [Key] }, Attempts: { Keys: [Key] } } })),
    ],
    ['DynamoDB Query', 'Events', () => paginateQuery({ client: documents() }, { TableName: 'Events' }).next()],
    [
      'SQS SendMessage',
      'deliveries',
      () =>
        noteFailedCalls(new SQSClient(options())).send(
          new SendMessageCommand({ QueueUrl: `${endpoint}/1/deliveries`, MessageBody: PATIENT }),
        ),
    ],
    [
      'SNS Publish',
      'notices',
      () =>
        noteFailedCalls(new SNSClient(options())).send(
          new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:1:notices', Message: PATIENT }),
        ),
    ],
    [
      'EventBridge PutEvents',
      'default',
      () =>
        noteFailedCalls(new EventBridgeClient(options())).send(
          new PutEventsCommand({ Entries: [{ EventBusName: 'default', Detail: PATIENT }] }),
        ),
    ],
  ])('says that it was %s on %s, and where it was made', async (call, on, make) => {
    const fields = errorFields(await thrownBy(make));

    expect(fields).toMatchObject({ call, on, http_status: 400 });
    expect([fields.at, fields.stack].flat().join('\n')).toContain('failed-calls.test.ts');
    expect(JSON.stringify(fields)).not.toContain(PATIENT);
  });

  it("has the service's own name of what is wrong and its request id", async () => {
    const fields = errorFields(await thrownBy(() => documents().send(new GetCommand({ TableName: 'Events', Key }))));

    expect(fields).toMatchObject({ error: 'AccessDeniedException', aws_request_id: 'F6HQ1' });
  });

  it('is thrown as it was, and known to nobody else', async () => {
    const error = await thrownBy(() => documents().send(new GetCommand({ TableName: 'Events', Key })));

    expect(Object.keys(error as object)).not.toContain('from');
    expect(failedCall(new Error('x'))).toBeUndefined();
    expect(failedCall('x')).toBeUndefined();
  });
});
