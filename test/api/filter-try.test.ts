import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { startApi, type TestApi } from '../support/api.ts';

// Filters tried on the newest events before there is a subscription, through the real routes and tables.

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

let number = 0;
let organization = '';
let key = '';
beforeEach(async () => {
  organization = `tried_${(number += 1)}`;
  key = await api.key(['organization'], organization);
});

interface Tried {
  matching: number;
  data: { id: string; matches: boolean; because: string[] }[];
  errors?: { pointer: string }[];
}
const ask = (body: unknown, as = key) => api.call<Tried>('POST', '/v1/filter-test', { key: as, body });
/** An event that was accepted. */
async function accepted(data: object, more: Partial<PosthornEvent> = {}): Promise<string> {
  const event: PosthornEvent = {
    ...api.deps.ids.event(),
    organization,
    type: 'visit.ended',
    triggering_location: 'API',
    data: JSON.stringify(data),
    ...more,
  };
  await api.deps.events.record(event, []);
  return event.id;
}

describe('a filter that is tried', () => {
  it('says of the newest events which would be sent, and what in the others is why not', async () => {
    const cancelled = await accepted({ status: 'cancelled' });
    const ended = await accepted({ status: 'ended' });
    const shift = await accepted({ status: 'cancelled' }, { type: 'shift.created' });

    const { status, body } = await ask({ events: ['visit.*'], filter: { data: { status: ['cancelled'] } } });

    expect(status).toBe(200);
    expect(body.matching).toBe(1);
    expect(body.data.map(({ id, because }) => [id, because])).toEqual([
      [shift, ['/type']],
      [ended, ['/data/status']],
      [cancelled, []],
    ]);
  });

  it('takes an account alone, and no more events than it is asked for', async () => {
    for (const account of ['north', 'south', 'south']) await accepted({}, { account });

    const { body } = await ask({ account: 'north', limit: 2 });

    expect(body.data.map(({ because }) => because)).toEqual([['/account'], ['/account']]);
  });

  it('leaves out pings and samples, which no filter lets through or keeps back', async () => {
    await accepted({}, { sample: true });

    expect((await ask({})).body.data).toEqual([]);
  });

  it.each<[unknown, string]>([
    [{ filter: { data: { status: [{ like: 'x' }] } } }, '/filter/data/status/0'],
    [{ filter: {} }, '/filter'],
    [{ events: ['visit.endd'] }, '/events/0'],
    [{ limit: 21 }, '/limit'],
    [{ url: 'https://hooks.example.com' }, '/url'],
  ])('%j is refused with its place', async (body, pointer) => {
    const { status, body: problem } = await ask(body);

    expect([status, problem.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });

  it('is recorded as a look at each of the events, if it looks into them', async () => {
    const event = await accepted({ status: 'ended' });
    const viewed = async () =>
      (await api.call<{ data: { object_id: string }[] }>('GET', '/v1/audit?action=payload.viewed&limit=100')).body.data
        .map(({ object_id }) => object_id)
        .filter((id) => id === event);

    await ask({ events: ['visit.*'] });
    const before = await viewed();
    await ask({ filter: { type: ['visit.ended'] } });

    expect([before, await viewed()]).toEqual([[], [event]]);
  });

  it('is of an organization: the own one, or one that staff name', async () => {
    const event = await accepted({});

    expect((await ask({ organization: 'somebody_else' })).status).toBe(403);
    expect((await ask({}, await api.key(['admin']))).status).toBe(422);
    expect((await ask({ organization }, await api.key(['admin']))).body.data.map(({ id }) => id)).toEqual([event]);
  });

  it('cannot spell out bodies to somebody who may not see them, and counts by type for them all the same', async () => {
    await accepted({ status: 'ended' });
    const support = await api.key(['support']);

    const looking = await ask({ organization, filter: { data: { status: ['ended'] } } }, support);
    const counting = await ask({ organization, events: 'visit.ended' }, support);

    expect([looking.status, counting.status, counting.body.matching]).toEqual([403, 200, 1]);
  });
});
