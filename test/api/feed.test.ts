import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import type { HeldStore } from '../../lambdas/stores/held.ts';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { deliveryBody } from '../support/delivery-body.ts';

// What the API does for deliveries that their customer fetches. No sender runs here: what it keeps is put into the table.

let api: TestApi;
let held: HeldStore;
const released: (TargetKey & { run: number })[] = [];
beforeAll(async () => {
  api = await startApi({ release: async (key, run) => void released.push({ ...key, run }) });
  held = createHeldStore(api.tables.dynamoDb, api.tables.table('HeldDeliveries'));
});
afterAll(() => api.close());

interface View {
  id: string;
  url: string;
  delivery: string;
  problem?: string;
  health: { state: string; called: boolean; held?: { count: number } };
}
interface Feed {
  data: { id: string; headers: Record<string, string>; body?: string; redacted?: true }[];
  page: string | null;
  next: string | null;
}
interface Refusal {
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

const ORGANIZATION = 'org_1';
let made = 0;
async function aFeed(change: Record<string, unknown> = {}): Promise<string> {
  const body = { organization: ORGANIZATION, delivery: 'pull', description: `feed ${(made += 1)}`, ...change };
  const answer = await api.call<View>('POST', '/v1/subscriptions', { body });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

/** An id of an event so many milliseconds ago. */
const idOf = (age = 60_000): string => `evt_${ulid(Date.now() - age)}`;

/** What the sender keeps of an event. */
async function keep(
  subscription: string,
  id: string,
  change: Partial<PosthornEvent> = {},
  fields: Partial<DeliveryMessage> & { heldMs?: number } = {},
): Promise<string> {
  const organization = change.organization ?? ORGANIZATION;
  const event: PosthornEvent = {
    id,
    organization,
    type: 'visit.updated',
    triggering_location: 'API',
    enqueued_ms: Date.now() - 60_000,
    data: '{"id":"7","big":9007199254740993,"text":"Grüße 👋 \\"x\\""}',
    ...change,
  };
  const { heldMs = Date.now(), ...rest } = fields;
  const message = deliveryBody(event, {
    subscription_id: subscription,
    format: 'standard',
    queued_ms: Date.now(),
    ...rest,
  });
  expect(await held.put([{ subscription, event_id: id, organization, held_ms: heldMs, message }])).toEqual([]);
  return id;
}

const feed = async (id: string, query = '', key?: string) =>
  api.call<Feed & Refusal>('GET', `/v1/subscriptions/${id}/feed${query}`, { ...(key && { key }) });
const ack = async (id: string, body: unknown, key?: string) =>
  api.call<{ acknowledged: number } & Refusal>('POST', `/v1/subscriptions/${id}/feed/ack`, {
    body,
    ...(key && { key }),
  });
const idsOf = ({ body }: { body: Feed }): string[] => body.data.map(({ id }) => id);
const linesOf = async (subscription: string): Promise<Attempt[]> =>
  (await api.deps.attempts.list({ subscription, organization: ORGANIZATION }, { limit: 100 })).items;
const circuitOf = async (subscription: string): Promise<unknown> => {
  const Key = { subscription };
  const { Item } = await api.tables.dynamoDb.send(
    new GetCommand({ TableName: api.tables.table('EndpointHealth'), Key }),
  );
  return Item?.circuit;
};

describe('a subscription that is fetched', () => {
  it('needs no URL, and says that it is one', async () => {
    const { body } = await api.call<View>('GET', `/v1/subscriptions/${await aFeed()}`);

    expect(body).toMatchObject({
      url: '',
      delivery: 'pull',
      health: { state: 'pull', called: false, held: { count: 0 } },
    });
    expect(body.problem).toBeUndefined();
    const { body: list } = await api.call<{ data: View[] }>('GET', '/v1/subscriptions?organization=org_1&state=pull');
    expect(list.data.map(({ id }) => id)).toContain(body.id);
  });

  it('that is sent to has a URL: 422 without one, at creation and afterwards', async () => {
    const created = await api.call<Refusal>('POST', '/v1/subscriptions', { body: { organization: ORGANIZATION } });
    const id = await aFeed();
    const changed = await api.call<Refusal>('PATCH', `/v1/subscriptions/${id}`, { body: { delivery: 'push' } });

    expect([created.status, created.body.errors?.[0]?.pointer]).toEqual([422, '/url']);
    expect([changed.status, changed.body.detail]).toEqual([
      422,
      expect.stringContaining('url: expected the https URL'),
    ]);
  });

  it('may be there more than once, by what people call it', async () => {
    const body = { organization: 'org_twins', delivery: 'pull', description: 'desk of Ada' };
    const create = async (change: object) =>
      (await api.call('POST', '/v1/subscriptions', { body: { ...body, ...change } })).status;

    expect([await create({}), await create({}), await create({ description: 'desk of Bob' })]).toEqual([201, 409, 201]);
    expect(await create({ delivery: 'push', url: 'https://hooks.example.com/a' })).toBe(201);
  });

  it('typed by hand is understood, or says what is wrong', async () => {
    const type = async (row: object): Promise<View> => {
      const Item = { organization: ORGANIZATION, id: await aFeed(), ...row };
      await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item }));
      return (await api.call<View>('GET', `/v1/subscriptions/${Item.id}`)).body;
    };

    expect(await type({ delivery: ' PULL ' })).toMatchObject({ delivery: 'pull', health: { state: 'pull' } });
    expect((await type({ delivery: 'fetch' })).problem).toContain('delivery: expected push or pull, got "fetch"');
    expect((await type({ delivery: '', url: 'https://a.example.com/' })).problem).toContain('delivery: expected');
    expect((await type({ pull: true, url: 'https://a.example.com/' })).problem).toContain('rename it');
    expect((await type({ delivery: 'pull', url: 'ftp://x' })).problem).toContain('url:');
  });

