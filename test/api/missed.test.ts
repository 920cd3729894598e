import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// What a subscription has missed: told when it is activated, counted and sent by a replay.

let api: TestApi;
let id: string;
beforeEach(async () => {
  api = await startApi();
  const body = { organization: 'org_1', url: 'https://hooks.example.com/', events: ['visit.*'], account: 'north' };
  ({ id } = (await api.call<{ id: string }>('POST', '/v1/subscriptions', { body })).body);
});
afterEach(() => api.close());

type Changed = {
  missed?: { since: string; count: number; more?: true };
  inactive_since?: string;
  missed_since?: string;
  missed_until?: string;
};
const change = async (body: object) => (await api.call<Changed>('PATCH', `/v1/subscriptions/${id}`, { body })).body;
const replay = (body: object, query = '') =>
  api.call<Record<string, unknown>>('POST', `/v1/subscriptions/${id}/replay${query}`, { body });

async function accept(
  fields: { type?: string; account?: string } = {},
  matched: string[] = [],
  ageMs = 0,
): Promise<void> {
  const enqueued_ms = Date.now() - ageMs;
  const event = {
    id: `evt_${ulid(enqueued_ms)}`,
    organization: 'org_1',
    triggering_location: 'API' as const,
    enqueued_ms,
  };
  const matches = matched.map((subscription) => ({ subscription, format: 'standard' as const }));
  await api.deps.events.record({ ...event, type: 'visit.ended', account: 'north', ...fields }, matches);
}

describe('an activation', () => {
  it('tells what was missed: what matches now, and was never for it', async () => {
    const { inactive_since } = await change({ active: false });
    await accept();
    await accept({ type: 'visit.created' }, ['sub_other']);
    await accept({ type: 'shift.created' });
    await accept({ account: 'south' });
    await accept({}, [id]);

    const activated = await change({ active: true });

    expect(activated).toMatchObject({ active: true, missed: { since: inactive_since, count: 2 } });
    expect(activated.inactive_since).toBeUndefined();
  });

  it('of what is active already tells nothing, nor does any other change', async () => {
    await accept();

    expect(await change({ active: true })).not.toHaveProperty('missed');
    expect(await change({ active: false })).not.toHaveProperty('missed');
    expect(await change({ description: 'off' })).not.toHaveProperty('missed');
  });

  it('keeps the time of the deactivation through other changes', async () => {
    const { inactive_since } = await change({ active: false });

    await change({ active: false, description: 'still off' });

    expect((await change({ description: null })).inactive_since).toBe(inactive_since);
  });

  it.each(['no', 'soon'])('of a row where nobody noted a time (%s) counts from its beginning', async (typed) => {
    await accept();
    await api.tables.dynamoDb.send(
      new UpdateCommand({
        TableName: api.tables.table('Subscriptions'),
        Key: { organization: 'org_1', id },
        UpdateExpression: `SET active = :no${typed === 'soon' ? ', inactive_since = :typed' : ''}`,
        ExpressionAttributeValues: { ':no': 'no', ...(typed === 'soon' && { ':typed': typed }) },
      }),
    );

    const { missed } = await change({ active: true });

    const { created_at } = (await api.call<{ created_at: string }>('GET', `/v1/subscriptions/${id}`)).body;
    expect(missed).toEqual({ since: created_at, count: 1 });
  });

  it('offers nothing that ends before anybody can ask for it', async () => {
    await change({ active: false });
    const HOUR = 3_600_000;
    api.deps.oldestKeptMs = () => Date.now() + HOUR;

    const { missed } = await change({ active: true });

    expect(Date.parse(missed!.since)).toBeGreaterThan(Date.now() + HOUR);
  });

  it('is answered soon though there is much to count', async () => {
    await change({ active: false });
    let pages = 0;
    let now = Date.now();
    api.deps.now = () => now;
    api.deps.replayable = {
      ...api.deps.replayable,
      page: async () => ((now += 1000), (pages += 1), { deliveries: [{} as never], next: 'evt_more' }),
    };

    expect((await change({ active: true })).missed).toMatchObject({ count: pages, more: true });
    expect(pages).toBeLessThan(5);
  });
});

