import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  startFeedApi,
  api,
  released,
  type View,
  type Refusal,
  ORGANIZATION,
  aFeed,
  feed,
  circuitOf,
} from './feed-support.ts';

startFeedApi();

describe('a subscription that is fetched', () => {
  it('needs no URL, and says that it is one', async () => {
    const { body } = await api.call<View>('GET', `/v1/subscriptions/${await aFeed()}`);

    expect(body).toMatchObject({
      url: '',
      delivery: 'pull',
      health: { state: 'pull', called: false, held: { count: 0 } },
    });
    expect(body.problem).toBeUndefined();
    const { body: list } = await api.call<{ data: View[] }>('GET', '/v1/subscriptions?organization=org_1&state=pull');
    expect(list.data.map(({ id }) => id)).toContain(body.id);
  });

  it('that is sent to has a URL: 422 without one, at creation and afterwards', async () => {
    const created = await api.call<Refusal>('POST', '/v1/subscriptions', { body: { organization: ORGANIZATION } });
    const id = await aFeed();
    const changed = await api.call<Refusal>('PATCH', `/v1/subscriptions/${id}`, { body: { delivery: 'push' } });

    expect([created.status, created.body.errors?.[0]?.pointer]).toEqual([422, '/url']);
    expect([changed.status, changed.body.detail]).toEqual([
      422,
      expect.stringContaining('url: expected the https URL'),
    ]);
  });

  it('may be there more than once, by what people call it', async () => {
    const body = { organization: 'org_twins', delivery: 'pull', description: 'desk of Ada' };
    const create = async (change: object) =>
      (await api.call('POST', '/v1/subscriptions', { body: { ...body, ...change } })).status;

    expect([await create({}), await create({}), await create({ description: 'desk of Bob' })]).toEqual([201, 409, 201]);
    expect(await create({ delivery: 'push', url: 'https://hooks.example.com/a' })).toBe(201);
  });

  it('typed by hand is understood, or says what is wrong', async () => {
    const type = async (row: object): Promise<View> => {
      const Item = { organization: ORGANIZATION, id: await aFeed(), ...row };
      await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item }));
      return (await api.call<View>('GET', `/v1/subscriptions/${Item.id}`)).body;
    };

    expect(await type({ delivery: ' PULL ' })).toMatchObject({ delivery: 'pull', health: { state: 'pull' } });
    expect((await type({ delivery: 'fetch' })).problem).toContain('delivery: expected push or pull, got "fetch"');
    expect((await type({ delivery: '', url: 'https://a.example.com/' })).problem).toContain('delivery: expected');
    expect((await type({ pull: true, url: 'https://a.example.com/' })).problem).toContain('rename it');
    expect((await type({ delivery: 'pull', url: 'ftp://x' })).problem).toContain('url:');
  });

  it('and from now on sent to lets go what was kept, and the other way round holds it', async () => {
    const id = await aFeed({ url: 'https://hooks.example.com/both' });
    const set = (delivery: string) => api.call<View>('PATCH', `/v1/subscriptions/${id}`, { body: { delivery } });

    await set('push');
    expect(released.filter(({ subscription }) => subscription === id)).toHaveLength(1);
    expect(await circuitOf(id)).toBe('releasing');
    const { body } = await set('pull');

    expect([await circuitOf(id), body.health.state]).toEqual(['paused', 'pull']);
  });

  it('stays so when its pause is over', async () => {
    const id = await aFeed();
    await api.call('POST', `/v1/subscriptions/${id}/pause`);

    const paused = await feed(id);
    await api.call('POST', `/v1/subscriptions/${id}/resume`);

    expect([paused.status, paused.body.detail]).toEqual([409, expect.stringContaining('paused')]);
    expect((await feed(id)).status).toBe(200);
    expect([await circuitOf(id), released.some(({ subscription }) => subscription === id)]).toEqual(['paused', false]);
  });
});
