import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

interface View {
  id: string;
  state: string;
  of: string;
}
const URL = 'https://hooks.example.com/a';

describe('DELETE /v1/organizations/{organization}', () => {
  it('begins one job, which a second call joins, and leaves a record of each call', async () => {
    const asked: string[] = [];
    api.deps.startPurge = (id) => Promise.resolve(asked.push(id) > 0);

    const first = await api.call<View>('DELETE', '/v1/organizations/acme');
    const second = await api.call<View>('DELETE', '/v1/organizations/acme');

    expect([first.status, second.status]).toEqual([202, 202]);
    const { id } = first.body;
    expect(second.body.id).toBe(id);
    expect(asked).toEqual([id, id]);
    expect((await api.call('GET', `/v1/purges/${id}`)).body).toMatchObject({
      id,
      state: 'running',
      of: 'organization',
    });
    expect((await api.trail('acme')).map(({ action }) => action)).toEqual(['data.purged', 'data.purged']);
  });

  it('only counts in a dry run', async () => {
    await api.call('POST', '/v1/subscriptions', { body: { organization: 'acme', url: URL } });
    await api.key(['organization'], 'acme');

    const { status, body } = await api.call('DELETE', '/v1/organizations/acme?dry_run=true');

    expect({ status, body }).toEqual({ status: 200, body: { subscriptions: 1, keys: 1, events: 0, complete: true } });
    expect(await api.deps.purges.tombstones()).toEqual([]);
  });

  it('lets nothing begin anew until it is done', async () => {
    const begun = await api.call<View>('DELETE', '/v1/organizations/acme');
    const tries = () =>
      Promise.all([
        api.call('POST', '/v1/subscriptions', { body: { organization: 'acme', url: URL } }),
        api.call('POST', '/v1/api-keys', { body: { scopes: ['organization'], organization: 'acme' } }),
        api.call('POST', '/v1/portal-links', { body: { organization: 'acme' } }),
      ]);
    expect((await tries()).map(({ status }) => status)).toEqual([409, 409, 409]);

    await api.deps.purges.end((await api.deps.purges.get(begun.body.id))!, Date.now());

    expect((await tries()).map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  it('says that the purge is noted when nobody can be asked to make it', async () => {
    api.deps.startPurge = () => Promise.resolve(false);

    expect((await api.call<View>('DELETE', '/v1/organizations/acme')).status).toBe(503);
    expect(await api.deps.purges.tombstones()).toHaveLength(1);
  });

  it.each(['?dry_run=yes', '?colour=red'])('refuses %s, and begins nothing', async (query) => {
    expect((await api.call('DELETE', `/v1/organizations/acme${query}`)).status).toBe(422);
    expect(await api.deps.purges.tombstones()).toEqual([]);
  });

  it('begins nothing when it cannot be recorded', async () => {
    api.deps.audit.append = () => Promise.reject(new Error('throttled'));

    expect((await api.call<View>('DELETE', '/v1/organizations/acme')).status).toBeGreaterThanOrEqual(500);
    expect(await api.deps.purges.tombstones()).toEqual([]);
  });
});

describe('DELETE /v1/events', () => {
  it('takes a resource of one organization, and keeps of it a hash alone', async () => {
    const { status, body } = await api.call('DELETE', '/v1/events?organization=acme&resource_id=patient-1');

    expect(status).toBe(202);
    expect(body).toMatchObject({ of: 'resource' });
    const [record] = await api.trail('acme');
    expect(record?.changes?.resource?.old).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify([record, await api.deps.purges.tombstones()])).not.toContain('patient-1');
  });

  it.each([
    '',
    '?organization=acme',
    '?resource_id=1',
    '?organization=acme&resource_id=',
    '?organization=a%20b&resource_id=1',
  ])('refuses "%s": nobody deletes everything by leaving something out', async (query) => {
    expect((await api.call('DELETE', `/v1/events${query}`)).status).toBe(422);
    expect(await api.deps.purges.tombstones()).toEqual([]);
  });
});
