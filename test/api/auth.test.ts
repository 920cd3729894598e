import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// Credentials go in and never come out; they lie with the secrets and belong to one origin.

const PASSWORD = 'geheim-4711';
const BASIC = { type: 'basic', username: 'posthorn', password: PASSWORD };
const BEARER = { type: 'bearer', token: PASSWORD };
const HEADER = { type: 'header', name: 'X-Api-Key', value: PASSWORD };
const OAUTH2 = {
  type: 'oauth2',
  token_url: 'https://login.example.com/token',
  client_id: 'client-7',
  client_secret: PASSWORD,
  scope: 'hooks write',
};
const FRESH = `whsec_${Buffer.from('a-secret-from-another-platform-1').toString('base64')}`;

let api: TestApi;
let made = 0;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

interface View {
  id: string;
  auth?: { type: string; set_at: string };
  headers?: Record<string, string>;
  problem?: string;
}

const post = (body: Record<string, unknown>) => {
  made += 1;
  const url = `https://hooks-${made}.example.com/in`;
  return api.call<View>('POST', '/v1/subscriptions', { body: { organization: 'acme', url, ...body } });
};
const patch = (id: string, body: unknown) => api.call<View>('PATCH', `/v1/subscriptions/${id}`, { body });
const row = async (id: string) => (await api.deps.subscriptions.get('acme', id))!;
async function secretsRow(id: string): Promise<{ credentials?: Record<string, Record<string, string>> }> {
  const get = new GetCommand({ TableName: api.tables.table('SigningSecrets'), Key: { subscription: id } });
  return (await api.tables.dynamoDb.send(get)).Item as never;
}
const stored = async (id: string) => Object.values((await secretsRow(id)).credentials ?? {});
const detailOf = ({ body }: { body: unknown }) =>
  (body as { errors?: { pointer: string; detail: string }[] }).errors?.[0] ?? (body as { detail: string });

describe('auth of a new subscription', () => {
  it.each([
    [BASIC, { username: 'posthorn' }],
    [BEARER, {}],
    [HEADER, { name: 'X-Api-Key' }],
    [OAUTH2, { token_url: OAUTH2.token_url, client_id: 'client-7', scope: 'hooks write' }],
  ])('lies with the secrets; answers show type, names and time: %j', async (auth, names) => {
    const { status, body } = await post({ auth });

    expect(status).toBe(201);
    expect(body.auth).toEqual({ type: auth.type, set_at: expect.any(String) as string, ...names });
    expect(await stored(body.id)).toEqual([{ ...auth, origin: `https://hooks-${made}.example.com` }]);
    const read = await api.call('GET', `/v1/subscriptions/${body.id}`);
    const list = await api.call('GET', '/v1/subscriptions?organization=acme');
    const trail = await api.trail(body.id);
    for (const seen of [body, read.body, list.body, trail, await row(body.id), api.lines])
      expect(JSON.stringify(seen)).not.toContain(PASSWORD);
    expect(trail[0]!.changed).toContain('auth');
  });

  it.each<[string, unknown, string]>([
    ['text', `Bearer ${PASSWORD}`, '/auth'],
    ['null', null, '/auth'],
    ['a list', [BASIC], '/auth'],
    ['no type', { username: 'a', password: PASSWORD }, '/auth/type'],
    ['an unknown type', { ...BASIC, type: 'digest' }, '/auth/type'],
    ['mTLS, which is not there', { type: 'mtls', certificate: PASSWORD }, '/auth/type'],
    ['a missing password', { type: 'basic', username: 'a' }, '/auth/password'],
    ['an empty password', { ...BASIC, password: '' }, '/auth/password'],
    ['a colon in the name', { ...BASIC, username: 'a:b' }, '/auth/username'],
    ['a password of two lines', { ...BASIC, password: `${PASSWORD}\n` }, '/auth/password'],
    ['a long password', { ...BASIC, password: PASSWORD.repeat(300) }, '/auth/password'],
    ['a number', { ...BEARER, token: 5 }, '/auth/token'],
    ['the word Bearer before the token', { ...BEARER, token: `Bearer ${PASSWORD}` }, '/auth/token'],
    ['a header that is reserved', { ...HEADER, name: 'Host' }, '/auth/name'],
    ['a header of two lines', { ...HEADER, value: `${PASSWORD}\r\nx: y` }, '/auth/value'],
    ['a private token URL', { ...OAUTH2, token_url: 'https://10.0.0.1/token' }, '/auth/token_url'],
    ['a token URL without TLS', { ...OAUTH2, token_url: 'http://login.example.com/' }, '/auth/token_url'],
    ['a secret in the token URL', { ...OAUTH2, token_url: `https://a:${PASSWORD}@b.example.com/` }, '/auth/token_url'],
    ['scopes as a list', { ...OAUTH2, scope: ['a'] }, '/auth/scope'],
    ['further members', { ...BASIC, token: PASSWORD }, '/auth/token'],
  ])('is refused without being quoted: %s', async (_what, auth, pointer) => {
    const answer = await post({ auth });

    expect(answer.status).toBe(422);
    expect(detailOf(answer)).toHaveProperty('pointer', pointer);
    expect(JSON.stringify([answer.body, api.lines])).not.toContain(PASSWORD);
  });

  it('is refused where the same header stands in headers', async () => {
    const answer = await post({ auth: { ...HEADER, name: 'x-ward' }, headers: { 'X-Ward': '7' } });

    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('stands in headers');
  });
});

