import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId, type Outcome } from '../../lambdas/domain/delivery/attempt.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await record('org_1', 3, '28540', { sub_a: ['failed', 'delivered'], sub_b: ['exhausted'] });
  await record('org_1', 2, undefined, { sub_a: [], sub_b: ['held'] });
  await record('org_2', 1, '28540', { sub_c: ['exhausted'] });
  await record('org_3', 4, '1', { sub_d: ['delivered'] });
});
afterAll(() => api.close());

const ids = new Map<number, string>();

/** An event some seconds ago, and how the attempts of each of its deliveries ended, oldest first. */
async function record(
  organization: string,
  ago: number,
  resource_id: string | undefined,
  deliveries: Record<string, Outcome[]>,
  to = api,
): Promise<void> {
  const enqueued_ms = Date.now() - ago * 1000;
  const id = `evt_${ulid(enqueued_ms)}`;
  ids.set(ago, id);
  const event = {
    id,
    organization,
    type: 'visit.ended',
    triggering_location: 'API' as const,
    enqueued_ms,
    resource_id,
  };
  const matches = Object.keys(deliveries).map((subscription) => ({ subscription, format: 'standard' as const }));
  await to.deps.events.record(event, matches);
  for (const [subscription_id, outcomes] of Object.entries(deliveries)) {
    for (const [at, outcome] of outcomes.entries()) {
      await to.deps.attempts.append([
        {
          id: attemptId(ulid(enqueued_ms + at + 1), id, subscription_id),
          event_id: id,
          subscription_id,
          organization,
          type: event.type,
          attempt: at + 1,
          attempted_ms: enqueued_ms + at + 1,
          outcome,
          url: `https://hooks.example.com/${subscription_id}`,
          format: 'standard',
          status: outcome === 'held' ? undefined : outcome === 'delivered' ? 200 : 500,
        },
      ]);
    }
  }
}

interface Row {
  event_id: string;
  subscription_id: string;
  outcome: string;
  organization: string;
}
type Answer = { data: Row[]; next_cursor: string | null; errors?: { pointer: string }[] };

const ask = (query: string, key?: string) => api.call<Answer>('GET', `/v1/deliveries?${query}`, { key });
const short = ({ subscription_id, outcome }: Row): string => `${subscription_id} ${outcome}`;

describe('GET /v1/deliveries', () => {
  it('has one row for each delivery, as it stands now', async () => {
    const { body } = await ask('organization=org_1');

    expect(body.data.map(short)).toEqual(['sub_a pending', 'sub_b held', 'sub_a delivered', 'sub_b exhausted']);
    expect(body.data[2]).toMatchObject({
      event_id: ids.get(3),
      organization: 'org_1',
      type: 'visit.ended',
      resource_id: '28540',
      attempt: 2,
      url: 'https://hooks.example.com/sub_a',
      status: 200,
    });
    expect(body.next_cursor).toBeNull();
  });

  it.each([
    ['organization=org_1&outcome=exhausted,failed', ['sub_b exhausted']],
    ['organization=org_1&outcome=pending', ['sub_a pending']],
    ['organization=org_1&outcome=pending,held', ['sub_a pending', 'sub_b held']],
    ['organization=org_1&status=5xx', ['sub_b exhausted']],
    ['organization=org_1&subscription=sub_a', ['sub_a pending', 'sub_a delivered']],
    ['organization=org_1&subscription=sub_a&outcome=delivered', ['sub_a delivered']],
    ['organization=org_1&resource_id=28540', ['sub_a delivered', 'sub_b exhausted']],
    ['organization=org_1&resource_id=28540&outcome=delivered&status=200', ['sub_a delivered']],
    ['resource_id=28540', ['sub_c exhausted', 'sub_a delivered', 'sub_b exhausted']],
    ['resource_id=28540&outcome=exhausted', ['sub_c exhausted', 'sub_b exhausted']],
    ['organization=org_1&type=shift.created', []],
    ['organization=org_1&since=2999-01-01', []],
  ])('takes filters together: %s', async (query, rows) => {
    expect((await ask(query)).body.data.map(short)).toEqual(rows);
  });

  it('finds the failures of all organizations, one after another', async () => {
    const { body } = await ask('outcome=exhausted');

    expect(body.data.map(short).sort()).toEqual(['sub_b exhausted', 'sub_c exhausted']);
  });

  it('finds them among many organizations, most of which have none', async () => {
    const many = await startApi();
    try {
      for (let n = 0; n < 60; n++) {
        await record(`many_${n}`, 5, undefined, { [`sub_m${n}`]: [n % 5 === 0 ? 'exhausted' : 'delivered'] }, many);
      }

      const { body } = await many.call<Answer>('GET', '/v1/deliveries?outcome=exhausted&limit=100');

      expect(body.data.map(({ organization }) => organization).sort()).toEqual(
        Array.from({ length: 12 }, (_, n) => `many_${n * 5}`).sort(),
      );
      expect(body.next_cursor).toBeNull();
    } finally {
      await many.close();
    }
  });

  it.each(['organization=org_1', 'outcome=exhausted,failed', 'resource_id=28540', ''])(
    'goes on where a page ended, with no row left out or twice: %j',
    async (query) => {
      const whole = (await ask(query)).body.data.map(short);
      const rows: string[] = [];
      let cursor: string | null = '';
      do {
        const page: Answer = (await ask(`${query}&limit=1${cursor && `&cursor=${cursor}`}`)).body;
        rows.push(...page.data.map(short));
        cursor = page.next_cursor;
      } while (cursor !== null);

      expect(rows).toEqual(whole);
    },
  );

  it('shows a customer its own alone', async () => {
    const key = await api.key(['organization'], 'org_2');

    expect((await ask('', key)).body.data.map(short)).toEqual(['sub_c exhausted']);
    expect((await ask('resource_id=28540', key)).body.data.map(short)).toEqual(['sub_c exhausted']);
    expect((await ask('outcome=exhausted', key)).body.data.map(short)).toEqual(['sub_c exhausted']);
    expect((await ask('organization=org_1', key)).body.data).toEqual([]);
    expect((await ask('subscription=sub_b', key)).body.data).toEqual([]);
  });

  it.each([
    ['outcome=lost', '?outcome'],
    ['status=99', '?status'],
    ['since=2026-02-02&until=2026-02-01', '?since'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await ask(query);

    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });
});

describe('GET /v1/events/{id}', () => {
  it('says of each delivery where it went and what was answered last', async () => {
    const { body } = await api.call<{ deliveries: object[] }>('GET', `/v1/events/${ids.get(3)}`);

    expect(body.deliveries).toMatchObject([
      { subscription_id: 'sub_a', outcome: 'delivered', url: 'https://hooks.example.com/sub_a', status: 200 },
      { subscription_id: 'sub_b', outcome: 'exhausted', url: 'https://hooks.example.com/sub_b', status: 500 },
    ]);
  });
});
