import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { problemText } from '../../lambdas/domain/subscription/problem-note.ts';
import { startApi, type TestApi } from '../support/api.ts';
import type { TableName } from '../support/tables.ts';

// "Duplicate item" in the DynamoDB console, with another organization: the id stays the owner's. No guard runs here.

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

const put = (table: TableName, Item: Record<string, unknown>) =>
  api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table(table), Item }));

let made = 0;
/** An owner's subscription and the same row duplicated into another organization. */
async function aTwin(): Promise<{ id: string; owner: string; ownerKey: string; copierKey: string }> {
  const owner = `owner_${(made += 1)}`;
  const copier = `copier_${made}`;
  const url = 'https://hooks.example.com/';
  const { body } = await api.call<{ id: string }>('POST', '/v1/subscriptions', { body: { organization: owner, url } });
  await put('Subscriptions', { organization: copier, id: body.id, url });
  const [ownerKey, copierKey] = [await api.key(['organization'], owner), await api.key(['organization'], copier)];
  return { id: body.id, owner, ownerKey, copierKey };
}

/** A line of the log, as the version before this one wrote it for copiers too. */
function aLine(subscription: string, organization: string): Attempt {
  const event = `evt_${ulid()}`;
  return {
    id: attemptId(ulid(), event, subscription),
    event_id: event,
    subscription_id: subscription,
    organization,
    type: 'visit.ended',
    attempt: 1,
    attempted_ms: Date.now(),
    outcome: 'failed',
    url: 'https://hooks.example.com/',
    format: 'standard',
  };
}

const linesOf = async (path: string, key: string) =>
  (await api.call<{ data: { organization: string }[]; next_cursor: unknown }>('GET', path, { key })).body;

describe('the log of a subscription whose id somebody else’s row has too', () => {
  it('stays its owner’s, whoever’s line is the newest', async () => {
    const { id, owner, ownerKey, copierKey } = await aTwin();
    await api.deps.attempts.append([aLine(id, owner)]);
    await api.deps.attempts.append([aLine(id, 'copier')]);

    const own = await linesOf(`/v1/attempts?subscription=${id}`, ownerKey);
    const foreign = await linesOf(`/v1/attempts?subscription=${id}&limit=1`, copierKey);

    expect(own.data.map(({ organization }) => organization)).toEqual([owner]);
    expect(foreign).toEqual({ data: [], next_cursor: null });
  });

  it('is asked for its events by its owner alone', async () => {
    const { id, owner, ownerKey, copierKey } = await aTwin();
    const line = aLine(id, owner);
    const event = { id: line.event_id, organization: owner, type: 'visit.ended', enqueued_ms: Date.now() };
    await api.deps.events.record({ ...event, triggering_location: 'API' }, [{ subscription: id, format: 'standard' }]);
    await api.deps.attempts.append([line]);
    await api.deps.attempts.append([aLine(id, 'copier')]);

    expect((await linesOf(`/v1/events?subscription=${id}`, ownerKey)).data).toHaveLength(1);
    expect((await linesOf(`/v1/events?subscription=${id}`, copierKey)).data).toEqual([]);
  });

  it('can still be read by its owner when the subscription is deleted', async () => {
    const { id, owner, ownerKey } = await aTwin();
    await api.deps.attempts.append([aLine(id, owner)]);
    await api.call('DELETE', `/v1/subscriptions/${id}`, { key: ownerKey });

    expect((await linesOf(`/v1/attempts?subscription=${id}`, ownerKey)).data).toHaveLength(1);
  });
});

describe('the health of an endpoint', () => {
  it('is not shown beside another organization’s row with the same id', async () => {
    const { id, owner, ownerKey, copierKey } = await aTwin();
    await put('EndpointHealth', { subscription: id, organization: owner, failures: 20, circuit: 'open' });
    const stateOf = async (key: string) => {
      const { body } = await api.call<{ health: { state: string } }>('GET', `/v1/subscriptions/${id}`, { key });
      return body.health.state;
    };

    expect([await stateOf(ownerKey), await stateOf(copierKey)]).toEqual(['down', 'healthy']);
    const { data } = await linesOf('/v1/subscriptions?limit=100', api.adminKey);
    const states = (data as unknown as { id: string; organization: string; health: { state: string } }[])
      .filter((row) => row.id === id)
      .map((row) => [row.organization === owner, row.health.state]);
    expect(new Map(states as [boolean, string][])).toEqual(
      new Map([
        [true, 'down'],
        [false, 'healthy'],
      ]),
    );
  });
});

describe('a row that gets nothing for want of a secret', () => {
  it('gets everything again once its secret is rotated', async () => {
    const { body } = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
      body: { organization: 'org_unusable', url: 'https://hooks.example.com/' },
    });
    const row = (await api.deps.subscriptions.get('org_unusable', body.id))!;
    const others = 'Back on Monday, says Jo.';
    await put('Subscriptions', { ...row, problem: problemText(others, 'signing secret: expected one that is valid.') });

    expect((await api.call('POST', `/v1/subscriptions/${body.id}/rotate-secret`)).status).toBe(200);

    expect((await api.deps.subscriptions.get('org_unusable', body.id))!.problem).toBe(others);
  });
});
