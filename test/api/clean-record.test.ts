import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { startApi, type TestApi } from '../support/api.ts';

// What was learned about an endpoint is of no use for another URL, nor after somebody says that it is well again. No guard
// and no recovery run here.

let api: TestApi;
const released: (TargetKey & { run: number })[] = [];
beforeAll(async () => {
  api = await startApi({ release: async (key, run) => void released.push({ ...key, run }) });
});
afterAll(() => api.close());

interface View {
  id: string;
  health: { state: string; failures: number; since?: string };
}

let made = 0;
/** A subscription whose endpoint has failed. */
async function aSubscription(health: Record<string, unknown>, active = true): Promise<string> {
  const body = { organization: 'org_1', url: `https://hooks.example.com/${(made += 1)}`, active };
  const { id } = (await api.call<View>('POST', '/v1/subscriptions', { body })).body;
  const Item = { subscription: id, organization: 'org_1', failures: 19, failing_since_ms: 1, ...health };
  await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('EndpointHealth'), Item }));
  return id;
}

const patch = async (id: string, body: Record<string, unknown>) =>
  (await api.call<View>('PATCH', `/v1/subscriptions/${id}`, { body })).body.health;

describe('a subscription that gets another URL, or is activated', () => {
  it('has a healthy endpoint from the beginning', async () => {
    const moved = await aSubscription({ slow_until_ms: Date.now() + 60_000 });
    const activated = await aSubscription({}, false);

    const all = [await patch(moved, { url: 'https://other.example.com/' }), await patch(activated, { active: true })];

    expect(all.map(({ state, failures, since }) => ({ state, failures, since }))).toEqual(
      Array(2).fill({ state: 'healthy', failures: 0, since: undefined }),
    );
  });

  it('has what is held for the old URL released to the new one', async () => {
    const id = await aSubscription({ failures: 20, circuit: 'open', opened_ms: 1 });

    expect(await patch(id, { url: 'https://third.example.com/' })).toMatchObject({ state: 'releasing', failures: 0 });

    expect(released).toEqual([{ organization: 'org_1', subscription: id, run: expect.any(Number) as number }]);
  });

  it.each([{ description: 'x' }, { active: true }, { active: false }])(
    'not so with %j, where that changes nothing about who is called',
    async (body) => {
      const id = await aSubscription({});

      expect(await patch(id, body)).toMatchObject({ failures: 19 });
    },
  );
});