  it('and from now on sent to lets go what was kept, and the other way round holds it', async () => {
    const id = await aFeed({ url: 'https://hooks.example.com/both' });
    const set = (delivery: string) => api.call<View>('PATCH', `/v1/subscriptions/${id}`, { body: { delivery } });

    await set('push');
    expect(released.filter(({ subscription }) => subscription === id)).toHaveLength(1);
    expect(await circuitOf(id)).toBe('releasing');
    const { body } = await set('pull');

    expect([await circuitOf(id), body.health.state]).toEqual(['paused', 'pull']);
  });

  it('stays so when its pause is over', async () => {
    const id = await aFeed();
    await api.call('POST', `/v1/subscriptions/${id}/pause`);

    const paused = await feed(id);
    await api.call('POST', `/v1/subscriptions/${id}/resume`);

    expect([paused.status, paused.body.detail]).toEqual([409, expect.stringContaining('paused')]);
    expect((await feed(id)).status).toBe(200);
    expect([await circuitOf(id), released.some(({ subscription }) => subscription === id)]).toEqual(['paused', false]);
  });
});

describe('the feed', () => {
  it('gives out what is kept in event order, as a request would be: the very bytes, signed now', async () => {
    const id = await aFeed({ headers: { 'x-team': 'blue' }, signature_header: 'Axle-Signature', signing: 'both' });
    const [older, newer] = [idOf(90_000), idOf(80_000)];
    await keep(id, newer);
    await keep(id, older);

    const answer = await feed(id);

    expect([answer.status, idsOf(answer)]).toEqual([200, [older, newer]]);
    const [{ headers, body }] = answer.body.data as [Feed['data'][number]];
    expect(body).toContain('9007199254740993,"text":"Grüße 👋 \\"x\\""');
    expect(headers).toMatchObject({
      'x-team': 'blue',
      'content-type': 'application/json',
      'user-agent': 'Posthorn/0.0.0',
      'webhook-id': older,
      'webhook-signature': expect.stringMatching(/^v1,\S+ v1a,\S+$/) as string,
      'Axle-Signature': expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/) as string,
    });
    const secret = await api.call<{ secrets: { key: string }[] }>('GET', `/v1/subscriptions/${id}/secret`);
    const key = JSON.stringify(secret.body).match(/whsec_[A-Za-z0-9+/=]+/)![0];
    expect(() => new Webhook(key).verify(body!, headers)).not.toThrow();
  });

  it('signs with both secrets while one is rotated', async () => {
    const id = await aFeed();
    await keep(id, idOf());
    await api.call('POST', `/v1/subscriptions/${id}/rotate-secret`, { body: { overlap_hours: 1 } });

    const { body } = await feed(id);

    expect(body.data[0]!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  });

  it('gives the same again until it is acknowledged', async () => {
    const id = await aFeed();
    const events = [await keep(id, idOf(3_000_000)), await keep(id, idOf(2_000_000)), await keep(id, idOf(1_000_000))];

    const first = await feed(id, '?limit=2');
    const again = await feed(id, '?limit=2');
    const behind = await feed(id, `?after=${first.body.next}`);

    expect([idsOf(first), idsOf(again), idsOf(behind)]).toEqual([events.slice(0, 2), events.slice(0, 2), [events[2]]]);
    expect(behind.body.next).toBeNull();
  });

  it('does not give out what is so young that older ones may be under way', async () => {
    const id = await aFeed();
    await keep(id, idOf(500));

    expect((await feed(id)).body).toEqual({ data: [], page: null, next: null });
  });

  it('makes pages of what Lambda can answer, however large deliveries are', async () => {
    const id = await aFeed();
    // Each quotation mark takes two bytes here, and four in an answer inside an answer.
    const data = JSON.stringify({ text: '"'.repeat(120_000) });
    for (let n = 0; n < 12; n++) await keep(id, idOf(90_000 - n), { data });

    const { body } = await feed(id);

    expect(body.data.length).toBeGreaterThan(0);
    expect(body.data.length).toBeLessThan(12);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(body)))).toBeLessThan(6_000_000);
    expect(body.next).toBe(body.data.at(-1)!.id);
  });

  it('skips what it cannot give out, without ever ending there', async () => {
    const id = await aFeed();
    await keep(id, idOf(99_000), {}, { format: 'resource' }); // of a visit: carried
    await keep(id, idOf(98_000), { organization: 'org_other' });
    await held.put([
      { subscription: id, event_id: idOf(97_000), organization: ORGANIZATION, held_ms: 1, message: '{"v":9}' },
    ]);
    const last = await keep(id, idOf(96_000));

    const answers = await feed(id, '?limit=1');
    const rest = await feed(id, `?limit=1&after=${answers.body.next}`);

    expect(answers.body.data).toHaveLength(1);
    expect(idsOf(rest)).toEqual([last]);
  });

  /** Waits without waiting: the clock goes on. @param meanwhile done while somebody waits. */
  async function waitingFor<T>(wait: () => Promise<T>, meanwhile: (n: number) => Promise<unknown>): Promise<T> {
    const { sleep, now } = api.deps;
    let aheadMs = 0;
    let n = 0;
    api.deps.now = () => now() + aheadMs;
    api.deps.sleep = async (ms) => {
      aheadMs += ms;
      await meanwhile((n += 1));
    };
    try {
      return await wait();
    } finally {
      Object.assign(api.deps, { sleep, now });
    }
  }

  it('waits for the first delivery, until it is no longer young', async () => {
    const id = await aFeed();
    const coming = idOf(0);

    const answer = await waitingFor(
      () => feed(id, '?wait=10'),
      async (n) => n === 1 && (await keep(id, coming)),
    );

    expect(idsOf(answer)).toEqual([coming]);
  });

  it('lets a key wait once at a time, and answers at once where there is something', async () => {
    const id = await aFeed();
    const key = await api.key(['organization'], ORGANIZATION);
    const during: Awaited<ReturnType<typeof feed>>[] = [];

    const answer = await waitingFor(
      () => feed(id, '?wait=1', key),
      async () => during.push(await feed(id, '?wait=5', key)),
    );

    expect([answer.status, answer.body.data]).toEqual([200, []]);
    expect(during[0]!.status).toBe(429);
    expect(during[0]!.body.detail).toContain('waiting feed');
    await keep(id, idOf());
    expect(idsOf(await feed(id, '?wait=5', key))).toHaveLength(1);
  });

  it.each([
    ['wait=11', '?wait'],
    ['limit=101', '?limit'],
    ['after=', '?after'],
    ['from=x', '?from'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await feed(await aFeed(), `?${query}`);

    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });

  it('is one of subscriptions that are fetched, and whole', async () => {
    const url = 'https://hooks.example.com/pushed';
    const pushed = await api.call<View>('POST', '/v1/subscriptions', { body: { organization: ORGANIZATION, url } });
    const broken = { organization: ORGANIZATION, id: await aFeed(), delivery: 'pull', format: 'xml' };
    await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item: broken }));

    const [sent, wrong] = [await feed(pushed.body.id), await feed(broken.id)];

    expect([sent.status, sent.body.detail]).toEqual([409, expect.stringContaining('Set delivery to pull')]);
    expect([wrong.status, wrong.body.detail]).toEqual([409, expect.stringContaining('format: expected one of')]);
  });

  it('goes on giving out what was kept before the subscription was switched off', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    await api.call('PATCH', `/v1/subscriptions/${id}`, { body: { active: false } });

    expect(idsOf(await feed(id))).toEqual([event]);
  });
});

