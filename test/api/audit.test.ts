import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { rowHash } from '../../lambdas/stores/audit-record.ts';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import {
  startAuditedApi,
  type AuditedChange,
  HEADER_VALUE,
  URL,
  api,
  type Answers,
  subscribe,
  trail,
  recordsOf,
} from './audit-support.ts';

startAuditedApi();

/** Each management change: its call, the record that it leaves. */
const CHANGES: AuditedChange[] = [
  [
    'creating a subscription',
    async () => () => api.call('POST', '/v1/subscriptions', { body: { organization: 'acme', url: URL } }),
    { action: 'subscription.created', object_type: 'subscription', organization: 'acme' },
  ],
  [
    'installing a webhook',
    async () => () => api.call('POST', '/webhook-events', { body: { organization: 'acme', url: URL } }),
    { action: 'subscription.created', object_type: 'subscription', organization: 'acme' },
  ],
  [
    'changing a subscription',
    async () => {
      const id = await subscribe();
      return () =>
        api.call('PATCH', `/v1/subscriptions/${id}`, {
          body: { description: 'x', headers: { 'X-Ward': `${HEADER_VALUE}-2` } },
        });
    },
    { action: 'subscription.changed', changed: ['description', 'headers'] },
  ],
  [
    'deleting a subscription',
    async () => {
      const id = await subscribe();
      return () => api.call('DELETE', `/v1/subscriptions/${id}`);
    },
    { action: 'subscription.deleted', organization: 'acme' },
  ],
  [
    'viewing a secret',
    async () => {
      const id = await subscribe();
      return () => api.call('GET', `/v1/subscriptions/${id}/secret`);
    },
    { action: 'secret.viewed', object_type: 'subscription', organization: 'acme', changed: [] },
  ],
  [
    'rotating a secret',
    async () => {
      const id = await subscribe();
      return () => api.call('POST', `/v1/subscriptions/${id}/rotate-secret`);
    },
    { action: 'secret.rotated', changed: ['secrets'] },
  ],
  [
    'making a key',
    async () => () => api.call('POST', '/v1/api-keys', { body: { scopes: ['organization'], organization: 'acme' } }),
    { action: 'api_key.created', object_type: 'api_key', organization: 'acme' },
  ],
  [
    'revoking a key',
    async () => {
      const { body } = await api.call<Answers>('POST', '/v1/api-keys', { body: { scopes: ['events:write'] } });
      return () => api.call('DELETE', `/v1/api-keys/${body.id}`);
    },
    { action: 'api_key.revoked', object_type: 'api_key', changed: ['revoked_at'] },
  ],
];

describe('every management change', () => {
  it.each(CHANGES)('leaves exactly one record: %s', async (_what, prepare, expected) => {
    const records = await recordsOf(await prepare());

    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ actor: expect.stringMatching(/^key_/) as string, ...expected });
  });

  it.each(CHANGES)('is not made when it cannot be recorded: %s', async (what, prepare) => {
    const change = await prepare();
    const before = await everything();
    const { append } = api.deps.audit;
    api.deps.audit = { ...api.deps.audit, append: () => Promise.reject(new Error('no trail')) };

    const answer = await change();

    expect(answer.status).toBe(503);
    expect(JSON.stringify(answer)).not.toContain('whsec_');
    // A leaked key must die even then; the caller is told to ask again, which leaves the record.
    if (what !== 'revoking a key') expect(await everything()).toEqual(before);
    api.deps.audit = { ...api.deps.audit, append };
    expect(await recordsOf(change)).toHaveLength(1);
  });

  it('leaves no value of a secret, a header or a key in the trail or the log', async () => {
    const values: string[] = [HEADER_VALUE];
    for (const [, prepare] of CHANGES) {
      await (
        await prepare()
      )();
      const { items } = await api.deps.subscriptions.list('acme', { limit: 100 });
      for (const row of items) {
        const stored = await api.deps.secrets.get(String(row.id));
        values.push(...(stored?.secrets.map(({ key }) => key) ?? []));
        await api.call('DELETE', `/v1/subscriptions/${String(row.id)}`);
      }
    }

    const written = JSON.stringify([await trail(), api.lines]);
    expect(values.length).toBeGreaterThan(3);
    for (const value of values) expect(written).not.toContain(value);
    expect(written).not.toMatch(/whsec_|phk_/);
    expect(JSON.stringify(api.lines)).not.toMatch(/hooks\.example\.com/);
  });

  /** All that a change could have changed. */
  async function everything(): Promise<unknown> {
    const { items: rows } = await api.deps.subscriptions.list('acme', { limit: 100 });
    const secrets = await Promise.all(rows.map(({ id }) => api.deps.secrets.get(String(id))));
    return { rows, secrets, keys: (await api.deps.apiKeys.list({ limit: 100 })).items };
  }
});

