import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../lambdas/domain/audit.ts';
import { rowHash } from '../../lambdas/stores/audit-record.ts';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import { startApi, type TestApi } from '../support/api.ts';

const HEADER_VALUE = 'geheim-7f3a';
const URL = 'https://hooks.example.com/in';
let api: TestApi;

beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

interface Answers {
  id: string;
  secret: string;
  key: string;
}

async function subscribe(fields: Record<string, unknown> = {}): Promise<string> {
  const body = { organization: 'acme', url: URL, headers: { 'X-Ward': HEADER_VALUE }, ...fields };
  const answer = await api.call<Answers>('POST', '/v1/subscriptions', { body });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

/** Everything in the trail, oldest first. */
async function trail(): Promise<AuditRecord[]> {
  const { items } = await api.deps.audit.list({}, { limit: 100 });
  return items.reverse();
}

/** What a call adds to the trail. */
async function recordsOf(call: () => Promise<{ status: number }>): Promise<AuditRecord[]> {
  const before = (await trail()).length;
  const { status } = await call();
  expect(status).toBeLessThan(300);
  return (await trail()).slice(before);
}

/** Each management change: its call, the record that it leaves. */
const CHANGES: [string, () => Promise<() => Promise<{ status: number }>>, Partial<AuditRecord>][] = [
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

const PINGS_AND_CANCELS: typeof CHANGES = [
  [
    'a ping',
    async () => {
      const id = await subscribe();
      return () => api.call('POST', `/v1/subscriptions/${id}/ping`);
    },
    { action: 'ping.sent', object_type: 'subscription', organization: 'acme', changed: [] },
  ],
  [
    'a ping through /webhook-events',
    async () => {
      const webhook = await subscribe();
      return () => api.call('POST', '/webhook-events', { body: { webhook, event: 'ping' } });
    },
    { action: 'ping.sent', object_type: 'subscription', organization: 'acme' },
  ],
  [
    'cancelling a replay',
    async () => {
      const id = await subscribe();
      const { body } = await api.call<Answers>('POST', `/v1/subscriptions/${id}/replay`, { body: {} });
      return () => api.call('POST', `/v1/replays/${body.id}/cancel`);
    },
    { action: 'replay.cancelled', object_type: 'replay', organization: 'acme' },
  ],
];

describe('a ping and the end of a replay', () => {
  it.each(PINGS_AND_CANCELS)('leave exactly one record: %s', async (_what, prepare, expected) => {
    const records = await recordsOf(await prepare());

    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject(expected);
  });

  it.each(PINGS_AND_CANCELS)('do not come about without one: %s', async (_what, prepare) => {
    const call = await prepare();
    const sent = api.sent.length;
    api.deps.audit = { ...api.deps.audit, append: () => Promise.reject(new Error('no trail')) };

    expect((await call()).status).toBe(503);
    expect(api.sent).toHaveLength(sent);
    const { items } = await api.deps.replays.list({}, { limit: 10 });
    expect(items.filter(({ state }) => state !== 'running')).toEqual([]);
  });

  it('leave none when the replay is over', async () => {
    const id = await subscribe();
    const { body } = await api.call<Answers>('POST', `/v1/subscriptions/${id}/replay`, { body: {} });
    const cancel = () => api.call('POST', `/v1/replays/${body.id}/cancel`);

    await cancel();
    expect(await recordsOf(cancel)).toEqual([]);
  });
});

describe('what a change was', () => {
  const changesOf = async (call: () => Promise<{ status: number }>) => (await recordsOf(call))[0]?.changes;

  it('is told with the values before and after', async () => {
    const id = await subscribe({ description: 'old', events: ['visit.*'] });
    const body = { description: 'new', events: 'shift.*', account: 'acc_1', url: 'https://hooks.example.com/2' };

    expect(await changesOf(() => api.call('PATCH', `/v1/subscriptions/${id}`, { body }))).toEqual({
      account: { new: 'acc_1' },
      description: { old: 'old', new: 'new' },
      events: { old: '["visit.*"]', new: '["shift.*"]' },
      url: { old: URL, new: 'https://hooks.example.com/2' },
    });
  });

  it('is told with hashes of what may be a secret: headers, queries of URLs, signing secrets', async () => {
    const id = await subscribe();
    const body = { url: `${URL}?token=hunter2`, headers: { 'X-Ward': 'geheim-8' } };
    const changes = await changesOf(() => api.call('PATCH', `/v1/subscriptions/${id}`, { body }));
    const rotated = await changesOf(() => api.call('POST', `/v1/subscriptions/${id}/rotate-secret`));

    const hash = expect.stringMatching(/^sha256:[0-9a-f]{8}$/) as string;
    expect(changes!.url!.new).toMatch(/^https:\/\/hooks\.example\.com\/in\?sha256:[0-9a-f]{8}$/);
    expect(JSON.parse(changes!.headers!.old!)).toEqual({ 'X-Ward': hash });
    expect(changes!.headers!.old).not.toBe(changes!.headers!.new);
    expect(JSON.stringify(changes)).not.toMatch(/hunter2|geheim/);
    expect(rotated).toEqual({ secrets: { old: hash, new: hash } });
  });

  it('is told of a new key by its rights', async () => {
    const body = { scopes: ['organization'], organization: 'acme', read_only: true };

    expect(await changesOf(() => api.call('POST', '/v1/api-keys', { body }))).toMatchObject({
      scopes: { new: '["organization"]' },
      organization: { new: 'acme' },
      read_only: { new: 'true' },
    });
  });
});

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

describe('GET /v1/audit', () => {
  interface List {
    data: { id: string; recorded_at: string; action: string; organization?: string }[];
    next_cursor: string | null;
  }
  const list = async (query = '') => (await api.call<List>('GET', `/v1/audit${query}`)).body;

  it('shows the newest first, page by page', async () => {
    const ids = [await subscribe(), await subscribe({ url: `${URL}/2` }), await subscribe({ url: `${URL}/3` })];
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.next_cursor}`);

    expect([...first.data, ...second.data].map((one) => (one as unknown as AuditRecord).object_id)).toEqual(
      ids.reverse(),
    );
    expect(new Date(first.data[0]!.recorded_at).toISOString()).toBe(first.data[0]!.recorded_at);
  });

  it('filters by organization and time', async () => {
    await subscribe();
    await subscribe({ organization: 'other' });
    const [record] = (await list('?organization=other')).data;

    expect((await list('?organization=other')).data.map(({ organization }) => organization)).toEqual(['other']);
    expect((await list(`?until=${record!.recorded_at}&organization=other`)).data).toEqual([]);
    expect((await list(`?since=${record!.recorded_at}&organization=other`)).data).toEqual([record]);
  });

  it('filters by object, actor and action', async () => {
    const [first, second] = [await subscribe(), await subscribe({ url: `${URL}/2` })];
    await api.call('DELETE', `/v1/subscriptions/${first}`);
    const { body: me } = await api.call<Answers>('GET', '/v1/me');
    const actions = async (query: string) => (await list(query)).data.map(({ action }) => action);

    expect(await actions(`?object=${first}`)).toEqual(['subscription.deleted', 'subscription.created']);
    expect(await actions(`?object=${second}`)).toEqual(['subscription.created']);
    expect(await actions('?action=subscription.deleted')).toEqual(['subscription.deleted']);
    expect(await actions(`?action=subscription.deleted,subscription.created&object=${first}&actor=${me.id}`)).toEqual([
      'subscription.deleted',
      'subscription.created',
    ]);
    expect(await actions('?actor=key_other')).toEqual([]);
  });

  it.each(['?object=', '?actor=', '?action=', '?action=subscription.exploded', '?object=a%20b', '?who=key_1'])(
    'refuses the filter %s',
    async (query) => {
      expect((await api.call('GET', `/v1/audit${query}`)).status).toBe(422);
    },
  );

  it('is for administrators alone', async () => {
    for (const key of [await api.key(['organization'], 'acme'), await api.key(['events:write'])]) {
      expect((await api.call('GET', '/v1/audit', { key })).status).toBe(403);
    }
    expect((await api.call('GET', '/v1/audit', { key: 'phk_nobody' })).status).toBe(401);
  });

  it('refuses filters that it does not know, and cursors of other lists', async () => {
    await subscribe();
    await subscribe({ url: `${URL}/2` });
    const { next_cursor } = await list('?limit=1');

    expect((await api.call('GET', `/v1/audit?limit=1&organization=acme&cursor=${next_cursor}`)).status).toBe(422);
  });

  it('stands in the description of the API', async () => {
    const { body } = await api.call<{ paths: Record<string, unknown> }>('GET', '/openapi.json');
    expect(body.paths).toHaveProperty('/v1/audit');
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
