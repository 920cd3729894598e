import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../lambdas/domain/delivery/attempt.ts';
import { startApi, type TestApi } from '../support/api.ts';

// What can match nothing is said to be wrong, and lists have an end.

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const LISTS = ['/v1/attempts', '/v1/events', '/v1/replays', '/v1/audit', '/v1/subscriptions'];
const FILTERS: [list: string, filter: string][] = [
  ['/v1/attempts', 'subscription'],
  ['/v1/attempts', 'type'],
  ['/v1/attempts', 'event'],
  ['/v1/attempts', 'resource_id'],
  ['/v1/events', 'resource_id'],
  ['/v1/events', 'status'],
  ['/v1/attempts', 'outcome'],
  ['/v1/events', 'subscription'],
  ['/v1/events', 'type'],
  ['/v1/events', 'outcome'],
  ['/v1/replays', 'subscription'],
  ...LISTS.flatMap((list): [string, string][] => ['organization', 'since', 'until'].map((filter) => [list, filter])),
];

describe('a query that can match nothing', () => {
  it.each(FILTERS)('%s?%s= is refused by name: mostly a variable that nobody set', async (list, filter) => {
    const answer = await api.call<{ errors: { pointer: string }[] }>('GET', `${list}?${filter}=`);

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer: `?${filter}` }]);
  });

  it.each(['visit.*', '*', 'visit', 'Visit.Ended', 'a.b.c.d'])('is refused: type=%s', async (type) => {
    const answer = await api.call('GET', `/v1/attempts?type=${encodeURIComponent(type)}`);

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '?type' }] } });
  });

  it.each(['ping', 'visit.ended', 'visit.note.signed_and_sent', 'shift.retired'])(
    'is not one of a type that there is, or was: %s',
    async (type) => {
      expect((await api.call('GET', `/v1/attempts?subscription=sub_1&type=${type}`)).status).toBe(200);
    },
  );

  it.each(['40', '4040', '6xx', '0xx', '4XX', '404,', '404, 500', '*'])('is refused: status=%s', async (status) => {
    const answer = await api.call('GET', `/v1/events?status=${encodeURIComponent(status)}`);

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '?status' }] } });
  });

  it.each(['/v1/attempts', '/v1/events'])('is refused: %s of a resource longer than any', async (list) => {
    const query = (length: number) => `${list}?organization=org_1&resource_id=${'x'.repeat(length)}`;

    const answer = await api.call('GET', query(129));

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '?resource_id' }] } });
    expect(JSON.stringify(answer.body)).not.toContain('xxx');
    expect((await api.call('GET', query(128))).status).toBe(200);
  });

  it.each(['/v1/attempts', '/v1/events', '/v1/audit'])('is refused: %s with since after until', async (list) => {
    const answer = await api.call('GET', `${list}?organization=org_1&since=2026-02-02&until=2026-02-01`);

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '?since' }] } });
    expect((await api.call('GET', `${list}?organization=org_1&since=2026-02-01&until=2026-02-01`)).status).toBe(200);
  });

  it('is refused for a replay too', async () => {
    const url = 'https://hooks.example.com/';
    const { body } = await api.call('POST', '/v1/subscriptions', { body: { organization: 'org_1', url } });
    const path = `/v1/subscriptions/${String(body.id)}/replay`;

    const answer = await api.call('POST', path, { body: { since: '2026-02-02', until: '2026-02-01' } });

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/since' }] } });
  });
});

describe('a list in a query', () => {
  const outcomes = (count: number): string =>
    Array.from({ length: count }, (_, i) => OUTCOMES[i % OUTCOMES.length]).join();

  it('is asked of the table once each, however often it names one', async () => {
    let asked: unknown;
    const real = api.deps.attempts;
    api.deps.attempts = { ...real, list: (filter, page) => real.list(((asked = filter), filter), page) };

    const { status } = await api.call('GET', `/v1/attempts?subscription=sub_1&outcome=${outcomes(50)}`);

    api.deps.attempts = real;
    expect(status).toBe(200);
    expect(asked).toMatchObject({ outcome: [...OUTCOMES] });
  });

  it('has 50 statuses at most', async () => {
    const statuses = (count: number): string => Array.from({ length: count }, (_, i) => 200 + i).join();

    expect((await api.call('GET', `/v1/events?organization=org_1&status=${statuses(50)}`)).status).toBe(200);
    expect((await api.call('GET', `/v1/events?organization=org_1&status=${statuses(51)}`)).status).toBe(422);
  });

  it('has 50 items at most', async () => {
    const answer = await api.call('GET', `/v1/attempts?subscription=sub_1&outcome=${outcomes(51)}`);

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '?outcome' }] } });
  });
});

describe('the errors in an answer', () => {
  it('are 50, and how many more there are', async () => {
    const headers = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`wrong header ${i}`, '']));
    const body = { organization: 'org_1', url: 'https://hooks.example.com/', headers };

    const answer = await api.call<{ errors: object[] }>('POST', '/v1/subscriptions', { body });

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toHaveLength(51);
    expect(answer.body.errors.at(-1)).toEqual({ pointer: '', detail: 'and 1951 more' });
  });
});