describe('an acknowledgement', () => {
  it('ends what was given out up to there: a line for each, and it is given out no more', async () => {
    const id = await aFeed({ account: 'acc_1' });
    const events = [await keep(id, idOf(9000)), await keep(id, idOf(8000)), await keep(id, idOf(7000))];
    const { body } = await feed(id);

    const answer = await ack(id, { through: events[1], page: body.page });

    expect([answer.status, answer.body]).toEqual([200, { acknowledged: 2 }]);
    expect(idsOf(await feed(id))).toEqual([events[2]]);
    const lines = await linesOf(id);
    expect(lines.map(({ event_id }) => event_id)).toEqual([events[1], events[0]]);
    expect(lines[0]).toMatchObject({
      outcome: 'delivered',
      attempt: 1,
      account: 'acc_1',
      url: '',
      format: 'standard',
      request_headers: {
        'webhook-id': events[1],
        'webhook-signature': expect.stringMatching(/^v1,[\w+/]+\*\*\*$/) as string,
      },
    });
    expect(lines[0]!.request_bytes).toBe(Buffer.byteLength(body.data[1]!.body!));
    expect(lines[0]!.fetched_ms).toBeLessThanOrEqual(lines[0]!.attempted_ms);
    const shown = await api.call('GET', `/v1/attempts/${lines[0]!.id}`);
    expect(shown.body).toMatchObject({ outcome: 'delivered', fetched_at: expect.any(String) as string });
  });

  it('leaves what came in between, behind the last one: a late one, and a newer copy', async () => {
    const id = await aFeed();
    const [first, late, last] = [idOf(9000), idOf(8000), idOf(7000)];
    await keep(id, first);
    await keep(id, last);
    const { body } = await feed(id);
    await keep(id, late);
    await keep(id, first, {}, { heldMs: Date.now() + 1, replay: 'redeliver' });

    const answer = await ack(id, { through: last, page: body.page });

    expect(answer.body).toEqual({ acknowledged: 1 });
    expect(idsOf(await feed(id))).toEqual([first, late]);
  });

  it('that is repeated does nothing more, and one that died half-way leaves one line', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    const { body } = await feed(id);
    const { removeRead } = api.deps.held;
    api.deps.held.removeRead = () => Promise.reject(new Error('died'));
    expect((await ack(id, { through: event, page: body.page })).status).toBe(503);
    api.deps.held.removeRead = removeRead;

    const answers = [];
    for (let n = 0; n < 2; n++) answers.push((await ack(id, { through: event, page: body.page })).body);

    expect(answers).toEqual([{ acknowledged: 1 }, { acknowledged: 0 }]);
    expect(await linesOf(id)).toHaveLength(1);
  });

  it('ends nothing while the log takes no lines', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    const { body } = await feed(id);
    const { append } = api.deps.attempts;
    api.deps.attempts.append = (attempts) => Promise.resolve(attempts);
    const answer = await ack(id, { through: event, page: body.page });
    api.deps.attempts.append = append;

    expect([answer.status, answer.body.detail]).toEqual([503, expect.stringContaining('Acknowledge again')]);
    expect(idsOf(await feed(id))).toEqual([event]);
  });

  it('tells the replay that asked for it', async () => {
    const id = await aFeed();
    const counted: unknown[] = [];
    const { count } = api.deps.replays;
    api.deps.replays.count = (...of) => Promise.resolve(void counted.push(of));
    const event = await keep(id, idOf(), {}, { replay: 'rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6' });
    const { body } = await feed(id);

    await ack(id, { through: event, page: body.page });
    api.deps.replays.count = count;

    expect(counted).toEqual([['rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6', { done: 1, failed: 0 }]]);
    expect((await linesOf(id))[0]!.replay).toBe('rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6');
  });

  it('ends although its replay cannot be told, which the log says', async () => {
    const id = await aFeed();
    const { count } = api.deps.replays;
    api.deps.replays.count = () => Promise.reject(new Error('throttled'));
    const event = await keep(id, idOf(), {}, { replay: 'rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V7' });
    const { body } = await feed(id);

    const answer = await ack(id, { through: event, page: body.page });
    api.deps.replays.count = count;

    expect(answer.body).toEqual({ acknowledged: 1 });
    const told = api.lines.filter((line) => line.includes('outcomes not added to their replay'));
    expect(told).toEqual([expect.stringContaining('"replay_id":"rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V7","done":1,"failed":0')]);
  });

  it('is one of a page that there was', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    const { page } = (await feed(id)).body;
    const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const refused = async (body: unknown): Promise<unknown> => {
      const answer = await ack(id, body);
      return [answer.status, answer.body.errors?.[0]?.pointer];
    };

    expect(await refused({ through: event, page: 'x' })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: text([1]) })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: text([1, [event, 'x']]) })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: text([-1, [event, 1]]) })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: 'A'.repeat(12_001) })).toEqual([422, '/page']);
    expect(await refused({ through: idOf(), page })).toEqual([422, '/through']);
    expect(await refused({ through: event })).toEqual([422, '/page']);
    expect(idsOf(await feed(id))).toEqual([event]);
  });
});

