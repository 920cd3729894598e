import { DynamoDBClient, type DynamoDBClientConfig } from '#aws-sdk/client-dynamodb';
import { SQSClient } from '#aws-sdk/client-sqs';
import { DynamoDBDocumentClient, type TranslateConfig } from '#aws-sdk/lib-dynamodb';
import { noteFailedCalls } from './failed-calls.ts';
import { shortenDynamoDb, shortenSqs, type PostTo } from './fast-path/bypass-sdk.ts';
import { toNumber } from '../stores/dynamodb/attribute-values.ts';

/**
 * Undefined members are left out. An object is a map, also one with a member named `constructor`, by which the SDK tells a
 * plain object from an instance of a class: a customer's header may have that name. Numbers come back as {@link toNumber} makes them, because the SDK's own way throws for
 * the likes of 9007199254740993.5, and one such number typed into one row would fail the query of all rows with it.
 *
 * @returns an object of the caller's own, because the SDK's client writes its own choices into what it gets
 */
export const documentOptions = (): TranslateConfig => ({
  marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
  unmarshallOptions: { wrapNumbers: toNumber },
});

// Made in one place, passed to whoever needs them; region, credentials and endpoints come from the environment.

const nothing = (): void => undefined;
/**
 * Says nothing, like the SDK's default, but has no `info`: that one's argument holds input and output, copied and masked
 * before the default drops them, a fifth of the CPU of a batch of 10 attempts. The SDK asks whether `info` is there.
 */
const QUIET_LOGGER = { trace: nothing, debug: nothing, warn: nothing, error: nothing } as unknown as NonNullable<
  DynamoDBClientConfig['logger']
>;

/**
 * For DynamoDB with plain objects, see {@link documentOptions}.
 * @param config of the SDK's client. @param postTo as {@link shortenDynamoDb} has it. Tests stay in their process by both.
 */
export function createDynamoDb(config: DynamoDBClientConfig = {}, postTo?: PostTo): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ logger: QUIET_LOGGER, ...config });
  return noteFailedCalls(shortenDynamoDb(DynamoDBDocumentClient.from(client, documentOptions()), process.env, postTo));
}

/** For SQS. Without the MD5 of each message, which says nothing that TLS does not. @param postTo as {@link shortenSqs} has it. */
export function createSqs(postTo?: PostTo): SQSClient {
  return noteFailedCalls(shortenSqs(new SQSClient({ logger: QUIET_LOGGER, md5: false }), process.env, postTo));
}