describe('a change of auth', () => {
  it('replaces it, and nothing of the old one stays', async () => {
    const { body } = await post({ auth: BASIC });

    const changed = await patch(body.id, { auth: BEARER });

    expect(changed.body.auth).toMatchObject({ type: 'bearer' });
    expect(await stored(body.id)).toEqual([expect.objectContaining(BEARER)]);
  });

  it('to null removes it', async () => {
    const { body } = await post({ auth: BASIC });

    const changed = await patch(body.id, { auth: null });

    expect(changed.body).not.toHaveProperty('auth');
    expect(await row(body.id)).not.toHaveProperty('auth');
    expect(await stored(body.id)).toEqual([]);
  });

  it('to another origin needs it again, to another path does not', async () => {
    const { body } = await post({ auth: BASIC });
    const before = await row(body.id);
    const { origin } = new URL(String(before.url));

    const refused = await patch(body.id, { url: 'https://evil.example.com/in' });

    expect(refused.status).toBe(422);
    expect(detailOf(refused)).toEqual({
      pointer: '/auth',
      detail: `the credentials were for ${origin}: send them again, or null`,
    });
    expect(await row(body.id)).toEqual(before);
    expect((await patch(body.id, { url: `${origin}/elsewhere?a=1` })).status).toBe(200);
    expect((await patch(body.id, { url: 'https://new.example.com/in', auth: BEARER })).body.auth?.type).toBe('bearer');
    expect(await stored(body.id)).toEqual([{ ...BEARER, origin: 'https://new.example.com' }]);
    expect((await patch(body.id, { url: 'https://newer.example.com/in', auth: null })).body).not.toHaveProperty('auth');
    expect(await stored(body.id)).toEqual([]);
  });

  it.each(['record', 'addCredentials', 'update'])('leaves all as it was when it fails at %s', async (where) => {
    const { body } = await post({ auth: BASIC });
    const before = await row(body.id);
    const { audit, secrets, subscriptions } = api.deps;
    const fail = (): Promise<never> => Promise.reject(new Error('throttled'));
    if (where === 'record') api.deps.audit = { ...audit, append: fail };
    if (where === 'addCredentials') api.deps.secrets = { ...secrets, addCredentials: fail };
    if (where === 'update') api.deps.subscriptions = { ...subscriptions, update: fail };

    const answer = await patch(body.id, { url: `https://${where}.example.com/`, auth: BEARER });
    Object.assign(api.deps, { audit, secrets, subscriptions });

    expect(answer.status).toBe(503);
    expect(await row(body.id)).toEqual(before);
    const { ref } = before.auth as { ref: string };
    expect((await secretsRow(body.id)).credentials?.[ref]).toMatchObject(BASIC);
    expect((await patch(body.id, { url: `https://${where}.example.com/`, auth: BEARER })).status).toBe(200);
  });

  it('by two at once leaves one of them whole, and tells the other', async () => {
    for (let round = 0; round < 5; round++) {
      const { body } = await post({ auth: BASIC });

      const answers = await Promise.all([BEARER, HEADER, OAUTH2].map((auth) => patch(body.id, { auth })));

      expect(answers.map(({ status }) => status).filter((status) => status !== 409 && status !== 200)).toEqual([]);
      const { ref, type } = (await row(body.id)).auth as { ref: string; type: string };
      expect((await secretsRow(body.id)).credentials).toEqual({ [ref]: expect.objectContaining({ type }) as object });
    }
  });

  it('that would make two equal subscriptions takes nothing away', async () => {
    const first = await post({});
    const { url } = await row(first.body.id);
    const { body } = await post({ auth: BASIC });

    expect((await patch(body.id, { url, auth: BEARER })).status).toBe(409);

    expect((await row(body.id)).auth).toMatchObject({ type: 'basic' });
    expect(await stored(body.id)).toEqual([expect.objectContaining(BASIC)]);
  });

  it('takes back what the guard said for want of credentials', async () => {
    const { body } = await post({ auth: BASIC });
    const text = `Nothing is sent until this row is mended: auth: expected stored credentials, found none for this row; send them again with PATCH /v1/subscriptions/{id}, or null for none.`;
    await api.deps.subscriptions.update('acme', body.id, { set: { problem: text }, remove: [] });

    expect((await patch(body.id, { auth: BEARER })).body).not.toHaveProperty('problem');
    expect((await api.call('POST', `/v1/subscriptions/${body.id}/ping`)).status).toBe(202);
  });

  it('is refused for a row that has no secret yet', async () => {
    const Item = { organization: 'acme', id: 'sub_typed', url: 'https://typed.example.com/' };
    await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item }));
    const key = await api.key(['organization'], 'acme');

    const answer = await api.call('PATCH', '/v1/subscriptions/sub_typed', { body: { auth: BASIC }, key });

    expect(answer.status).toBe(409);
    expect(await row('sub_typed')).not.toHaveProperty('auth');
  });

  it('of another organization is not found, whatever is sent', async () => {
    const { body } = await post({ auth: BASIC });
    const key = await api.key(['organization'], 'other');

    const answer = await api.call('PATCH', `/v1/subscriptions/${body.id}`, { body: { auth: BEARER }, key });

    expect(answer.status).toBe(404);
    expect(await stored(body.id)).toEqual([expect.objectContaining(BASIC)]);
  });
});

