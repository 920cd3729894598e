import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigner } from '../../../lambdas/aws/fast-path/sign-v4.ts';
import { startDynamoDb, type DynamoDbServer } from '../../dynamodb/server.ts';
import { sdkCredentials, type Credentials } from '../../iam/credentials.ts';
import { signatureCheck, type SignedRequest } from '../../iam/signature.ts';
import { startNotices, type NoticeServer } from '../../notices/server.ts';
import { startSqs, type SqsServer } from '../../sqs/server.ts';

const NOW = Date.UTC(2026, 0, 31, 9, 15);
const REGION = 'us-east-1';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:notices';
const OPERATOR: Credentials = { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'o/p+s', sessionToken: undefined };
const FUNCTION: Credentials = { accessKeyId: 'ASIAFUNCTION', secretAccessKey: 'fn', sessionToken: 'of the function' };

const credentialsOf = (id: string): Credentials | undefined => [OPERATOR, FUNCTION].find((c) => c.accessKeyId === id);

describe('a signature', () => {
  const check = signatureCheck(credentialsOf, () => NOW);
  const BODY = Buffer.from('{"TableName":"Events"}');

  const signed = (by: Credentials, atMs = NOW): SignedRequest & { headers: Record<string, string> } => {
    const sign = createSigner('dynamodb', { ...by, region: REGION });
    const headers = sign({ host: '127.0.0.1:4000', target: 'DynamoDB_20120810.Query', body: BODY }, atMs);
    return { method: 'POST', url: '/', headers };
  };
  const authorization = (change: (text: string) => string): { authorization: string } => ({
    authorization: change(signed(FUNCTION).headers['authorization']!),
  });

  it.each([OPERATOR, FUNCTION])('of the right secret says who calls', async (by) => {
    expect(await check(signed(by), BODY)).toEqual({ signer: by.accessKeyId });
  });

  it.each([-4.9, 4.9])('may be %d minutes off this clock', async (minutes) => {
    expect(await check(signed(OPERATOR, NOW + minutes * 60_000), BODY)).toEqual({ signer: OPERATOR.accessKeyId });
  });

  it.each<[string, Record<string, string | undefined>, Buffer, string]>([
    ['of another secret', signed({ ...FUNCTION, secretAccessKey: 'guessed' }).headers, BODY, 'InvalidSignature'],
    ['for another body', {}, Buffer.from('{"TableName":"Secret"}'), 'InvalidSignature'],
    ['for another operation', { 'x-amz-target': 'DynamoDB_20120810.Scan' }, BODY, 'InvalidSignature'],
    ['for another host', { host: 'evil.example' }, BODY, 'InvalidSignature'],
    ['with another token', { 'x-amz-security-token': 'of somebody' }, BODY, 'UnrecognizedClient'],
    [
      'that is no signature',
      authorization((a) => a.replace(/[0-9a-f]{64}$/, '0'.repeat(64))),
      BODY,
      'InvalidSignature',
    ],
    [
      'in the name of another key',
      { ...authorization((a) => a.replace('ASIAFUNCTION', 'AKIAOPERATOR')), 'x-amz-security-token': undefined },
      BODY,
      'InvalidSignature',
    ],
    ['without its token', { 'x-amz-security-token': undefined }, BODY, 'UnrecognizedClient'],
    [
      'by a key that nobody has',
      authorization((a) => a.replace('ASIAFUNCTION', 'AKIANOBODY')),
      BODY,
      'UnrecognizedClient',
    ],
    ['that leaves out the operation', authorization((a) => a.replace(';x-amz-target', '')), BODY, 'InvalidSignature'],
    ['that leaves out the host', authorization((a) => a.replace('host;', '')), BODY, 'InvalidSignature'],
    ['beside a wrong hash of the body', { 'x-amz-content-sha256': 'a'.repeat(64) }, BODY, 'InvalidSignature'],
    ['without a time', { 'x-amz-date': undefined }, BODY, 'InvalidSignature'],
    ['of yesterday', signed(FUNCTION, NOW - 86_400_000).headers, BODY, 'InvalidSignature'],
    ['of five minutes ago', signed(FUNCTION, NOW - 301_000).headers, BODY, 'InvalidSignature'],
    ['in five minutes', signed(FUNCTION, NOW + 301_000).headers, BODY, 'InvalidSignature'],
    ['that is missing', { authorization: undefined }, BODY, 'MissingAuthenticationToken'],
    ['that is a key alone', { authorization: 'Bearer phk_a' }, BODY, 'MissingAuthenticationToken'],
  ])('%s is refused', async (_, change, body, error) => {
    const request = signed(FUNCTION);

    const verdict = await check({ ...request, headers: { ...request.headers, ...change } }, body);

    expect(verdict).toMatchObject({ error: `${error}Exception` });
  });
});

