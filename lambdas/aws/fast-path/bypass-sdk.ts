import { ConditionalCheckFailedException, type AttributeValue } from '#aws-sdk/client-dynamodb';
import type { SQSClient } from '#aws-sdk/client-sqs';
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand } from '#aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { Unwritable, type Plain } from './attribute-json.ts';
import { operationOf } from './document-calls.ts';
import { createPost, type Post, type ServiceAnswer } from './post.ts';
import { createSigner, type Identity } from './sign-v4.ts';

// The SDK takes 1.1 ms of CPU for a call of ten rows or messages, a signed POST of our own 0.3 to 0.5; at Lambda's prices
// and its share of a processor that is most of what a delivery costs. So the few operations of the hot path are posted
// directly, and whatever is neither a plain 200 nor a condition that did not hold (throttling, errors, lost connections, inputs
// or regions that only the SDK knows) is done by the SDK as if nothing had been tried: its retries, its errors. A call whose answer was lost may so
// happen twice, as with a retry of the SDK's own.

type Environment = Readonly<Record<string, string | undefined>>;
interface Command {
  input: object;
}
/** The SDK's own, as far as it is used here. @see RetryStrategyV2 of @smithy/types */
interface RetryStrategy<Token = unknown> {
  acquireInitialRetryToken(scope: string): Promise<Token>;
  recordSuccess(token: Token): void;
}
/** What the clients have in common, as far as it is used or replaced here. */
interface Client {
  send: (command: never, ...rest: never[]) => unknown;
  config: { retryStrategy: () => Promise<object> };
}
/** @returns undefined: this is for the SDK. */
type ShortCall = (command: Command) => Promise<object | undefined> | undefined;

/** Posts to an origin. */
export type PostTo = (origin: string) => Post;

/** Makes a client's hot calls short. @param env of the function. @param postTo tests stay in their process. */
export function shortenDynamoDb(
  client: DynamoDBDocumentClient,
  env: Environment,
  postTo: PostTo = createPost,
): DynamoDBDocumentClient {
  const origin = dynamoDbOrigin(env);
  const post = origin && signedPost('dynamodb', env, postTo);
  if (!post) return client;
  return shorten(client, (command) => {
    const operation = operationOf(command);
    if (!operation) return undefined;
    let body: string;
    try {
      body = JSON.stringify(operation.write(command.input as Plain));
    } catch (error) {
      if (error instanceof Unwritable) return undefined;
      throw error;
    }
    return post(origin, `DynamoDB_20120810.${operation.name}`, body, (output) => operation.read(output));
  });
}

/** As {@link shortenDynamoDb}, for the calls that send messages and say when they come back. */
export function shortenSqs(client: SQSClient, env: Environment, postTo: PostTo = createPost): SQSClient {
  const post = signedPost('sqs', env, postTo);
  if (!post) return client;
  const origins = new Map<string, string>();
  // A queue lives where its URL says, which is what the SDK takes as its endpoint too.
  const originOf = (queueUrl: string): string => {
    let origin = origins.get(queueUrl);
    if (origin === undefined) origins.set(queueUrl, (origin = new URL(queueUrl).origin));
    return origin;
  };
  return shorten(client, (command) => {
    const name = sqsOperation(command);
    const url = name && (command.input as { QueueUrl?: string }).QueueUrl;
    return url
      ? post(originOf(url), `AmazonSQS.${name}`, JSON.stringify(command.input), (output) => output)
      : undefined;
  });
}

function sqsOperation(command: Command): string | undefined {
  if (command instanceof SendMessageBatchCommand) return 'SendMessageBatch';
  return command instanceof ChangeMessageVisibilityBatchCommand ? 'ChangeMessageVisibilityBatch' : undefined;
}

function shorten<C extends Client>(client: C, shortCall: ShortCall): C {
  const send = client.send.bind(client) as (command: Command, ...rest: unknown[]) => Promise<object>;
  /** How many good calls the SDK has not heard of since it last had to retry. */
  let unheard = Infinity;
  const shorter = async (command: Command, ...rest: unknown[]): Promise<object> => {
    const answer = rest.length === 0 ? await shortCall(command) : undefined;
    if (answer === undefined) {
      unheard = 0;
      return send(command, ...rest);
    }
    if (unheard < RETRY_TOKENS) {
      unheard += 1;
      await tellSuccess(client);
    }
    return answer;
  };
  client.send = shorter;
  return client;
}

/**
 * The SDK retries as long as it has tokens: 500 at first, a throttled retry costs 5 and a lost connection 14, and each
 * success gives one back. Successes that go past it must count too, or a warm function that met one bad minute would
 * never retry again for the rest of its life.
 */
const RETRY_TOKENS = 500;

async function tellSuccess({ config }: Client): Promise<void> {
  const strategy = (await config.retryStrategy()) as RetryStrategy;
  strategy.recordSuccess(await strategy.acquireInitialRetryToken(''));
}

type SignedPost = (
  origin: string,
  target: string,
  body: string,
  read: (output: Plain) => object,
) => Promise<object | undefined>;

/** @returns undefined without credentials in the environment, where Lambda puts them. */
function signedPost(service: string, env: Environment, postTo: PostTo): SignedPost | undefined {
  const identity = identityOf(env);
  if (!identity) return undefined;
  const sign = createSigner(service, identity);
  const origins = new Map<string, { host: string; post: Post }>();
  return async (origin, target, body, read) => {
    let to = origins.get(origin);
    if (!to) {
      const url = new URL(origin);
      origins.set(origin, (to = { host: url.host, post: postTo(origin) }));
    }
    const answer = await to.post(sign({ host: to.host, target, body }, Date.now()), body);
    const output = answer && parse(answer.text);
    if (!output) return undefined;
    if (answer.status === 400 && isConditionFailed(output)) throw conditionFailed(output, answer);
    if (answer.status !== 200) return undefined;
    try {
      return read(output);
    } catch {
      return undefined;
    }
  };
}

function parse(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}

/** An answer as well, and the last word: asked once more by the SDK it would cost a second request and write unit. */
function isConditionFailed({ __type: type }: Plain): boolean {
  return typeof type === 'string' && type.split('#').at(-1) === 'ConditionalCheckFailedException';
}

/** The error that the SDK makes of it. */
function conditionFailed({ message, Item }: Plain, { status, requestId }: ServiceAnswer): Error {
  return new ConditionalCheckFailedException({
    message: typeof message === 'string' ? message : 'The conditional request failed',
    $metadata: { httpStatusCode: status, ...(requestId !== undefined && { requestId }) },
    ...(Item !== undefined && { Item: Item as Record<string, AttributeValue> }),
  });
}

function identityOf(env: Environment): Identity | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY || !AWS_REGION) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
    region: AWS_REGION,
  };
}

/** Regions whose endpoints end in `amazonaws.com`; China's and the isolated ones do not. */
const COMMON_REGION = /^(?!cn-|us-iso|eu-iso)[a-z]{2}(-gov)?-[a-z]+-\d$/;

function dynamoDbOrigin(env: Environment): string | undefined {
  const given = env['AWS_ENDPOINT_URL_DYNAMODB'] ?? env['AWS_ENDPOINT_URL'];
  if (given) return new URL(given).origin;
  const { AWS_REGION = '', AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT } = env;
  if (AWS_USE_FIPS_ENDPOINT === 'true' || AWS_USE_DUALSTACK_ENDPOINT === 'true') return undefined;
  return COMMON_REGION.test(AWS_REGION) ? `https://dynamodb.${AWS_REGION}.amazonaws.com` : undefined;
}
