import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import { startApi, type TestApi } from '../support/api.ts';

// What a deletion leaves behind. No guard and no recovery run here.

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

/** Deletes a subscription. @param state of its endpoint. @returns what is remembered of the endpoint afterwards. */
async function remembered(state: Record<string, unknown>): Promise<unknown> {
  const body = { organization: 'org_1', url: `https://hooks.example.com/${JSON.stringify(state)}` };
  const { body: made } = await api.call<{ id: string }>('POST', '/v1/subscriptions', { body });
  const Item = { subscription: made.id, organization: 'org_1', failures: 20, ...state };
  await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('EndpointHealth'), Item }));

  expect((await api.call('DELETE', `/v1/subscriptions/${made.id}`)).status).toBe(204);

  expect(await api.deps.secrets.get(made.id)).toBeUndefined();
  const key = { organization: 'org_1', subscription: made.id };
  return (await api.deps.health.load([key])).get(targetName(key));
}

describe('a deleted subscription', () => {
  it('takes the failures of its endpoint along with its secrets', async () => {
    expect(await remembered({})).toBeUndefined();
  });

  it.each(['open', 'releasing', 'closing'])(
    'leaves a circuit that is %s to recovery, which ends what is held behind it',
    async (circuit) => {
      expect(await remembered({ circuit })).toMatchObject({ circuit, failures: 20 });
    },
  );
});