describe('who may fetch', () => {
  it('a key of the organization and of the account; one that may only look reads, and acknowledges nothing', async () => {
    const id = await aFeed({ account: 'acc_1' });
    const event = await keep(id, idOf(), { account: 'acc_1' });
    const own = await api.key(['organization'], ORGANIZATION, { account: 'acc_1' });
    const other = await api.key(['organization'], ORGANIZATION, { account: 'acc_2' });
    const looks = await api.key(['organization'], ORGANIZATION, { read_only: true });
    const { page } = (await feed(id, '', looks)).body;
    const body = { through: event, page };

    expect([(await feed(id, '', other)).status, (await ack(id, body, other)).status]).toEqual([404, 404]);
    expect([page, (await ack(id, body, looks)).status]).toEqual([expect.any(String), 403]);
    expect((await ack(id, body, own)).body).toEqual({ acknowledged: 1 });
  });

  it('support sees no payload and no whole signature, and acknowledges nothing', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    const support = await api.key(['support']);

    const { body } = await feed(id, '', support);

    expect(body.data).toEqual([
      {
        id: event,
        redacted: true,
        headers: expect.objectContaining({ 'webhook-signature': expect.stringMatching(/\*\*\*$/) as string }) as object,
      },
    ]);
    expect((await ack(id, { through: event, page: body.page }, support)).status).toBe(403);
    expect((await api.trail(id)).map(({ action }) => action)).not.toContain('payload.viewed');
  });

  it('whoever sees payloads leaves a record, one an hour, before they are given', async () => {
    const id = await aFeed();
    await keep(id, idOf());
    const key = await api.key(['organization'], ORGANIZATION);
    await feed(id, '', key);
    await feed(id, '', key);

    expect((await api.trail(id)).filter(({ action }) => action === 'payload.viewed')).toHaveLength(1);
  });
});
