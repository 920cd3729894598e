import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  for (const organization of ['South_Clinic', 'Harbor_Hospital'])
    await api.tables.dynamoDb.send(
      new PutCommand({
        TableName: api.tables.table('Subscriptions'),
        Item: { organization, id: 'sub_1', url: 'https://a.example/' },
      }),
    );
});
afterAll(() => api.close());

const names = async (query: string, key?: string) => {
  const { status, body } = await api.call<{ data: { organization: string }[] }>('GET', `/v1/organizations?${query}`, {
    key,
  });
  expect(status).toBe(200);
  return body.data.map(({ organization }) => organization).sort();
};

describe('GET /v1/organizations', () => {
  it('lists all for an administrator, with what they have', async () => {
    const { body } = await api.call<{ data: object[]; next_cursor: null }>('GET', '/v1/organizations');

    expect(body.data).toHaveLength(2);
    expect(body.data).toContainEqual({ organization: 'South_Clinic', subscriptions: 1, events: 0 });
    expect(body.next_cursor).toBeNull();
  });

  it('finds one by its name as it is spoken', async () => {
    expect(await names('search=south%20clinic')).toEqual(['South_Clinic']);
    expect(await names('search=HOSP')).toEqual(['Harbor_Hospital']);
    expect(await names('search=north')).toEqual([]);
  });

  it('goes on where a page ended', async () => {
    type Answer = { data: { organization: string }[]; next_cursor: string | null };
    const first = (await api.call<Answer>('GET', '/v1/organizations?limit=1')).body;

    const second = (await api.call<Answer>('GET', `/v1/organizations?limit=1&cursor=${first.next_cursor}`)).body;

    expect([...first.data, ...second.data].map(({ organization }) => organization).sort()).toEqual([
      'Harbor_Hospital',
      'South_Clinic',
    ]);
  });

  it('tells a customer of itself alone, and nothing where it has nothing', async () => {
    const key = await api.key(['organization'], 'South_Clinic');

    expect(await names('', key)).toEqual(['South_Clinic']);
    expect(await names('search=harbor', key)).toEqual([]);
    expect(await names('', await api.key(['organization'], 'nobody'))).toEqual([]);
  });

  it.each(['search=', 'search=-', 'organization=South_Clinic', 'limit=0'])('refuses %s', async (query) => {
    expect((await api.call('GET', `/v1/organizations?${query}`)).status).toBe(422);
  });
});
