import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import {
  startFeedApi,
  api,
  held,
  type View,
  type Feed,
  ORGANIZATION,
  aFeed,
  idOf,
  keep,
  feed,
  ack,
  idsOf,
} from './feed-support.ts';

startFeedApi();

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
    // The page of an answer instead of its next: nothing would ever stand behind it.
    ['after=x', '?after'],
    ['after=WzE3OTYwNjI0NDA1MDEsWyJldnRf', '?after'],
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
