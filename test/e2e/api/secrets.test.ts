import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startManagement, type Management } from './set-up.ts';

interface Secrets {
  secret: string;
  secrets: { secret: string; created_at: string; expires_at?: string }[];
}

const SECRET = /whsec_[A-Za-z0-9+/]{43}=/;

let api: Management;
beforeAll(async () => void (api = await startManagement('secret')));
afterAll(() => api.close());

describe('a signing secret', () => {
  it('is shown by its own route alone', async () => {
    const { id, organization } = await api.created();

    const secret = await api.call<Secrets>('GET', `/v1/subscriptions/${id}/secret`);

    expect(secret.status).toBe(200);
    expect(secret.body.secret).toMatch(SECRET);
    expect(secret.body.secrets.map((one) => one.secret)).toEqual([secret.body.secret]);
    const others = [`/v1/subscriptions/${id}`, `/v1/subscriptions?organization=${organization}`];
    for (const path of others) expect(JSON.stringify((await api.call('GET', path)).body)).not.toMatch(SECRET);
    expect(JSON.stringify(await api.rowsOf(organization))).not.toMatch(SECRET);
  });

  it('rotated goes first, and the older one stays valid for the hours asked for', async () => {
    const { id } = await api.created();
    const { body: before } = await api.call<Secrets>('GET', `/v1/subscriptions/${id}/secret`);

    const { status, body } = await api.call<Secrets>('POST', `/v1/subscriptions/${id}/rotate-secret`, {
      overlap_hours: 48,
    });

    expect(status).toBe(200);
    expect(body.secrets.map((one) => one.secret)).toEqual([body.secret, before.secret]);
    expect(body.secret).not.toBe(before.secret);
    const [newest, older] = body.secrets;
    expect(newest).not.toHaveProperty('expires_at');
    expect(Date.parse(older!.expires_at!) - Date.parse(newest!.created_at)).toBe(48 * 3_600_000);
    expect((await api.call<Secrets>('GET', `/v1/subscriptions/${id}/secret`)).body).toEqual(body);
  });

  it('rotated without a body overlaps by a day, and with 0 hours not at all', async () => {
    const { id } = await api.created();
    const day = await api.call<Secrets>('POST', `/v1/subscriptions/${id}/rotate-secret`);
    expect(Date.parse(day.body.secrets[1]!.expires_at!) - Date.parse(day.body.secrets[0]!.created_at)).toBe(86_400_000);
    const atOnce = await api.call<Secrets>('POST', `/v1/subscriptions/${id}/rotate-secret`, { overlap_hours: 0 });
    expect(atOnce.body.secrets.map((one) => one.secret)).toEqual([atOnce.body.secret]);
  });

  it.each([{ overlap_hours: -1 }, { overlap_hours: 169 }, { overlap_hours: 1.5 }, { overlap_hours: '24' }])(
    'is not rotated by %j',
    async (wrong) => {
      const { id } = await api.created();
      const { body: before } = await api.call<Secrets>('GET', `/v1/subscriptions/${id}/secret`);
      const { status, body } = await api.call('POST', `/v1/subscriptions/${id}/rotate-secret`, wrong);
      expect(status).toBe(422);
      expect(body.errors![0]!.pointer).toBe('/overlap_hours');
      expect((await api.call<Secrets>('GET', `/v1/subscriptions/${id}/secret`)).body).toEqual(before);
    },
  );
});