describe('a record', () => {
  it('has the hashes of the very rows before and after, and the row leads to it', async () => {
    const id = await subscribe();
    const before = (await api.deps.subscriptions.get('acme', id))!;
    await api.call('PATCH', `/v1/subscriptions/${id}`, {
      body: { url: 'https://HOOKS.example.com/other', account: 'n' },
    });
    const after = (await api.deps.subscriptions.get('acme', id))!;

    const [created, changed] = await api.trail(id);

    expect(created).toMatchObject({ after_sha256: rowHash(before) });
    expect(created).not.toHaveProperty('before_sha256');
    expect(changed).toMatchObject({ before_sha256: rowHash(before), after_sha256: rowHash(after) });
    expect(changed!.changed).toEqual(['account', 'url']);
    expect(after.changed_by).toBe(`${changed!.actor} ${changed!.id}`);
  });

  it('is left by nothing that is refused', async () => {
    const id = await subscribe();
    const foreign = await api.key(['organization'], 'other');
    const before = (await trail()).length;

    const answers = [
      await api.call('POST', '/v1/subscriptions', { body: { organization: 'acme', url: URL } }),
      await api.call('POST', '/v1/subscriptions', { body: { organization: 'acme', url: 'https://10.0.0.1/' } }),
      await api.call('PATCH', `/v1/subscriptions/${id}`, { body: { active: false }, key: foreign }),
      await api.call('DELETE', `/v1/subscriptions/${id}`, { key: foreign }),
      await api.call('GET', `/v1/subscriptions/${id}/secret`, { key: foreign }),
      await api.call('POST', `/v1/subscriptions/${id}/rotate-secret`, { body: { overlap_hours: -1 } }),
      await api.call('DELETE', '/v1/api-keys/key_unknown'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([409, 422, 404, 404, 404, 422, 404]);
    expect(await trail()).toHaveLength(before);
  });

  it('is left by no reading of what holds no payload', async () => {
    const id = await subscribe();
    const before = (await trail()).length;
    for (const path of [
      '/v1/subscriptions',
      `/v1/subscriptions/${id}`,
      '/v1/event-types',
      '/v1/audit',
      '/v1/api-keys',
    ]) {
      await api.call('GET', path);
    }
    expect(await trail()).toHaveLength(before);
  });

  it('tells of a subscription that gave way to its twin, and of its end', async () => {
    const { create } = api.deps.subscriptions;
    api.deps.subscriptions = {
      ...api.deps.subscriptions,
      create: async (subscription) => {
        await create({ ...subscription, id: 'sub_0' });
        return create(subscription);
      },
    };

    const { status } = await api.call('POST', '/v1/subscriptions', { body: { organization: 'acme', url: URL } });

    expect(status).toBe(409);
    expect((await trail()).map(({ action }) => action)).toEqual(['subscription.created', 'subscription.deleted']);
  });
});

describe('a row typed by hand with the id of another organization’s subscription', () => {
  it('neither shows nor rotates nor deletes that one’s secrets and health', async () => {
    const id = await subscribe();
    const theirs = await api.deps.secrets.get(id);
    const { dynamoDb, table } = api.tables;
    const theirKey = { organization: 'acme', subscription: id };
    const health = { ...theirKey, failures: 3 };
    await dynamoDb.send(new PutCommand({ TableName: table('EndpointHealth'), Item: health }));
    await dynamoDb.send(
      new UpdateCommand({
        TableName: table('Subscriptions'),
        Key: { organization: 'thief', id },
        UpdateExpression: 'SET #url = :url',
        ExpressionAttributeNames: { '#url': 'url' },
        ExpressionAttributeValues: { ':url': 'https://thief.example.com/' },
      }),
    );
    const key = await api.key(['organization'], 'thief');

    const statuses = [
      await api.call('GET', `/v1/subscriptions/${id}/secret`, { key }),
      await api.call('POST', `/v1/subscriptions/${id}/rotate-secret`, { key }),
      await api.call('DELETE', `/v1/subscriptions/${id}`, { key }),
    ].map(({ status }) => status);

    expect(statuses).toEqual([404, 404, 204]);
    expect(await api.deps.secrets.get(id)).toEqual(theirs);
    expect((await api.deps.health.load([theirKey])).get(targetName(theirKey))).toMatchObject(health);
  });
});
