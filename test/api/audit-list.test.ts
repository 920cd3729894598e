import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../lambdas/domain/audit.ts';
import { startAuditedApi, URL, api, type Answers, subscribe } from './audit-support.ts';

startAuditedApi();

describe('GET /v1/audit', () => {
  interface List {
    data: { id: string; recorded_at: string; action: string; organization?: string }[];
    next_cursor: string | null;
  }
  const list = async (query = '') => (await api.call<List>('GET', `/v1/audit${query}`)).body;

  it('shows the newest first, page by page', async () => {
    const ids = [await subscribe(), await subscribe({ url: `${URL}/2` }), await subscribe({ url: `${URL}/3` })];
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.next_cursor}`);

    expect([...first.data, ...second.data].map((one) => (one as unknown as AuditRecord).object_id)).toEqual(
      ids.reverse(),
    );
    expect(new Date(first.data[0]!.recorded_at).toISOString()).toBe(first.data[0]!.recorded_at);
  });

  it('filters by organization and time', async () => {
    await subscribe();
    await subscribe({ organization: 'other' });
    const [record] = (await list('?organization=other')).data;

    expect((await list('?organization=other')).data.map(({ organization }) => organization)).toEqual(['other']);
    expect((await list(`?until=${record!.recorded_at}&organization=other`)).data).toEqual([]);
    expect((await list(`?since=${record!.recorded_at}&organization=other`)).data).toEqual([record]);
  });

  it('filters by object, actor and action', async () => {
    const [first, second] = [await subscribe(), await subscribe({ url: `${URL}/2` })];
    await api.call('DELETE', `/v1/subscriptions/${first}`);
    const { body: me } = await api.call<Answers>('GET', '/v1/me');
    const actions = async (query: string) => (await list(query)).data.map(({ action }) => action);

    expect(await actions(`?object=${first}`)).toEqual(['subscription.deleted', 'subscription.created']);
    expect(await actions(`?object=${second}`)).toEqual(['subscription.created']);
    expect(await actions('?action=subscription.deleted')).toEqual(['subscription.deleted']);
    expect(await actions(`?action=subscription.deleted,subscription.created&object=${first}&actor=${me.id}`)).toEqual([
      'subscription.deleted',
      'subscription.created',
    ]);
    expect(await actions('?actor=key_other')).toEqual([]);
  });

  it.each(['?object=', '?actor=', '?action=', '?action=subscription.exploded', '?object=a%20b', '?who=key_1'])(
    'refuses the filter %s',
    async (query) => {
      expect((await api.call('GET', `/v1/audit${query}`)).status).toBe(422);
    },
  );

  it('names the actions most like one that it does not know, and cuts no word', async () => {
    const { body } = await api.call<{ errors: { detail: string }[] }>('GET', '/v1/audit?action=payload.view');

    expect(body.errors[0]!.detail).toMatch(
      /^expected one or more of payload\.viewed, .*, … \(\d+ in all\), comma-separated$/,
    );
  });

  it('is for administrators alone', async () => {
    for (const key of [await api.key(['organization'], 'acme'), await api.key(['events:write'])]) {
      expect((await api.call('GET', '/v1/audit', { key })).status).toBe(403);
    }
    expect((await api.call('GET', '/v1/audit', { key: 'phk_nobody' })).status).toBe(401);
  });

  it('refuses filters that it does not know, and cursors of other lists', async () => {
    await subscribe();
    await subscribe({ url: `${URL}/2` });
    const { next_cursor } = await list('?limit=1');

    expect((await api.call('GET', `/v1/audit?limit=1&organization=acme&cursor=${next_cursor}`)).status).toBe(422);
  });

  it('stands in the description of the API', async () => {
    const { body } = await api.call<{ paths: Record<string, unknown> }>('GET', '/openapi.json');
    expect(body.paths).toHaveProperty('/v1/audit');
  });
});