describe('headers that hold credentials', () => {
  it.each(['Authorization', 'cookie', 'X-Auth-Token', 'x-api-key', 'Client-Secret'])(
    'are refused: %s',
    async (name) => {
      const answer = await post({ headers: { [name]: PASSWORD } });

      expect(answer.status).toBe(422);
      expect(detailOf(answer)).toEqual({
        pointer: `/headers/${name}`,
        detail: expect.stringContaining('use auth') as string,
      });
      expect(JSON.stringify(answer.body)).not.toContain(PASSWORD);
      expect((await post({ headers: { [name]: '***' } })).status).toBe(422);
    },
  );

  async function aRow(): Promise<string> {
    const { body } = await post({});
    const headers = { Authorization: `Bearer ${PASSWORD}`, 'X-Ward': '7' };
    const update = new UpdateCommand({
      TableName: api.tables.table('Subscriptions'),
      Key: { organization: 'acme', id: body.id },
      UpdateExpression: 'SET headers = :headers',
      ExpressionAttributeValues: { ':headers': headers },
    });
    await api.tables.dynamoDb.send(update);
    return body.id;
  }

  it('of a row from before go on, and no answer shows them', async () => {
    const id = await aRow();

    const changed = await patch(id, { headers: { Authorization: '***', 'X-Ward': '8' }, description: 'x' });

    expect(changed.body.headers).toEqual({ Authorization: '***', 'X-Ward': '8' });
    expect((await row(id)).headers).toEqual({ Authorization: `Bearer ${PASSWORD}`, 'X-Ward': '8' });
    const list = await api.call('GET', '/v1/subscriptions?organization=acme');
    expect(JSON.stringify(list.body)).not.toContain(PASSWORD);
  });

  it('are not shown of a broken row either', async () => {
    const id = await aRow();
    const update = (name: string, value: unknown) =>
      api.tables.dynamoDb.send(
        new UpdateCommand({
          TableName: api.tables.table('Subscriptions'),
          Key: { organization: 'acme', id },
          UpdateExpression: 'SET #name = :value',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':value': value },
        }),
      );

    await update('events', []);
    const broken = await api.call('GET', `/v1/subscriptions/${id}`);
    await update('headers', `Authorization: ${PASSWORD}`);
    const text = await api.call('GET', `/v1/subscriptions/${id}`);
    await update('auth', { type: 'basic', password: PASSWORD });
    const typed = await api.call('GET', `/v1/subscriptions/${id}`);

    expect(broken.body).toMatchObject({ headers: { Authorization: '***', 'X-Ward': '7' } });
    expect(JSON.stringify([broken.body, text.body, typed.body])).not.toContain(PASSWORD);
  });

  it('are not taken along to another origin', async () => {
    const id = await aRow();

    const refused = await patch(id, { url: 'https://evil.example.com/in' });

    expect(refused.status).toBe(422);
    expect(detailOf(refused)).toHaveProperty('pointer', '/headers/Authorization');
    const moved = { url: 'https://moved.example.com/in', headers: { 'X-Ward': '7' }, auth: BEARER };
    expect((await patch(id, moved)).status).toBe(200);
  });
});

