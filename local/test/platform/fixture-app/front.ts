import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';

const sqs = new SQSClient();
const dynamoDb = new DynamoDBClient();

/** Puts what is posted on the queue; other paths show one behaviour each. */
export async function handler(event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyResultV2> {
  switch (event.rawPath) {
    case '/things':
      await sqs.send(
        new SendMessageCommand({ QueueUrl: process.env['QUEUE_URL'], MessageBody: event.body, MessageGroupId: 'g1' }),
      );
      return { statusCode: 202, headers: { 'content-type': 'application/json' }, body: '{"accepted":true}' };
    case '/forbidden':
      // Not granted: what a missing grant looks like to a function.
      await dynamoDb.send(
        new PutItemCommand({ TableName: process.env['TABLE_NAME'], Item: { owner: { S: 'a' }, id: { S: 'b' } } }),
      );
      return 'not refused';
    case '/slow':
      await sleep(60_000);
      return 'too late';
    case '/crash':
      return process.exit(3);
    case '/throw':
      throw new TypeError('as asked');
    default:
      return JSON.stringify({
        event,
        environment: Object.keys(process.env).sort(),
        pid: process.pid,
        left: context.getRemainingTimeInMillis(),
      });
  }
}
