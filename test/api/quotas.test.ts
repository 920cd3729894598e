import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// What one organization can do at most, through the real routes and tables. Doubled: the queues, the wait of a ping.

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

let number = 0;
let organization = '';
let key = '';
beforeEach(async () => {
  organization = `quota_${(number += 1)}`;
  key = await api.key(['organization'], organization);
});
const subscribe = (path: string, more: object = {}) =>
  api.call('POST', '/v1/subscriptions', { key, body: { url: `https://hooks.example.com/${path}`, ...more } });

describe('an organization', () => {
  it('has at most as many subscriptions as the setting says', async () => {
    api.deps.limits.subscriptions = 2;

    const answers = [await subscribe('a'), await subscribe('b'), await subscribe('c')];
    api.deps.limits.subscriptions = 10_000;

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 409]);
    expect(answers[2]!.body).toMatchObject({ detail: expect.stringContaining('at most 2 subscriptions') as string });
  });

  it('cannot make rows fat: all headers together have 8 KB', async () => {
    const fat = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`x-h${n}`, 'a'.repeat(500)]));

    const created = await subscribe('fat', { headers: fat });
    const { body } = await subscribe('thin');
    const changed = await api.call('PATCH', `/v1/subscriptions/${(body as { id: string }).id}`, {
      key,
      body: { headers: fat },
    });

    expect([created.status, changed.status]).toEqual([422, 422]);
    expect(JSON.stringify(created.body)).toContain('at most 8192 bytes together');
  });

  it('cannot make rows fat by other attributes either: a row has 16 KB', async () => {
    const events = Array.from({ length: 100 }, (_, n) => `service-${n}${'x'.repeat(1000)}`);

    const created = await subscribe('long', { events });
    const { body } = await subscribe('short');
    const path = `/v1/subscriptions/${(body as { id: string }).id}`;
    const changed = await api.call('PATCH', path, { key, body: { events } });
    const largest = await subscribe('largest', {
      description: 'd'.repeat(1024),
      headers: Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`x-h${n}`, 'a'.repeat(500)])),
      filter: { data: { id: Array.from({ length: 50 }, (_, n) => `${n}${'f'.repeat(70)}`) } },
    });

    expect([created.status, changed.status, largest.status]).toEqual([422, 422, 201]);
    expect(created.body).toMatchObject({
      errors: [{ pointer: '/events', detail: expect.stringContaining('at most 16384 bytes in all') as string }],
    });
  });

  it('may shorten a row that somebody has typed too large', async () => {
    const { body } = await subscribe('typed');
    const { id } = body as { id: string };
    const events = Array.from({ length: 20 }, (_, n) => `service-${n}${'x'.repeat(1000)}`);
    await api.deps.subscriptions.update(organization, id, { set: { events }, remove: [] });
    const change = (more: object) => api.call('PATCH', `/v1/subscriptions/${id}`, { key, body: more });

    const answers = [
      await change({ events: events.slice(0, 18) }),
      await change({ events }),
      await change({ active: false }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 422, 200]);
  });

  it('has only so many deliveries a day sent again by its keys; staff go on, and what is refused is not counted', async () => {
    api.deps.limits.repeatsADay = 2;
    const { body } = await subscribe('again');
    const ping = (by: string) => api.call('POST', `/v1/subscriptions/${(body as { id: string }).id}/ping`, { key: by });

    const answers = [await ping(key), await ping(key), await ping(key), await ping(key)];
    const byStaff = await ping(api.adminKey);
    api.deps.limits.repeatsADay = 3;
    const later = await ping(key);
    api.deps.limits.repeatsADay = 20_000;

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429, 429]);
    expect(answers[2]!.body).toMatchObject({
      detail: expect.stringContaining('at most 2 replays, redeliveries and pings a day') as string,
    });
    expect([byStaff.status, later.status]).toEqual([202, 202]);
  });

  it('runs three replays at a time; one that ends makes room', async () => {
    const { body } = await subscribe('replayed');
    const { id } = body as { id: string };
    const replay = () =>
      api.call<{ id: string; detail?: string }>('POST', `/v1/subscriptions/${id}/replay`, {
        key,
        body: { since: '2026-01-01T00:00:00.000Z' },
      });

    const all = await Promise.all(Array.from({ length: 10 }, replay));
    const running = all.filter(({ status }) => status === 202);
    await api.call('POST', `/v1/replays/${running[0]!.body.id}/cancel`, { key });

    expect(running).toHaveLength(3);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(7);
    expect((await replay()).status).toBe(202);
    expect((await replay()).status).toBe(429);
  });
});

describe('what a replay would send', () => {
  it('is counted three times at once for an organization: each holds a function; staff and changes go on', async () => {
    const { id } = (await subscribe('counted', { active: false })).body as { id: string };
    const dryRun = (by: string) =>
      api.call('POST', `/v1/subscriptions/${id}/replay?dry_run=true`, { key: by, body: {} });
    const { page } = api.deps.replayable;
    const [counted, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let open = 0;
    api.deps.replayable.page = async (...asked) => {
      open += 1;
      if (open === 3) begun.resolve();
      if (open <= 3) await counted.promise;
      return page(...asked);
    };

    const three = Promise.all([dryRun(key), dryRun(key), dryRun(key)]);
    await begun.promise;
    const [fourth, byFilter, byStaff, activated] = [
      await dryRun(key),
      await api.call('POST', '/v1/deliveries/redeliver?dry_run=true', { key, body: { filter: {} } }),
      await dryRun(api.adminKey),
      await api.call('PATCH', `/v1/subscriptions/${id}`, { key, body: { active: true } }),
    ];
    counted.resolve();
    const first = await three;
    const later = await dryRun(key);
    api.deps.replayable.page = page;

    expect([fourth.status, byFilter.status, byStaff.status, later.status]).toEqual([429, 429, 200, 200]);
    expect(activated).toMatchObject({ status: 200, body: { missed: { count: 0, more: true } } });
    expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('a ping that is waited for', () => {
  it('is one of a key at a time; without waiting there may be many', async () => {
    const { body } = await subscribe('pinged');
    const { id } = body as { id: string };
    const ping = (query: string) => api.call('POST', `/v1/subscriptions/${id}/ping${query}`, { key });
    const waited = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const { sleep, now } = api.deps;
    let over = false;
    api.deps.sleep = async () => {
      began.resolve();
      await waited.promise;
      over = true;
    };
    api.deps.now = () => now() + (over ? 60_000 : 0);

    const first = ping('?wait=30');
    await began.promise;
    const [second, third] = [await ping('?wait=5'), await ping('')];
    waited.resolve();
    const ended = await first;
    api.deps.sleep = sleep;
    api.deps.now = now;

    expect(ended.status).toBe(202);
    expect(second.status).toBe(429);
    expect(third.status).toBe(202);
    expect((await ping('?wait=0')).status).toBe(202);
  });

  it.each(['ping', 'sample'])('to a subscription that fetches is answered at once: a %s', async (what) => {
    const { body } = await subscribe(`fetched-${what}`, { delivery: 'pull' });
    const { sleep } = api.deps;
    let slept = 0;
    api.deps.sleep = (ms) => {
      slept += 1;
      return sleep(ms);
    };

    const sent = what === 'sample' ? { type: 'visit.ended' } : undefined;
    const path = `/v1/subscriptions/${(body as { id: string }).id}/${what}?wait=1`;
    const answer = await api.call('POST', path, { key, ...(sent && { body: sent }) });
    api.deps.sleep = sleep;

    expect([answer.status, slept]).toEqual([202, 0]);
  });
});
