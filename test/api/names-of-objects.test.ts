import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// Users choose names that every object of JavaScript has. They are names like any other, or an error, never a 503.

/** All that `in` finds in an empty object, but `__proto__`, which is refused by name. */
const NAMES = Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]/i.test(name));

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

let made = 0;
async function subscribe(headers?: Record<string, string>) {
  const url = `https://hooks.example.com/${(made += 1)}`;
  const { status, body } = await api.call('POST', '/v1/subscriptions', {
    body: { organization: 'org_1', url, headers },
  });
  return { status, body, path: `/v1/subscriptions/${String(body.id)}` };
}

describe('a custom header that is named like a member of every object', () => {
  it.each(NAMES)('is kept when a subscription is made, and when it is changed: %s', async (name) => {
    const created = await subscribe({ [name]: 'mine' });
    const changed = await api.call('PATCH', created.path, { body: { headers: { [name]: 'other', 'x-b': '2' } } });
    const shown = await api.call('GET', created.path);

    expect(created).toMatchObject({ status: 201, body: { headers: { [name]: 'mine' } } });
    expect(changed).toMatchObject({ status: 200 });
    expect(shown.body.headers).toEqual({ [name]: 'other', 'x-b': '2' });
  });

  it('is refused by its pointer as __proto__', async () => {
    const { path } = await subscribe();
    const headers = JSON.parse('{"__proto__":"x"}') as Record<string, string>;

    expect(await api.call('PATCH', path, { body: { headers } })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/headers/__proto__' }] },
    });
  });
});

describe.each([...NAMES, '__proto__'])('the name %s', (name) => {
  it('is no query parameter, member or id', async () => {
    const body = JSON.parse(`{"url":"https://hooks.example.com/","organization":"org_1","${name}":"x"}`) as object;

    expect((await api.call('GET', `/v1/attempts?${name}=x`)).status).toBe(422);
    expect((await api.call('POST', '/v1/subscriptions', { body })).status).toBe(422);
    expect((await api.call('GET', `/v1/subscriptions/${name}`)).status).toBe(404);
    expect((await api.call('GET', `/v1/events?outcome=${name}&subscription=sub_1`)).status).toBe(422);
  });

  it('may be the name of an organization, an account and a subscription that there is none of', async () => {
    expect(await api.call('GET', `/v1/subscriptions?organization=${name}`)).toMatchObject({ status: 200 });
    expect(await api.call('GET', `/v1/attempts?subscription=${name}`)).toMatchObject({ body: { data: [] } });
    const url = 'https://hooks.example.com/';
    const body = { organization: name, account: name, url };
    expect(await api.call('POST', '/v1/subscriptions', { body })).toMatchObject({ status: 201 });
  });
});
