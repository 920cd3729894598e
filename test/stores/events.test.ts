import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  setClock,
  startEvents,
  NOW,
  DAY,
  tables,
  store,
  event,
  match,
  matches,
  sorted,
  listAll,
  scanFor,
} from './events-support.ts';

startEvents();

describe('recording an event', () => {
  it('keeps the event as it came, and what it matched', async () => {
    const recorded = event({ account: 'north', resource_id: 'r1', data: '{"b":1.10,"a":"é☃"}' });

    const answer = await store.record(recorded, [match(1), match(2, 'thin')]);

    expect(answer).toEqual({ first: true, matches: [match(1), match(2, 'thin')] });
    expect(await store.get('acme', recorded.id)).toEqual({
      event: recorded,
      matched: [match(1).subscription, match(2).subscription],
    });
  });

  it('changes nothing the second time and returns what the first run matched, formats included', async () => {
    const recorded = event();
    await store.record(recorded, [match(1), match(2, 'thin')]);

    const second = await store.record(recorded, [match(1, 'envelope'), match(3)]);

    expect(second).toEqual({ first: false, matches: [match(1), match(2, 'thin')] });
    expect((await store.get('acme', recorded.id))?.matched).toHaveLength(2);
  });

  it('lets one of many runs at once be the first', async () => {
    const recorded = event();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => store.record(recorded, [match(i)])));

    expect(answers.filter(({ first }) => first)).toHaveLength(1);
    const winner = answers.find(({ first }) => first)!.matches;
    for (const answer of answers) expect(answer.matches).toEqual(winner);
  });

  it('keeps an event that matched nothing and has no data', async () => {
    const { data: _data, ...ping } = event({ type: 'ping' });
    expect(await store.record(ping, [])).toEqual({ first: true, matches: [] });
    expect(await store.record(ping, [match(1)])).toEqual({ first: false, matches: [] });
    expect(await store.get('acme', ping.id)).toEqual({ event: ping, matched: [] });
  });

  it('refuses an id that no list would find', async () => {
    await expect(store.record(event({ id: 'evt_7' }), [])).rejects.toThrow(
      'Expected an event id as evt_<ULID>, got evt_7.',
    );
  });

  it.each([
    ['a small event', '{}', 10_000],
    ['a payload of 256 KiB in two-byte characters', `"${'é'.repeat(131_071)}"`, 10_000],
    ['many times more matches than one item holds', '{}', 40_000],
  ])('keeps the matches of %s complete', async (_what, data, count) => {
    const recorded = event({ data, organization: 'large' });

    await store.record(recorded, matches(count));
    const second = await store.record(recorded, []);

    expect(sorted(second.matches)).toEqual(matches(count));
    const read = await store.get('large', recorded.id);
    expect(read?.event).toEqual(recorded);
    expect(read?.matched).toHaveLength(count);
  });

  it('keeps further matches out of every list and lets them expire with the event', async () => {
    const recorded = event({ organization: 'overflow', data: `"${'x'.repeat(262_142)}"` });

    await store.record(recorded, matches(10_000));

    expect((await listAll({ organization: 'overflow' })).ids).toEqual([recorded.id]);
    const items = await scanFor(recorded.id);
    const expiry = Math.floor(recorded.enqueued_ms / 1_000) + 30 * 86_400;
    expect(items.length).toBeGreaterThan(1);
    expect(items.map((item) => item.expires_at as number)).toEqual(items.map(() => expiry));
    expect(items.filter((item) => 'bucket' in item)).toHaveLength(1);
  });

  it('does not mix the further matches of two runs at once', async () => {
    const recorded = event({ organization: 'mixed' });
    const one = Array.from({ length: 20_000 }, (_, i) => match(i));
    const other = Array.from({ length: 20_000 }, (_, i) => match(50_000 + i));

    const [a, b] = await Promise.all([store.record(recorded, one), store.record(recorded, other)]);

    const winner = a.first ? one : other;
    expect([a.first, b.first].filter(Boolean)).toHaveLength(1);
    expect(sorted(a.matches)).toEqual(winner);
    expect(sorted(b.matches)).toEqual(winner);
  });
});

describe('finding an event', () => {
  it('by its id alone', async () => {
    const recorded = event({ organization: 'hidden' });
    await store.record(recorded, [match(1)]);
    expect(await store.find(recorded.id)).toEqual({ event: recorded, matched: [match(1).subscription] });
  });

  it.each(['evt_00000000000000000000000000', 'evt_x', '', 'sub_1'])('finds nothing for %j', async (id) => {
    expect(await store.find(id)).toBeUndefined();
    expect(await store.get('acme', id === '' ? 'x' : id)).toBeUndefined();
  });

  it('keeps organizations apart', async () => {
    const recorded = event({ organization: 'theirs' });
    await store.record(recorded, []);
    expect(await store.get('mine', recorded.id)).toBeUndefined();
  });

  it('sees an event no more from the second on in which it expires, though it still lies in the table', async () => {
    const recorded = event({ organization: 'expiring', enqueued_ms: NOW });
    await store.record(recorded, []);
    const seen = async (at: number) => {
      setClock(at);
      const found = [await store.get('expiring', recorded.id), await store.find(recorded.id)];
      return [...found.map((one) => one !== undefined), (await listAll({ organization: 'expiring' })).ids.length === 1];
    };
    try {
      expect(await seen(NOW + 30 * DAY - 1)).toEqual([true, true, true]);
      expect(await seen(NOW + 30 * DAY)).toEqual([false, false, false]);
    } finally {
      setClock(NOW);
    }
    const Key = { organization: 'expiring', id: recorded.id };
    expect((await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('Events'), Key }))).Item).toBeDefined();
  });
});
