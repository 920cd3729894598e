import { ulid } from '../support/ulid.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptId, type Outcome } from '../../lambdas/domain/delivery/attempt.ts';
import { createReplayStore } from '../../lambdas/stores/dynamodb/replays.ts';
import { createIsSendable } from '../../lambdas/stores/is-sendable.ts';
import type { ChosenDelivery } from '../../lambdas/stores/replayable.ts';
import { startApi, type TestApi } from '../support/api.ts';

// Many deliveries sent again, named one by one or by a filter. What a job takes is read back as recovery reads it.

let api: TestApi;
/** Subscriptions by organization. */
let subscriptions: Record<string, string>;
let events: Record<string, string>;
beforeEach(async () => {
  api = await startApi();
  subscriptions = {};
  for (const organization of ['south', 'north', 'off']) {
    const body = { organization, url: `https://hooks.example.com/${organization}`, active: organization !== 'off' };
    subscriptions[organization] = (await api.call<{ id: string }>('POST', '/v1/subscriptions', { body })).body.id;
  }
  events = {
    refused: await delivery('south', 'exhausted', 404, { resource_id: '28540' }),
    broken: await delivery('south', 'exhausted', 503, { type: 'visit.created' }),
    fine: await delivery('south', 'delivered', 200),
    northern: await delivery('north', 'exhausted', 500),
    inactive: await delivery('off', 'exhausted', 500),
  };
});
afterEach(() => api.close());

let made = 0;
async function delivery(organization: string, outcome: Outcome, status: number, change: object = {}): Promise<string> {
  const enqueued_ms = Date.now() - 60_000 + (made += 1);
  const id = `evt_${ulid(enqueued_ms)}`;
  const subscription = subscriptions[organization]!;
  const event = { id, organization, type: 'visit.ended', triggering_location: 'API' as const, enqueued_ms, ...change };
  await api.deps.events.record(event, [{ subscription, format: 'standard' }]);
  await api.deps.attempts.append([
    {
      id: attemptId(ulid(), id, subscription),
      event_id: id,
      subscription_id: subscription,
      organization,
      type: event.type,
      attempt: 4,
      attempted_ms: enqueued_ms,
      outcome,
      status,
      url: 'https://hooks.example.com/',
      format: 'standard',
    },
  ]);
  return id;
}

const post = (body: object, { key, dry = false }: { key?: string; dry?: boolean } = {}) =>
  api.call<{ id: string; count?: number; left_out?: number; errors?: object[] }>(
    'POST',
    `/v1/deliveries/redeliver${dry ? '?dry_run=true' : ''}`,
    { body, key },
  );
const named = (...names: [event: string, organization: string][]) => ({
  deliveries: names.map(([event, organization]) => ({
    event: events[event] ?? event,
    subscription: subscriptions[organization] ?? organization,
  })),
});

/** What recovery finds of a job, page by page. */
async function taken(id: string): Promise<string[]> {
  const replay = (await api.deps.replays.get(id))!;
  const chosen =
    replay.chosen === undefined
      ? undefined
      : await createReplayStore(api.tables.dynamoDb, api.tables.table('Replays')).chosen(id);
  const found: ChosenDelivery[] = [];
  let after: string | undefined;
  do {
    const page = await api.deps.replayableMany.page(
      { ...replay, chosen },
      after,
      createIsSendable(api.deps, replay.account),
    );
    found.push(...page.deliveries);
    after = page.next;
  } while (after !== undefined);
  const names = Object.entries(events);
  return found.map(({ event }) => names.find(([, one]) => one === event.id)![0]).sort();
}

