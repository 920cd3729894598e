import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startManagement, type Management } from './set-up.ts';

let api: Management;
beforeAll(async () => void (api = await startManagement('double')));
afterAll(() => api.close());

describe('an exact duplicate', () => {
  it('is refused with 409 and the id of what is there', async () => {
    const first = await api.created({ events: ['visit.*', 'shift.*'], account: 'acc_1' });
    const { organization } = first;
    const same = api.input(organization, { events: ['shift.*', 'visit.*', 'visit.*'], account: 'acc_1' });

    const { status, body } = await api.call('POST', '/v1/subscriptions', same);

    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'urn:posthorn:problem:conflict', status: 409 });
    expect(body.detail).toContain(first.id);
    expect(await api.rowsOf(organization)).toHaveLength(1);
  });

  it.each([{ url: 'https://hooks.example.com/other' }, { account: 'acc_1' }, { format: 'thin' }, { events: 'visit' }])(
    'is one that differs in nothing: %j differs',
    async (difference) => {
      const { organization } = await api.created();
      const { status } = await api.call('POST', '/v1/subscriptions', api.input(organization, difference));
      expect(status).toBe(201);
    },
  );

  it('is none of a row that cannot be understood, which gets nothing', async () => {
    const organization = api.organization();
    const TableName = api.posthorn.output('SubscriptionsTableName');
    const Item = { ...api.input(organization), id: 'sub_broken', acount: 'acc_1' };
    await api.posthorn.dynamoDb.send(new PutCommand({ TableName, Item }));

    const { status } = await api.call('POST', '/v1/subscriptions', api.input(organization));

    expect(status).toBe(201);
  });

  it('of another organization is nobody’s business', async () => {
    await api.created();
    expect((await api.call('POST', '/v1/subscriptions', api.input(api.organization()))).status).toBe(201);
  });

  it('is not made by ten requests at the same moment', async () => {
    const organization = api.organization();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.call('POST', '/v1/subscriptions', api.input(organization))),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(new Set(statuses).size).toBeLessThanOrEqual(2);
    expect(statuses.filter((status) => status === 201)).toHaveLength((await api.rowsOf(organization)).length);
    expect(await api.rowsOf(organization)).toHaveLength(1);
  });

  it('is not made by a change either', async () => {
    const first = await api.created();
    const { body: second } = await api.call(
      'POST',
      '/v1/subscriptions',
      api.input(first.organization, { format: 'thin' }),
    );
    const { status } = await api.call('PATCH', `/v1/subscriptions/${second.id}`, { format: 'standard' });
    expect(status).toBe(409);
  });

  it('that was typed by hand can still be described and deactivated', async () => {
    const { id, organization } = await api.created();
    const TableName = api.posthorn.output('SubscriptionsTableName');
    const Item = { organization, id: 'by_hand', url: 'https://hooks.example.com/webhooks' };
    await api.posthorn.dynamoDb.send(new PutCommand({ TableName, Item }));
    const { status, body } = await api.call('PATCH', `/v1/subscriptions/${id}`, { active: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ active: false });
  });
});
