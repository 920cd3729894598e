import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rawBody, startApi, type TestApi } from '../support/api.ts';

// Filters of subscriptions, through the real routes and tables.

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const CANCELLED = { data: { status: ['cancelled'] } };
let number = 0;
let organization = '';
let key = '';
beforeEach(async () => {
  organization = `filters_${(number += 1)}`;
  key = await api.key(['organization'], organization);
});
const subscribe = (more: object = {}) =>
  api.call<{ id: string; filter?: unknown }>('POST', '/v1/subscriptions', {
    key,
    body: { url: 'https://hooks.example.com/filters', ...more },
  });
const test = (id: string, body: unknown, as = key) =>
  api.call<{ matches: boolean; because: string[] }>('POST', `/v1/subscriptions/${id}/filter-test`, { key: as, body });

describe('the filter of a subscription', () => {
  it('is stored as it was given, shown, changed and removed', async () => {
    const { status, body } = await subscribe({ filter: CANCELLED });
    const path = `/v1/subscriptions/${body.id}`;
    const other = { $or: [{ type: ['visit.ended'] }, { data: { n: [{ numeric: ['>', 0.5] }, null, true] } }] };

    const changed = await api.call('PATCH', path, { key, body: { filter: other } });
    const read = await api.call('GET', path, { key });
    const removed = await api.call('PATCH', path, { key, body: { filter: null } });

    expect([status, body.filter]).toEqual([201, CANCELLED]);
    expect([changed.body.filter, read.body.filter]).toEqual([other, other]);
    expect([removed.status, removed.body.filter]).toEqual([200, undefined]);
  });

  it('makes subscriptions differ that are otherwise equal, whatever the order of its keys', async () => {
    const two = { account: ['north'], data: { status: ['cancelled'] } };
    await subscribe({ filter: two });

    const same = await subscribe({ filter: { data: { status: ['cancelled'] }, account: ['north'] } });
    const other = await subscribe({ filter: CANCELLED });
    const none = await subscribe();

    expect([same.status, other.status, none.status]).toEqual([409, 201, 201]);
  });

  it.each<[unknown, string]>([
    ['x', '/filter'],
    [[], '/filter'],
    [null, '/filter'],
    [{}, '/filter'],
    [{ detail: { a: [1] } }, '/filter/detail'],
    [{ data: { status: [{ like: 'x' }] } }, '/filter/data/status/0'],
    [{ data: { 'a/b': [] } }, '/filter/data/a~1b'],
  ])('%j is refused with its place, and nothing is stored', async (filter, pointer) => {
    const { status, body } = await subscribe({ filter });
    const { body: list } = await api.call<{ data: unknown[] }>('GET', '/v1/subscriptions', { key });

    expect([status, body]).toMatchObject([422, { errors: [{ pointer }] }]);
    expect(list.data).toEqual([]);
  });
});

describe('a test of a filter', () => {
  const event = (data: string) => `{"type": "visit.ended", "account": "north", "data": ${data}}`;

  it('says that an event matches, and what in it is why it does not', async () => {
    const { body } = await subscribe({ filter: CANCELLED, account: 'north', events: ['visit.*'] });

    const matching = await test(body.id, {
      event: { type: 'visit.ended', account: 'north', data: { status: 'cancelled' } },
    });
    const not = await test(body.id, { event: { type: 'shift.created', account: 'south', data: { status: 'ended' } } });

    expect([matching.status, matching.body]).toEqual([200, { matches: true, because: [] }]);
    expect(not.body).toEqual({ matches: false, because: ['/type', '/account', '/data/status'] });
  });

  it('tries a filter that is not saved, by the digits of the event as it was written', async () => {
    const { body } = await subscribe();
    const ask = (data: string) => test(body.id, rawBody(`{"filter": {"data": {"n": [300]}}, "event": ${event(data)}}`));

    expect((await ask('{"n": 300}')).body).toMatchObject({ matches: true });
    expect((await ask('{"n": 300.0}')).body).toEqual({ matches: false, because: ['/data/n'] });
  });

  it('takes an event that was accepted, of the own organization alone', async () => {
    const { body } = await subscribe({ filter: CANCELLED });
    const accepted = (owner: string) => ({
      ...api.deps.ids.event(),
      organization: owner,
      type: 'visit.ended',
      triggering_location: 'API' as const,
      data: '{"status": "cancelled"}',
    });
    const [own, foreign] = [accepted(organization), accepted('somebody_else')];
    await api.deps.events.record(own, []);
    await api.deps.events.record(foreign, []);

    expect((await test(body.id, { event_id: own.id })).body).toEqual({ matches: true, because: [] });
    expect((await test(body.id, { event_id: foreign.id })).status).toBe(404);
    expect((await test(body.id, { event_id: 'evt_none' })).status).toBe(404);
  });

  it('of an event that was accepted is for those who may see bodies; with an event of its own for everybody', async () => {
    const { body } = await subscribe({ filter: CANCELLED });
    const support = await api.key(['support']);

    const asked = await test(body.id, { event_id: 'evt_1' }, support);
    const given = await test(body.id, { event: { type: 'visit.ended', data: { status: 'cancelled' } } }, support);

    expect([asked.status, given.status]).toEqual([403, 200]);
  });

  it.each<[unknown]>([
    [{}],
    [{ event_id: 'evt_1', event: { type: 'visit.ended', data: {} } }],
    [{ event: { type: 'a' } }],
  ])('refuses %j', async (body) => {
    const { body: subscription } = await subscribe();

    expect((await test(subscription.id, body)).status).toBe(422);
  });

  it('of a row that nothing is sent to answers what to mend', async () => {
    const { body } = await subscribe();
    await api.deps.subscriptions.update(organization, body.id, { set: { filter: 'x' } as never, remove: [] });

    const { status, body: problem } = await test(body.id, { event: { type: 'visit.ended', data: {} } });

    expect([status, problem]).toMatchObject([
      409,
      { detail: expect.stringContaining('filter: expected a map') as string },
    ]);
  });
});
