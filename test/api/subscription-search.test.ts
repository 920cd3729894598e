import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// `GET /v1/subscriptions` by what people know of one: a part of its URL, a name as it is spoken, how its endpoint does.

let api: TestApi;
let customer: string;
beforeAll(async () => {
  api = await startApi();
  customer = await api.key(['organization'], 'Harbor_Hospital');
  const health = (id: string, organization: string, row: object) =>
    put('EndpointHealth', { subscription: id, organization, failures: 30, ...row });
  await put('Subscriptions', row('South_Clinic', 'sub_south', 'https://hooks.southclinic.example/visits'));
  await put(
    'Subscriptions',
    row('Harbor_Hospital', 'sub_harbor', 'https://in.example.com/A', { description: 'Pharmacy, 2nd floor' }),
  );
  await put('Subscriptions', row('Harbor_Hospital', 'sub_off', 'https://off.example.com/', { active: 'no' }));
  await put('Subscriptions', row('Harbor_Hospital', 'sub_broken', 'htps://oops.example.com/'));
  await put('Subscriptions', row('Harbor_Hospital', 'sub_down', 'https://down.example.com/', { account: 'north-3' }));
  await put('Subscriptions', row('Harbor_Hospital', 'sub_typed', ['HTTPS://Typed.Example.com/x']));
  await health('sub_down', 'Harbor_Hospital', { circuit: 'open' });
  // Typed with an id that another organization's endpoint has: not this row's health.
  await health('sub_harbor', 'South_Clinic', { circuit: 'open' });
});
afterAll(() => api.close());

const row = (organization: string, id: string, url: unknown, more: object = {}) => ({ organization, id, url, ...more });
const put = (table: 'Subscriptions' | 'EndpointHealth', Item: Record<string, unknown>) =>
  api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table(table), Item }));

async function found(query: string, key?: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/v1/subscriptions?${query}${cursor && `&cursor=${cursor}`}`;
    const { status, body } = await api.call<{ data: { id: string }[]; next_cursor: string | null }>('GET', path, {
      key,
    });
    expect(status).toBe(200);
    ids.push(...body.data.map(({ id }) => id));
    cursor = body.next_cursor;
  }
  return ids.sort();
}

describe('a search for a subscription', () => {
  it.each([
    ['southclinic.example', ['sub_south']],
    ['SOUTHCLINIC', ['sub_south']],
    ['hooks.southclinic.example/visits', ['sub_south']],
    ['South Clinic', ['sub_south']],
    ['south-clinic', ['sub_south']],
    ['pharmacy', ['sub_harbor']],
    ['2nd floor', ['sub_harbor']],
    ['sub_harbor', ['sub_harbor']],
    ['north 3', ['sub_down']],
    ['oops', ['sub_broken']],
    ['https://typed.example.com/x', ['sub_typed']],
    ['harbor', ['sub_broken', 'sub_down', 'sub_harbor', 'sub_off', 'sub_typed']],
    ['visit.ended', []],
  ])('finds by %s', async (search, ids) => {
    expect(await found(`search=${encodeURIComponent(search)}`)).toEqual(ids);
  });

  it.each([
    ['inactive', ['sub_off']],
    ['problem', ['sub_broken']],
    ['down', ['sub_down']],
    ['down,problem', ['sub_broken', 'sub_down']],
    ['healthy', ['sub_harbor', 'sub_south', 'sub_typed']],
    ['active', ['sub_broken', 'sub_down', 'sub_harbor', 'sub_south', 'sub_typed']],
    ['slow,throttled,paused,releasing', []],
  ])('finds by state %s', async (state, ids) => {
    expect(await found(`state=${state}`)).toEqual(ids);
  });

  it('takes text, state and organization together', async () => {
    expect(await found('search=example.com&state=healthy&organization=Harbor_Hospital')).toEqual([
      'sub_harbor',
      'sub_typed',
    ]);
    expect(await found('search=example&state=healthy&organization=South_Clinic')).toEqual(['sub_south']);
  });

  it('shows a customer its own alone', async () => {
    expect(await found('search=example', customer)).not.toContain('sub_south');
    expect(await found('search=southclinic', customer)).toEqual([]);
    expect(await found('search=south&organization=South_Clinic', customer)).toEqual([]);
  });

  it.each(['', ' ', '_-_', '***'])('for "%s" is refused: it is in everything or nothing', async (search) => {
    const answer = await api.call('GET', `/v1/subscriptions?search=${encodeURIComponent(search)}`);

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '?search' }] } });
  });

  it.each(['', 'off', 'down,', Array(51).fill('down').join()])('by state "%s" is refused', async (state) => {
    const answer = await api.call('GET', `/v1/subscriptions?state=${state}`);

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '?state' }] } });
  });
});
