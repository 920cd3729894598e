import { describe, expect, it } from 'vitest';
import { startAuditedApi, type AuditedChange, URL, api, type Answers, subscribe, recordsOf } from './audit-support.ts';

startAuditedApi();

const PINGS_AND_CANCELS: AuditedChange[] = [
  [
    'a ping',
    async () => {
      const id = await subscribe();
      return () => api.call('POST', `/v1/subscriptions/${id}/ping`);
    },
    { action: 'ping.sent', object_type: 'subscription', organization: 'acme', changed: [] },
  ],
  [
    'a ping through /webhook-events',
    async () => {
      const webhook = await subscribe();
      return () => api.call('POST', '/webhook-events', { body: { webhook, event: 'ping' } });
    },
    { action: 'ping.sent', object_type: 'subscription', organization: 'acme' },
  ],
  [
    'cancelling a replay',
    async () => {
      const id = await subscribe();
      const { body } = await api.call<Answers>('POST', `/v1/subscriptions/${id}/replay`, { body: {} });
      return () => api.call('POST', `/v1/replays/${body.id}/cancel`);
    },
    { action: 'replay.cancelled', object_type: 'replay', organization: 'acme' },
  ],
];

describe('a ping and the end of a replay', () => {
  it.each(PINGS_AND_CANCELS)('leave exactly one record: %s', async (_what, prepare, expected) => {
    const records = await recordsOf(await prepare());

    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject(expected);
  });

  it.each(PINGS_AND_CANCELS)('do not come about without one: %s', async (_what, prepare) => {
    const call = await prepare();
    const sent = api.sent.length;
    api.deps.audit = { ...api.deps.audit, append: () => Promise.reject(new Error('no trail')) };

    expect((await call()).status).toBe(503);
    expect(api.sent).toHaveLength(sent);
    const { items } = await api.deps.replays.list({}, { limit: 10 });
    expect(items.filter(({ state }) => state !== 'running')).toEqual([]);
  });

  it('leave none when the replay is over', async () => {
    const id = await subscribe();
    const { body } = await api.call<Answers>('POST', `/v1/subscriptions/${id}/replay`, { body: {} });
    const cancel = () => api.call('POST', `/v1/replays/${body.id}/cancel`);

    await cancel();
    expect(await recordsOf(cancel)).toEqual([]);
  });
});

describe('what a change was', () => {
  const changesOf = async (call: () => Promise<{ status: number }>) => (await recordsOf(call))[0]?.changes;

  it('is told with the values before and after', async () => {
    const id = await subscribe({ description: 'old', events: ['visit.*'] });
    const body = { description: 'new', events: 'shift.*', account: 'acc_1', url: 'https://hooks.example.com/2' };

    expect(await changesOf(() => api.call('PATCH', `/v1/subscriptions/${id}`, { body }))).toEqual({
      account: { new: 'acc_1' },
      description: { old: 'old', new: 'new' },
      events: { old: '["visit.*"]', new: '["shift.*"]' },
      url: { old: URL, new: 'https://hooks.example.com/2' },
    });
  });

  it('is told with hashes of what may be a secret: headers, queries of URLs, signing secrets', async () => {
    const id = await subscribe();
    const body = { url: `${URL}?token=hunter2`, headers: { 'X-Ward': 'geheim-8' } };
    const changes = await changesOf(() => api.call('PATCH', `/v1/subscriptions/${id}`, { body }));
    const rotated = await changesOf(() => api.call('POST', `/v1/subscriptions/${id}/rotate-secret`));

    const hash = expect.stringMatching(/^sha256:[0-9a-f]{8}$/) as string;
    expect(changes!.url!.new).toMatch(/^https:\/\/hooks\.example\.com\/in\?sha256:[0-9a-f]{8}$/);
    expect(JSON.parse(changes!.headers!.old!)).toEqual({ 'X-Ward': hash });
    expect(changes!.headers!.old).not.toBe(changes!.headers!.new);
    expect(JSON.stringify(changes)).not.toMatch(/hunter2|geheim/);
    expect(rotated).toEqual({ secrets: { old: hash, new: hash } });
  });

  it('is told of a new key by its rights', async () => {
    const body = { scopes: ['organization'], organization: 'acme', read_only: true };

    expect(await changesOf(() => api.call('POST', '/v1/api-keys', { body }))).toMatchObject({
      scopes: { new: '["organization"]' },
      organization: { new: 'acme' },
      read_only: { new: 'true' },
    });
  });
});
