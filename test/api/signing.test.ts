import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createLocalJWKSet, importJWK, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePrivateKey, signAsymmetric } from '../../lambdas/domain/secrets/signature.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let made = 0;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

interface Shown {
  secret: string;
  public_key?: string;
  secrets: { public_key?: string }[];
}

async function aSubscription(body: Record<string, unknown> = {}): Promise<string> {
  made += 1;
  const url = `https://signing-${made}.example.com/`;
  const answer = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
    body: { organization: 'acme', url, ...body },
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}
const patch = (id: string, body: unknown) => api.call('PATCH', `/v1/subscriptions/${id}`, { body });
const secretOf = async (id: string) => (await api.call<Shown>('GET', `/v1/subscriptions/${id}/secret`)).body;
const jwksOf = (id: string) => api.call<JSONWebKeySet>('GET', `/v1/subscriptions/${id}/jwks.json`, { key: '' });
const TableName = (): string => api.tables.table('SigningSecrets');
async function privateKeys(subscription: string): Promise<(string | undefined)[]> {
  const { Item } = await api.tables.dynamoDb.send(new GetCommand({ TableName: TableName(), Key: { subscription } }));
  return (Item!.secrets as { private_key?: string }[]).map(({ private_key }) => private_key);
}
/** As it was before there were private keys. */
const forgetKeys = (subscription: string, secrets: unknown) =>
  api.tables.dynamoDb.send(
    new UpdateCommand({
      TableName: TableName(),
      Key: { subscription },
      UpdateExpression: 'SET secrets = :secrets',
      ExpressionAttributeValues: { ':secrets': secrets },
    }),
  );
const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

describe('signing of a subscription', () => {
  it('is v1 by default, and says so', async () => {
    const id = await aSubscription();

    expect((await api.call('GET', `/v1/subscriptions/${id}`)).body).toMatchObject({ signing: 'v1' });
    expect((await patch(id, { signing: 'both' })).body).toMatchObject({ signing: 'both' });
    expect((await patch(id, { signing: null })).body).toMatchObject({ signing: 'v1' });
    expect((await patch(id, { signing: 'v2' })).status).toBe(422);
    expect((await patch(id, { signing: ['v1', 'v1a'] })).status).toBe(422);
  });

  it.each([
    ['a list', [{ key: SECRET, created_ms: 5 }]],
    ['one text, typed by hand', SECRET],
    ['a list of texts', [SECRET]],
  ])('gets its key with the wish for it, where secrets are from before: %s', async (_what, secrets) => {
    const id = await aSubscription();
    await forgetKeys(id, secrets);
    expect((await secretOf(id)).public_key).toBeUndefined();
    expect((await jwksOf(id)).status).toBe(404);

    const answers = await Promise.all([patch(id, { signing: 'v1a' }), patch(id, { signing: 'v1a' })]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await privateKeys(id)).toEqual([expect.stringMatching(/^whsk_/)]);
    expect(await secretOf(id)).toMatchObject({ secret: SECRET, public_key: expect.stringMatching(/^whpk_/) as string });
  });

  it('stays as it was when the key cannot be stored', async () => {
    const id = await aSubscription();
    await forgetKeys(id, [{ key: SECRET, created_ms: 5 }]);
    const { secrets } = api.deps;
    api.deps.secrets = { ...secrets, replace: () => Promise.reject(new Error('throttled')) };

    const answer = await patch(id, { signing: 'v1a' });
    api.deps.secrets = secrets;

    expect(answer.status).toBe(503);
    expect((await api.call('GET', `/v1/subscriptions/${id}`)).body).toMatchObject({ signing: 'v1' });
  });
});

describe('the public keys', () => {
  it('are given to anybody who knows the id, and verify', async () => {
    const id = await aSubscription({ signing: 'v1a' });
    const [stored] = await privateKeys(id);

    const { status, body } = await jwksOf(id);

    expect(status).toBe(200);
    expect(createLocalJWKSet(body)).toBeTypeOf('function');
    const [jwk] = body.keys;
    const key = (await importJWK(jwk!, 'EdDSA')) as Parameters<typeof crypto.subtle.verify>[1];
    const [, signature] = signAsymmetric('evt_1', 5, '{}', [parsePrivateKey(stored!)]).split(',');
    const bytes = Buffer.from(signature!, 'base64');
    expect(await crypto.subtle.verify('Ed25519', key, bytes, Buffer.from('evt_1.5.{}'))).toBe(true);
    expect(await crypto.subtle.verify('Ed25519', key, bytes, Buffer.from('evt_1.6.{}'))).toBe(false);
    expect((await secretOf(id)).public_key).toBe(`whpk_${Buffer.from(jwk!.x!, 'base64url').toString('base64')}`);
    expect(JSON.stringify([body, await secretOf(id), api.lines])).not.toContain('whsk_');
    expect(body.keys[0]).not.toHaveProperty('d');
  });

  it('are two while one is rotated, and one when the old one has ended', async () => {
    const id = await aSubscription({ signing: 'v1a' });
    const rotate = (body: unknown) => api.call<Shown>('POST', `/v1/subscriptions/${id}/rotate-secret`, { body });

    const rotated = await rotate({ overlap_hours: 1 });

    const both = (await jwksOf(id)).body.keys.map(({ kid }) => kid);
    expect(new Set(both).size).toBe(2);
    expect(rotated.body.secrets.map(({ public_key }) => public_key)).toHaveLength(2);
    await rotate({ overlap_hours: 0, secret: SECRET });
    const last = (await jwksOf(id)).body.keys.map(({ kid }) => kid);
    expect(last).toHaveLength(1);
    expect(both).not.toContain(last[0]);
  });

  it.each(['sub_nobody', 'deleted', 'mistyped'])('of %s are not found', async (which) => {
    const id = which === 'sub_nobody' ? which : await aSubscription();
    if (which === 'deleted') await api.call('DELETE', `/v1/subscriptions/${id}`);
    if (which === 'mistyped') await forgetKeys(id, [{ key: SECRET, private_key: 'geheim', created_ms: 5 }]);

    const answer = await jwksOf(id);

    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).not.toContain('geheim');
  });
});
