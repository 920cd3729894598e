import { randomUUID } from 'node:crypto';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Post } from '../../lambdas/aws/fast-path/post.ts';
import { isServiceError } from '../../local/dynamodb/errors.ts';
import type { DynamoDbServer } from '../../local/dynamodb/server.ts';
import { claimedKey } from '../../local/iam/signature.ts';
import type { SqsServer } from '../../local/sqs/server.ts';

// The way to a local DynamoDB of the same process: signed text goes to the engine, and its answer comes back as text, without the
// two sockets between, which take longer than the call.

interface Answer {
  status: number;
  text: string;
}

/** What {@link createPost} does. What the engine does not answer is for the SDK. */
export function postInProcess(server: DynamoDbServer): Post {
  return async (headers, body) => {
    const answered = await ask(server, headers, body).catch(() => undefined);
    return answered && { ...answered, requestId: undefined };
  };
}

/** The same for a local SQS. */
export function postToSqs(server: SqsServer): Post {
  return async (headers, body) => {
    const operation = (headers['x-amz-target'] ?? '').replace('AmazonSQS.', '');
    const request = {
      operation,
      accessKeyId: claimedKey(headers) ?? '',
      input: JSON.parse(body) as Record<string, unknown>,
    };
    const answer = await server.call(request, new AbortController().signal).catch(() => undefined);
    return answer && { status: 200, text: JSON.stringify(answer), requestId: undefined };
  };
}

/** The same for the SDK, in place of its own HTTP. */
export function requestsInProcess(server: DynamoDbServer): NonNullable<DynamoDBClientConfig['requestHandler']> {
  return {
    handle: async ({ headers, body }: { headers: Record<string, string>; body: string | Uint8Array }) => {
      const { status, text } = await ask(server, headers, Buffer.from(body).toString());
      const about = { 'content-type': headers['content-type']!, 'x-amzn-requestid': randomUUID() };
      return { response: { statusCode: status, headers: about, body: Buffer.from(text) } };
    },
  };
}

/** @throws what is no answer: the server is closed. */
async function ask(server: DynamoDbServer, headers: Record<string, string>, body: string): Promise<Answer> {
  const accessKeyId = claimedKey(headers) ?? '';
  const input = JSON.parse(body) as Record<string, unknown>;
  try {
    const output = await server.call({ target: headers['x-amz-target'] ?? '', accessKeyId, input });
    return { status: 200, text: JSON.stringify(output) };
  } catch (error) {
    if (isServiceError(error)) return { status: error.statusCode, text: JSON.stringify(error.body) };
    throw error;
  }
}
