import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

const calledOf = async (id: string, key: string) => {
  const one = await api.call('GET', `/v1/subscriptions/${id}`, { key });
  const all = await api.call('GET', '/v1/subscriptions', { key });
  const listed = (all.body as { data: { id: string; health: object }[] }).data.find((item) => item.id === id)!;
  return [(one.body as { health: { called: boolean } }).health.called, (listed.health as { called: boolean }).called];
};

it('a subscription says whether it was ever called, and not by the log of another organization with the same id', async () => {
  const organization = 'org_called';
  const key = await api.key(['organization'], organization);
  const body = { url: 'https://hooks.example.com/called' };
  const { id } = (await api.call('POST', '/v1/subscriptions', { key, body })).body as { id: string };
  expect(await calledOf(id, key)).toEqual([false, false]);

  // Somebody types a row with the same id into another organization.
  const Item = { organization: 'org_other', id, url: 'https://hooks.example.com/other' };
  await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item }));
  const event_id = api.deps.ids.event().id;
  await api.deps.attempts.append([
    {
      id: attemptId('01K00000000000000000000000', event_id, id),
      event_id,
      subscription_id: id,
      organization,
      type: 'visit.ended',
      attempt: 1,
      attempted_ms: Date.now(),
      outcome: 'delivered',
      url: body.url,
      format: 'standard',
    },
  ]);

  expect(await calledOf(id, key)).toEqual([true, true]);
  expect(await calledOf(id, await api.key(['organization'], 'org_other'))).toEqual([false, false]);
});
