import type { Post, ServiceAnswer } from '../../lambdas/aws/fast-path/post.ts';
import type { DynamoDbServer } from '../../local/dynamodb/server.ts';
import { isServiceError } from '../../local/dynamodb/errors.ts';

/**
 * What {@link createPost} does, with a local DynamoDB of the same process: the signed text goes to the engine and its answer comes
 * back as text, without the two sockets between, which took longer than the call. What the engine does not answer is
 * for the SDK, which goes over the network.
 */
export function postInProcess(server: DynamoDbServer): Post {
  return async (headers, body) => {
    const accessKeyId = /Credential=([^/]+)\//.exec(headers['authorization'] ?? '')?.[1] ?? '';
    try {
      const input = JSON.parse(body) as Record<string, unknown>;
      return answer(200, await server.call({ target: headers['x-amz-target'] ?? '', accessKeyId, input }));
    } catch (error) {
      return isServiceError(error) ? answer(error.statusCode, error.body) : undefined;
    }
  };
}

function answer(status: number, body: object): ServiceAnswer {
  return { status, text: JSON.stringify(body), requestId: undefined };
}
