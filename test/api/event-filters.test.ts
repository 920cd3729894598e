import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId, type Outcome } from '../../lambdas/domain/delivery/attempt.ts';
import { startApi, type TestApi } from '../support/api.ts';

// `GET /v1/events` by what became of the deliveries.

let api: TestApi;
let key: string;
const [failed, delivered, untried] = [1, 2, 3].map((n) => `evt_${ulid(Date.now() - n * 1000)}`) as [
  string,
  string,
  string,
];
beforeAll(async () => {
  api = await startApi();
  key = await api.key(['organization'], 'org_1');
  await record(failed, 'exhausted');
  await record(delivered, 'delivered', '28540');
  await record(untried);
});
afterAll(() => api.close());

async function record(id: string, outcome?: Outcome, resource_id?: string): Promise<void> {
  const event = {
    id,
    organization: 'org_1',
    type: 'visit.ended',
    triggering_location: 'API' as const,
    enqueued_ms: Date.now(),
    ...(resource_id === undefined ? {} : { resource_id }),
  };
  await api.deps.events.record(event, [{ subscription: 'sub_1', format: 'standard' }]);
  if (outcome === undefined) return;
  const attempted_ms = Date.now();
  const status = outcome === 'delivered' ? 200 : 500;
  const line = {
    attempt: 1,
    attempted_ms,
    outcome,
    status,
    url: 'https://hooks.example.com/',
    format: 'standard' as const,
  };
  await api.deps.attempts.append([
    {
      id: attemptId(ulid(), id, 'sub_1'),
      event_id: id,
      subscription_id: 'sub_1',
      organization: 'org_1',
      type: event.type,
      ...line,
    },
  ]);
}

const list = async (query: string, as?: string) => {
  const { status, body } = await api.call<{
    data?: { id: string }[];
    next_cursor?: string | null;
    detail?: string;
    errors?: object[];
  }>('GET', `/v1/events?${query}`, as === undefined ? {} : { key: as });
  return { status, ids: body.data?.map(({ id }) => id), next: body.next_cursor, errors: body.errors };
};

describe('GET /v1/events', () => {
  it.each([
    ['subscription=sub_1', [failed, delivered]],
    ['subscription=sub_1&outcome=delivered', [delivered]],
    ['subscription=sub_1&type=shift.created', []],
    ['organization=org_1&outcome=failed,exhausted', [failed]],
    ['organization=org_1', [failed, delivered, untried]],
    ['organization=org_1&outcome=delivered', [delivered]],
    ['organization=org_1&status=5xx', [failed]],
    ['organization=org_1&subscription=sub_1&status=200,404&type=visit.ended&since=2020-01-01', [delivered]],
    ['organization=org_1&resource_id=28540', [delivered]],
    ['organization=org_1&resource_id=28540&subscription=sub_1&outcome=delivered&status=200', [delivered]],
    ['organization=org_1&resource_id=28540&outcome=exhausted', []],
    ['organization=org_1&resource_id=2854', []],
  ])('?%s lists what became so', async (query, ids) => {
    for (const as of [undefined, key]) expect(await list(query, as)).toMatchObject({ status: 200, ids, next: null });
  });

  it('goes on behind its cursor, which other filters refuse', async () => {
    const first = await list('subscription=sub_1&limit=1');
    const second = await list(`subscription=sub_1&limit=1&cursor=${first.next}`);

    expect([first.ids, second.ids]).toEqual([[failed], [delivered]]);
    expect((await list(`subscription=sub_1&outcome=failed&cursor=${first.next}`)).status).toBe(422);
  });

  it.each(['/v1/events', '/v1/attempts'])('%s of a resource need not know whose it is', async (path) => {
    const ask = (query: string, as: string) => api.call('GET', `${path}?${query}`, { key: as });

    expect((await ask('resource_id=28540', api.adminKey)).body.data).toMatchObject([{ organization: 'org_1' }]);
    expect((await ask('resource_id=28540', key)).body.data).toHaveLength(1);
    expect((await ask('resource_id=28540&organization=org_1', api.adminKey)).body.data).toHaveLength(1);
    expect((await ask('resource_id=28540&subscription=sub_1&outcome=delivered', key)).body.data).toHaveLength(1);
    expect((await ask('resource_id=28540&subscription=sub_2', key)).body.data).toEqual([]);
    expect(api.lines.join()).not.toContain('28540');
  });

  it('?outcome=exhausted of all organizations is answered page by page', async () => {
    expect(await list('outcome=exhausted')).toMatchObject({ status: 200, ids: [failed] });
  });

  it('needs no organization with a key that has one', async () => {
    expect(await list('outcome=exhausted', key)).toMatchObject({ status: 200, ids: [failed] });
  });

  it('shows another organization nothing, as for a subscription that never was', async () => {
    const stranger = await api.key(['organization'], 'org_2');
    const nothing = { status: 200, ids: [], next: null };

    for (const query of [
      'subscription=sub_1&limit=1',
      'subscription=sub_0&limit=1',
      'outcome=exhausted&organization=org_1',
      'outcome=delivered&organization=org_1',
      'resource_id=28540&organization=org_1',
      'resource_id=28540',
    ]) {
      expect(await list(query, stranger)).toMatchObject(nothing);
    }
  });

  it('counts a date as a whole day', async () => {
    const day = (msAgo: number) => new Date(Date.now() - msAgo).toISOString().slice(0, 10);
    const all = [failed, delivered, untried];

    // Made seconds ago: of two days, if midnight was since then.
    expect(await list(`organization=org_1&since=${day(10_000)}&until=${day(0)}`)).toMatchObject({ ids: all });
    expect(await list(`organization=org_1&until=${day(86_400_000 + 10_000)}`)).toMatchObject({ ids: [] });
  });

  it.each(['2026-02-30', '2026-02-30T00:00:00Z', '2026-11-31', '2026-13-01', '2025-02-29'])(
    'refuses a day that is none: %s',
    async (since) => {
      const { status, errors } = await list(`organization=org_1&since=${since}`);

      expect(status).toBe(422);
      expect(errors).toMatchObject([{ pointer: '?since' }]);
    },
  );
});