describe('a local service that knows the keys', () => {
  let folder: string;
  let sqs: SqsServer;
  let dynamoDb: DynamoDbServer;
  let notices: NoticeServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-signatures-'));
    const place = { port: 0, region: REGION, accountId: '000000000000', credentialsOf };
    sqs = await startSqs({ ...place, file: ':memory:' });
    dynamoDb = await startDynamoDb(place);
    notices = await startNotices({
      file: join(folder, 'notices.jsonl'),
      account: place.accountId,
      region: REGION,
      topics: () => new Set([TOPIC]),
      authorize: () => ({ allowed: true }),
      credentialsOf,
      now: () => NOW,
    });
  });
  afterAll(async () => {
    for (const server of [sqs, dynamoDb, notices]) await server.close();
    rmSync(folder, { recursive: true });
  });

  interface Client {
    send(command: never): Promise<unknown>;
    destroy(): void;
  }
  type Config = ConstructorParameters<typeof SQSClient>[0];
  const SERVICES: [string, (config: Config) => Client, () => string, object, [unknown: string, wrong: string]][] = [
    [
      'SQS',
      (config) => new SQSClient(config!),
      () => sqs.endpoint,
      new ListQueuesCommand({}),
      ['InvalidClientTokenId', 'SignatureDoesNotMatch'],
    ],
    [
      'DynamoDB',
      (config) => new DynamoDBClient(config as never),
      () => dynamoDb.endpoint,
      new ListTablesCommand({}),
      ['UnrecognizedClientException', 'InvalidSignatureException'],
    ],
    [
      'SNS',
      (config) => new SNSClient(config as never),
      () => notices.endpoint,
      new PublishCommand({ TopicArn: TOPIC, Message: 'a' }),
      ['InvalidClientTokenId', 'SignatureDoesNotMatch'],
    ],
    [
      'EventBridge',
      (config) => new EventBridgeClient(config as never),
      () => notices.endpoint,
      new PutEventsCommand({ Entries: [{ Source: 'a', DetailType: 'b', Detail: '{}' }] }),
      ['UnrecognizedClientException', 'InvalidSignatureException'],
    ],
  ];

  describe.each(SERVICES)('%s', (_, createClient, endpoint, command, [unknown, wrong]) => {
    const send = async (credentials: Credentials): Promise<unknown> => {
      const common = { endpoint: endpoint(), region: REGION, maxAttempts: 1 };
      const client = createClient({ ...common, credentials: sdkCredentials(credentials) });
      return client
        .send(command as never)
        .then(
          () => 'answered',
          (error: Error) => error.name,
        )
        .finally(() => client.destroy());
    };

    it.each([OPERATOR, FUNCTION])('answers the SDK with the right secret', async (credentials) => {
      expect(await send(credentials)).toBe('answered');
    });

    it('refuses a wrong secret and an unknown key in the words of AWS', async () => {
      expect(await send({ ...OPERATOR, secretAccessKey: 'guessed' })).toBe(wrong);
      expect(await send({ ...OPERATOR, accessKeyId: 'AKIANOBODY' })).toBe(unknown);
    });
  });
});
