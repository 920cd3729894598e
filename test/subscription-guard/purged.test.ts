import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPurgeStore } from '../../lambdas/stores/dynamodb/purges.ts';
import { startGuard, type Guard } from '../support/guard.ts';

let guard: Guard;

beforeAll(async () => {
  guard = await startGuard();
});
afterAll(() => guard.close());

const url = { S: 'https://hooks.example.com/a' };

it('rows that go with a purge are no edits by hand, those of another organization still are', async () => {
  const created_ms = Date.now();
  const progress = { deleted: {}, pass: 1, pass_began_ms: created_ms, found: 0, step: -1, stepped_ms: created_ms };
  await guard.put({ organization: { S: 'leaves' }, id: { S: 'sub_leaves' }, url });
  await guard.put({ organization: { S: 'stays' }, id: { S: 'sub_stays' }, url });
  const { dynamoDb, table } = guard.tables;
  const store = createPurgeStore(dynamoDb, table('Replays'));
  await store.begin({ id: 'pur_1', organization: 'leaves', state: 'running', created_ms, ...progress });
  for (const organization of ['leaves', 'stays']) {
    const Key = { organization, id: `sub_${organization}` };
    await dynamoDb.send(new DeleteCommand({ TableName: table('Subscriptions'), Key }));
  }

  await guard.settle();

  const actions = async (id: string) => (await guard.trail(id)).map(({ action }) => action);
  expect(await actions('sub_leaves')).toEqual(['subscription.created']);
  expect(await actions('sub_stays')).toEqual(['subscription.created', 'subscription.deleted']);
});
