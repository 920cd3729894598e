import { createHash, createHmac } from 'node:crypto';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { createSigner, type Identity } from '../../../lambdas/aws/fast-path/sign-v4.ts';

/** What the SDK's own signer wants for a hash. */
class Sha256 {
  private readonly hash;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
}

const IDENTITY: Identity = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
  region: 'eu-central-1',
};
const BODY = Buffer.from('{"Größe":"ß"}');

/** The authorization that the SDK would send for the same headers. */
async function signedBySdk(service: string, identity: Identity, headers: Record<string, string>, date: Date) {
  const { authorization: _, 'x-amz-security-token': __, ...rest } = headers;
  const signer = new SignatureV4({
    service,
    region: identity.region,
    sha256: Sha256 as never,
    credentials: {
      accessKeyId: identity.accessKeyId,
      secretAccessKey: identity.secretAccessKey,
      ...(identity.sessionToken === undefined ? {} : { sessionToken: identity.sessionToken }),
    },
    applyChecksum: false,
  });
  const request = new HttpRequest({ method: 'POST', path: '/', headers: rest, body: BODY });
  return (await signer.sign(request, { signingDate: date })).headers.authorization;
}

describe('createSigner', () => {
  it.each([
    ['a permanent key', IDENTITY],
    ['temporary credentials', { ...IDENTITY, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ=' }],
  ])('signs with %s as the SDK does', async (_what, identity) => {
    const date = new Date('2026-11-21T23:59:59.987Z');
    const sign = createSigner('dynamodb', identity);

    const headers = sign(
      { host: 'dynamodb.eu-central-1.amazonaws.com', target: 'DynamoDB_20120810.Query', body: BODY },
      date.getTime(),
    );

    expect(headers.authorization).toBe(await signedBySdk('dynamodb', identity, headers, date));
    expect(headers['x-amz-security-token']).toBe(identity.sessionToken);
  });

  it('signs with the key of the day when a new day begins', async () => {
    const sign = createSigner('sqs', IDENTITY);
    const call = { host: 'sqs.eu-central-1.amazonaws.com', target: 'AmazonSQS.SendMessageBatch', body: BODY };
    sign(call, Date.parse('2026-11-21T23:59:59Z'));
    const date = new Date('2026-11-22T00:00:00Z');

    const headers = sign(call, date.getTime());

    expect(headers['x-amz-date']).toBe('20261122T000000Z');
    expect(headers.authorization).toBe(await signedBySdk('sqs', IDENTITY, headers, date));
  });
});