describe('a secret that its customer has already', () => {
  it('is the one of a new subscription', async () => {
    const { body } = await post({ secret: FRESH });

    const { body: shown } = await api.call('GET', `/v1/subscriptions/${body.id}/secret`);

    expect(shown).toMatchObject({ secret: FRESH, secrets: [{ secret: FRESH }] });
    expect(JSON.stringify([body, await row(body.id), api.lines])).not.toContain(FRESH);
  });

  it('is the newest one after a rotation, once', async () => {
    const { body } = await post({});
    const rotate = () =>
      api.call('POST', `/v1/subscriptions/${body.id}/rotate-secret`, { body: { secret: FRESH, overlap_hours: 1 } });

    const rotated = await rotate();
    const again = await rotate();

    expect(rotated.body).toMatchObject({
      secret: FRESH,
      secrets: [{ secret: FRESH }, { expires_at: expect.any(String) as string }],
    });
    expect(again.status).toBe(422);
    expect(JSON.stringify(again.body)).not.toContain(FRESH);
  });

  it('is not taken from support, who may know none', async () => {
    const key = await api.key(['support']);
    const body = { organization: 'acme', url: 'https://support.example.com/', secret: FRESH };

    expect((await api.call('POST', '/v1/subscriptions', { body, key })).status).toBe(403);
  });

  it.each([
    ['no prefix', FRESH.slice('whsec_'.length)],
    ['a blank behind it', `${FRESH} `],
    ['23 bytes', `whsec_${Buffer.alloc(23, 1).toString('base64')}`],
    ['65 bytes', `whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    ['no base64', 'whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!'],
    ['nothing', ''],
    ['null', null],
    ['a number', 5],
  ])('is refused with %s', async (_what, secret) => {
    const created = await post({ secret });

    expect(created.status).toBe(422);
    expect(detailOf(created)).toHaveProperty('pointer', '/secret');
    if (typeof secret === 'string' && secret.length > 30)
      expect(JSON.stringify([created.body, api.lines])).not.toContain(secret.slice(0, 30));
  });
});
