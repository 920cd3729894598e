import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import type { CountScope } from '../../lambdas/stores/statistics.ts';
import type { Counts } from '../../lambdas/domain/counts/counts.ts';
import { startApi, type TestApi } from '../support/api.ts';

const NOW = Date.parse('2026-03-05T09:15:00Z');

interface Answer {
  since: string;
  until: string;
  step: string;
  total: { deliveries: Record<string, number>; lateness_ms: object | null };
  data: { from: string; deliveries: Record<string, number> }[];
}

let api: TestApi;
let keyOfOne: string;

beforeAll(async () => {
  api = await startApi({ now: () => NOW });
  keyOfOne = await api.key(['organization'], 'org_1');
  const hours = ['2026-03-04T09', '2026-03-04T10', '2026-03-05T08', '2026-03-05T09'];
  for (const [n, hour] of hours.entries()) {
    await count(
      { organization: 'org_1', subscription: 'sub_1' },
      hour,
      { d_delivered: n + 1, l40: n + 1 },
      1000 * (n + 1),
    );
    await count({ organization: 'org_2', subscription: 'sub_1' }, hour, { d_delivered: 100 });
    await count({ organization: 'org_1' }, hour, { d_delivered: 10 });
    await count({}, hour, { d_delivered: 1000 });
  }
});
afterAll(() => api.close());

const count = (scope: CountScope, hour: string, counts: Counts, longestMs?: number) =>
  createStatisticsStore(api.tables.dynamoDb, api.tables.table('Statistics')).add(scope, hour, 'shardId-1', [
    { sequence: '1', counts, longestMs },
  ]);
const ask = (query: string, key?: string) => api.call<Answer>('GET', `/v1/statistics?${query}`, key ? { key } : {});
const told = ({ body }: { body: Answer }) =>
  body.data.map(({ from, deliveries }) => [from.slice(0, 13), deliveries['delivered']]);

describe('statistics', () => {
  it('tell the last 24 hours by default, the present one included, and all of them together', async () => {
    const answer = await ask('organization=org_1&subscription=sub_1');

    expect(answer.status).toBe(200);
    expect(told(answer)).toEqual([
      ['2026-03-04T10', 2],
      ['2026-03-05T08', 3],
      ['2026-03-05T09', 4],
    ]);
    expect(answer.body).toMatchObject({
      since: '2026-03-04T10:00:00.000Z',
      until: '2026-03-05T10:00:00.000Z',
      step: 'hour',
      total: { deliveries: { delivered: 9 }, lateness_ms: { max: 4000 } },
    });
  });

  it('tell whole days in UTC', async () => {
    const answer = await ask('organization=org_1&subscription=sub_1&step=day&since=2026-03-04&until=2026-03-05');

    expect(told(answer)).toEqual([
      ['2026-03-04T00', 3],
      ['2026-03-05T00', 7],
    ]);
    expect(answer.body.until).toBe('2026-03-06T00:00:00.000Z');
  });

  it.each([
    ['everything', '', 4000, 3000],
    ['an organization', 'organization=org_1', 40, 30],
    ["a subscription's organization", 'organization=org_2&subscription=sub_1', 400, 300],
    ['an organization of which nothing is known', 'organization=org_9', 0, 0],
  ])('are about %s', async (_, query, whole, day) => {
    const all = await ask(`${query}&since=2026-03-01`);
    const last = await ask(query);

    expect(all.body.total.deliveries['delivered']).toBe(whole);
    expect(last.body.total.deliveries['delivered']).toBe(day);
  });

  it('of a subscription are found by its id alone, by whose it is', async () => {
    const { body } = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
      body: { organization: 'org_1', url: 'https://hooks.example.com/1' },
    });
    await count({ organization: 'org_1', subscription: body.id }, '2026-03-05T09', { d_delivered: 7 });

    expect(told(await ask(`subscription=${body.id}`))).toEqual([['2026-03-05T09', 7]]);
    expect(told(await ask('subscription=sub_nobody'))).toEqual([]);
  });

  it('are empty of a time that has not come', async () => {
    expect((await ask('since=2999-01-01')).body).toMatchObject({ data: [], total: { lateness_ms: null } });
  });

  it.each([
    ['?since', 'since=2026-01-01&until=2025-12-31'],
    ['?since', 'since=2025-11-01'],
    ['?since', 'step=day&since=2025-01-01'],
    ['?step', 'step=minute'],
    ['?until', 'until=tomorrow'],
    ['?organization', 'organization='],
    ['?subscription', 'subscription=visit.*'],
    ['?limit', 'limit=10'],
  ])('refuse %s in ?%s', async (pointer, query) => {
    const { status, body } = await ask(query);

    expect(status).toBe(422);
    expect((body as unknown as { errors: { pointer: string }[] }).errors.map((error) => error.pointer)).toEqual([
      pointer,
    ]);
  });
});

describe("an account's key", () => {
  it('sees subscriptions of its account, and must name one', async () => {
    const made = await Promise.all(
      ['acc_1', 'acc_2'].map((account, n) =>
        api.call<{ id: string }>('POST', '/v1/subscriptions', {
          body: { organization: 'org_3', account, url: `https://hooks.example.com/${n}` },
        }),
      ),
    );
    const [own, others] = made.map(({ body }) => body.id) as [string, string];
    for (const subscription of [own, others]) {
      await count({ organization: 'org_3', subscription }, '2026-03-05T09', { d_delivered: 5 });
    }
    const key = await api.key(['organization'], 'org_3', { account: 'acc_1' });

    expect(told(await ask(`subscription=${own}`, key))).toEqual([['2026-03-05T09', 5]]);
    expect(await ask(`subscription=${others}`, key)).toEqual(await ask('subscription=sub_nobody', key));
    expect((await ask('', key)).status).toBe(422);
  });
});

describe("an organization's key", () => {
  it('sees its own, whatever it asks for', async () => {
    expect((await ask('', keyOfOne)).body.total.deliveries['delivered']).toBe(30);
    expect((await ask('subscription=sub_1', keyOfOne)).body.total.deliveries['delivered']).toBe(9);
  });

  it("sees of others' what it sees of nobody's", async () => {
    const nobodys = await ask('organization=org_9', keyOfOne);

    expect(nobodys).toMatchObject({ status: 200, body: { data: [] } });
    expect(await ask('organization=org_2', keyOfOne)).toEqual(nobodys);
    expect(await ask('organization=org_2&subscription=sub_1', keyOfOne)).toEqual(nobodys);
  });
});