describe('deliveries that are named one by one', () => {
  it('are counted, those that cannot be sent apart', async () => {
    const body = named(
      ['refused', 'south'],
      ['refused', 'south'],
      ['inactive', 'off'],
      ['evt_none', 'south'],
      ['northern', 'south'],
    );

    expect(await post(body, { dry: true })).toMatchObject({ status: 200, body: { count: 1, left_out: 3 } });
  });

  it('become a job, whatever became of them', async () => {
    const { status, body } = await post(named(['refused', 'south'], ['fine', 'south'], ['northern', 'north']));

    expect(status).toBe(202);
    expect(body).toMatchObject({ of: 'deliveries', state: 'running', total: 3 });
    expect(await taken(body.id)).toEqual(['fine', 'northern', 'refused']);
    expect(await api.trail(body.id)).toMatchObject([{ action: 'replay.started' }]);
    expect((await api.call('POST', `/v1/replays/${body.id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
  });

  it('are a customer’s own: another’s are as unknown as what never was', async () => {
    const key = await api.key(['organization'], 'south');

    const foreign = await post(named(['northern', 'north']), { key });
    const missing = await post(named([`evt_${ulid()}`, 'sub_none']), { key });

    expect(foreign).toMatchObject({ status: 409 });
    expect(foreign).toEqual(missing);
    expect((await post(named(['northern', 'north'], ['fine', 'south']), { key, dry: true })).body).toEqual({
      count: 1,
      left_out: 1,
    });
  });
});

describe('deliveries that a filter finds', () => {
  it.each([
    ['of everybody, by default what was not delivered', {}, ['broken', 'northern', 'refused']],
    ['of one organization', { organization: 'south' }, ['broken', 'refused']],
    ['by outcome', { outcome: ['delivered'] }, ['fine']],
    ['by status', { status: ['404'] }, ['refused']],
    ['by class', { status: ['5xx'] }, ['broken', 'northern']],
    ['by type', { type: 'visit.created' }, ['broken']],
    ['of one resource', { organization: 'south', resource_id: '28540' }, ['refused']],
    [
      'by all together',
      { organization: 'south', type: 'visit.ended', status: ['4xx'], outcome: ['exhausted'], since: '2020-01-01' },
      ['refused'],
    ],
  ])('%s', async (_what, filter, expected) => {
    const { status, body } = await post({ filter });

    expect(status).toBe(202);
    expect(body).toMatchObject({ of: 'filter', total: expected.length });
    expect(await taken(body.id)).toEqual(expected);
  });

  it('of one subscription, also without its organization', async () => {
    const { body } = await post({ filter: { subscription: subscriptions.north } });

    expect(body).toMatchObject({ organization: 'north', subscription_id: subscriptions.north, total: 1 });
  });

  it.skipIf(process.env.POSTHORN_TEST_DYNAMODB !== undefined)(
    'of one resource, reading none of what lies beside it',
    async () => {
      const filter = { organization: 'south', resource_id: '28540' };
      const cost = async (): Promise<number> => {
        const before = api.tables.readUnits();
        expect((await post({ filter }, { dry: true })).body).toMatchObject({ count: 1 });
        return api.tables.readUnits() - before;
      };
      const among4 = await cost();
      for (let n = 0; n < 200; n++) await delivery('south', 'exhausted', 500, { resource_id: `285401${n}` });

      expect(await cost()).toBe(among4);
    },
  );

  it('leave out subscriptions to which nothing is sent, and say how many', async () => {
    expect((await post({ filter: {} }, { dry: true })).body).toEqual({ count: 3, left_out: 1 });
    expect((await post({ filter: { organization: 'off' } })).status).toBe(409);
  });

  it('are a customer’s own', async () => {
    const key = await api.key(['organization'], 'south');

    expect((await post({ filter: {} }, { key, dry: true })).body).toMatchObject({ count: 2 });
    expect(await post({ filter: { organization: 'north' } }, { key })).toEqual(
      await post({ filter: { organization: 'nobody' } }, { key }),
    );
    expect((await post({ filter: { subscription: subscriptions.north } }, { key })).status).toBe(404);
    const { body } = await post({ filter: {} });
    expect((await api.call('GET', `/v1/replays/${body.id}`, { key })).status).toBe(404);
  });

  it('are one account’s, to its own subscriptions', async () => {
    const key = await api.key(['organization'], 'south', { account: 'acc_1' });
    const south = subscriptions.south!;
    const body = { organization: 'south', url: 'https://hooks.example.com/account', account: 'acc_1' };
    const account = (await api.call<{ id: string }>('POST', '/v1/subscriptions', { body })).body.id;
    events.whole = await delivery('south', 'exhausted', 500, { account: 'acc_1' });
    subscriptions.south = account;
    events.own = await delivery('south', 'exhausted', 500, { account: 'acc_1' });
    Object.assign(subscriptions, { south, account });

    const { body: job } = await post({ filter: {} }, { key });

    expect(await taken(job.id)).toEqual(['own']);
    expect((await api.call('GET', `/v1/replays/${job.id}`, { key })).status).toBe(200);
    const both = named(['own', 'account'], ['whole', 'south'], ['refused', 'south']);
    expect((await post(both, { key, dry: true })).body).toEqual({ count: 1, left_out: 2 });
  });

  it('count as one organization’s jobs', async () => {
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await post({ filter: { organization: 'south' } })).status);

    expect(statuses).toEqual([202, 202, 202, 429]);
  });
});

describe('a redelivery of many', () => {
  const one = { event: 'evt_1', subscription: 'sub_1' };

  it.each([
    [{}, '/filter'],
    [{ deliveries: [one], filter: {} }, '/filter'],
    [{ deliveries: [] }, '/deliveries'],
    [{ deliveries: Array(1001).fill(one) }, '/deliveries'],
    [{ deliveries: [{ event: 'evt_1' }] }, '/deliveries/0/subscription'],
    [{ filter: { outcome: [] } }, '/filter/outcome'],
    [{ filter: { outcome: ['missed'] } }, '/filter/outcome/0'],
    [{ filter: { status: ['40'] } }, '/filter/status/0'],
    [{ filter: { type: 'visit.*' } }, '/filter/type'],
    [{ filter: { resource_id: '28540' } }, '/filter/resource_id'],
    [{ filter: { since: '2026-02-02', until: '2026-02-01' } }, '/filter/since'],
    [{ filter: { since: '2999-01-01' } }, '/filter/since'],
  ])('is refused: %j', async (body, pointer) => {
    const answer = await post(body);

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });
});
