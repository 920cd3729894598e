import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// Whether a request is signed for a subscription, through the real routes and tables; signed by a public library.

let api: TestApi;
let key = '';
beforeAll(async () => {
  api = await startApi();
  key = await api.key(['organization'], 'verifying');
});
afterAll(() => api.close());

async function subscribe(path: string): Promise<{ id: string; secret: string }> {
  const { body } = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
    key,
    body: { url: `https://hooks.example.com/${path}` },
  });
  const secret = await api.call<{ secret: string }>('GET', `/v1/subscriptions/${body.id}/secret`, { key });
  return { id: body.id, secret: secret.body.secret };
}
const verify = (id: string, body: unknown, as = key) =>
  api.call<{ valid: boolean; cause: string; detail: string }>('POST', `/v1/subscriptions/${id}/verify`, {
    key: as,
    body,
  });

function signed(secret: string, body: string) {
  const at = new Date(api.deps.now());
  return {
    headers: {
      'Webhook-Id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('evt_1', at, body),
    },
    body,
  };
}

describe('a test of a signature', () => {
  it('says that it is right, and stays so for the overlap of a rotation', async () => {
    const { id, secret } = await subscribe('right');
    const before = await verify(id, signed(secret, '{}'));
    await api.call('POST', `/v1/subscriptions/${id}/rotate-secret`, { key, body: { overlap_hours: 1 } });

    const during = await verify(id, signed(secret, '{}'));

    expect([before.status, before.body]).toMatchObject([200, { valid: true, cause: 'none' }]);
    expect(during.body).toMatchObject({ valid: true, cause: 'older-secret' });
  });

  it('names the subscription whose secret it was, of the own organization alone', async () => {
    const [one, other] = [await subscribe('one'), await subscribe('other')];
    const foreign = await api.key(['organization'], 'somebody_else');
    const theirs = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
      key: foreign,
      body: { url: 'https://hooks.example.com/theirs' },
    });

    const mine = await verify(one.id, signed(other.secret, '{}'));
    const asked = await verify(theirs.body.id, signed(other.secret, '{}'), foreign);

    expect(mine.body).toMatchObject({ valid: false, cause: 'other-subscription' });
    expect(mine.body.detail).toContain(other.id);
    expect(asked.body).toMatchObject({ valid: false, cause: 'unknown' });
  });

  it('is for those who may see the secret', async () => {
    const { id, secret } = await subscribe('support');

    expect((await verify(id, signed(secret, '{}'), await api.key(['support']))).status).toBe(403);
  });

  it.each([[{}], [{ headers: {} }], [{ headers: { a: 1 }, body: '' }], [{ headers: {}, body: {} }]])(
    'refuses %j',
    async (body) => {
      const { id } = await subscribe(`refused-${JSON.stringify(body).length}`);

      expect((await verify(id, body)).status).toBe(422);
    },
  );

  it('leaves neither secret nor body in a log line', async () => {
    const { id, secret } = await subscribe('quiet');

    await verify(id, signed(secret, '{"patient":"Jane-Roe-1980"}'));

    expect(api.lines.join('\n')).not.toMatch(/Jane-Roe|whsec_/);
  });
});