describe('a replay of what was missed', () => {
  it('is counted by a dry run, also while nothing can be sent', async () => {
    await change({ active: false });
    await accept();

    expect(await replay({ outcomes: ['missed'] }, '?dry_run=true')).toEqual({ status: 200, body: { count: 1 } });
    expect((await replay({ outcomes: ['missed'] })).status).toBe(409);

    await change({ active: true });
    expect(await replay({ outcomes: ['missed'] })).toMatchObject({
      status: 202,
      body: { total: 1, outcomes: ['missed'] },
    });
  });

  it('is none of what a replay takes that is not told', async () => {
    await accept();

    expect((await replay({}, '?dry_run=true')).body).toEqual({ count: 0 });
  });

  it('goes back as far as events are kept, and says how far that is', async () => {
    const oldest = Date.parse('2026-01-31T00:00:00.000Z');
    api.deps.oldestKeptMs = () => oldest;

    const answer = await replay({ outcomes: ['missed'], since: '2026-01-30T23:59:59.999Z' });

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/since' }] } });
    expect(JSON.stringify(answer.body)).toContain('2026-01-31T00:00:00.000Z');
    expect((await replay({ outcomes: ['missed'], since: '2026-01-31T00:00:00Z' })).status).toBe(202);
    expect((await replay({ outcomes: ['exhausted'], since: '2020-01-01' })).status).toBe(202);
  });

  it.each([{ since: '2026-02-02', until: '2026-02-01' }, { since: '2999-01-01' }])(
    'of no time at all is refused: %j',
    async (time) => {
      expect((await replay({ outcomes: ['missed'], ...time })).status).toBe(422);
    },
  );
});

describe('a subscription that was activated without sending what it missed', () => {
  const listed = async (state: string): Promise<string[]> =>
    (await api.call<{ data: { id: string }[] }>('GET', `/v1/subscriptions?state=${state}`)).body.data.map(
      (one) => one.id,
    );

  it('says from when to when it was off, and is listed as missed', async () => {
    const { inactive_since } = await change({ active: false });
    await accept();
    expect(await listed('missed')).toEqual([]);

    const activated = await change({ active: true });

    expect(activated.missed_since).toBe(inactive_since);
    expect(Date.parse(activated.missed_until!)).toBeGreaterThanOrEqual(Date.parse(inactive_since!));
    expect(await listed('missed')).toEqual([id]);
    expect(await listed('inactive,missed')).toEqual([id]);
    expect(await change({ description: 'another' })).toMatchObject({ missed_since: inactive_since });
  });

  it('is off again and activated again: the earlier time counts, also in what is told', async () => {
    const { inactive_since } = await change({ active: false });
    await accept();
    const first = await change({ active: true });
    await change({ active: false });
    await accept();

    const second = await change({ active: true });

    expect(second).toMatchObject({ missed_since: inactive_since, missed: { since: inactive_since, count: 2 } });
    expect(Date.parse(second.missed_until!)).toBeGreaterThanOrEqual(Date.parse(first.missed_until!));
  });

  it('says nothing where nothing was missed', async () => {
    await change({ active: false });
    await accept({ type: 'shift.created' });

    const activated = await change({ active: true });

    expect(activated).toMatchObject({ missed: { count: 0 } });
    expect(activated).not.toHaveProperty('missed_since');
    expect(await listed('missed')).toEqual([]);
  });

  it('is listed no longer than what it missed is kept', async () => {
    await change({ active: false });
    await accept();
    await change({ active: true });

    api.deps.oldestKeptMs = () => Date.now() + 1000;

    expect(await listed('missed')).toEqual([]);
  });
});
