import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { AttemptFilter } from '../../lambdas/stores/attempts.ts';
import { startLog, NOW, MINUTE, tables, store, fresh, attempt, listAll, recorded } from './attempts-support.ts';

startLog();

describe('the log of a subscription', () => {
  it('has the newest event first, then the newest attempt, in pages without gap or repetition', async () => {
    const subscription_id = fresh('sub');
    const older = attempt({
      subscription_id,
      outcome: 'failed',
      eventMs: NOW - 10 * MINUTE,
      attempted_ms: NOW - 9 * MINUTE,
    });
    const retried = attempt({ subscription_id, event_id: older.event_id, attempt: 2, attempted_ms: NOW - MINUTE });
    const newer = attempt({ subscription_id, eventMs: NOW - 5 * MINUTE, attempted_ms: NOW - 4 * MINUTE });
    await store.append([older, retried, newer]);
    const expected = [newer.id, retried.id, older.id];
    for (const limit of [1, 2, 3, 100]) {
      expect((await listAll({ subscription: subscription_id }, limit)).ids).toEqual(expected);
    }
  });

  it('is filtered by outcome, type and the time of the attempt', async () => {
    const subscription_id = fresh('sub');
    const old = attempt({ subscription_id, attempted_ms: NOW - 60 * MINUTE, outcome: 'failed' });
    const late = attempt({ subscription_id, event_id: old.event_id, attempted_ms: NOW - 5 * MINUTE });
    const other = attempt({ subscription_id, type: 'visit.created', attempted_ms: NOW - 30 * MINUTE });
    await store.append([old, late, other]);
    const ids = async (filter: AttemptFilter) => (await listAll({ subscription: subscription_id, ...filter })).ids;
    expect(await ids({ outcome: ['failed', 'gone'] })).toEqual([old.id]);
    expect(await ids({ type: 'visit.created' })).toEqual([other.id]);
    expect(await ids({ since_ms: NOW - 10 * MINUTE })).toEqual([late.id]);
    expect(await ids({ until_ms: NOW - 20 * MINUTE })).toEqual([other.id, old.id]);
    expect(await ids({ since_ms: NOW - 40 * MINUTE, until_ms: NOW - 20 * MINUTE })).toEqual([other.id]);
  });

  it('stays shut to another organization', async () => {
    const one = attempt();
    await store.append([one]);
    const { subscription_id: subscription } = one;
    expect((await listAll({ subscription, organization: 'other' })).ids).toEqual([]);
    expect((await listAll({ subscription, organization: 'acme' })).ids).toEqual([one.id]);
  });

  it('is read in bounded pages, however few attempts the filter lets through', async () => {
    const subscription_id = fresh('sub');
    const all = Array.from({ length: 2600 }, (_, i) => attempt({ subscription_id, attempted_ms: NOW - i * 1000 }));
    all[2599]!.outcome = 'gone';
    await store.append(all);
    const { pages, ids } = await listAll({ subscription: subscription_id, outcome: ['gone', 'held'] });
    expect(ids).toEqual([all[2599]!.id]);
    expect(pages.length).toBe(2);

    // A cursor would tell a stranger that there is a log, and name its events.
    expect(await store.list({ subscription: subscription_id, organization: 'other' }, { limit: 50 })).toEqual({
      items: [],
    });
  });

  it('of a single delivery comes in pages too: an endpoint that is down is probed with it thousands of times', async () => {
    const first = attempt({ outcome: 'held', attempted_ms: NOW - 60 * MINUTE });
    const { event_id, subscription_id: subscription } = first;
    const probes = Array.from({ length: 120 }, (_, i) =>
      attempt({ event_id, subscription_id: subscription, outcome: 'held', attempted_ms: NOW - i * 1000 }),
    );
    const others = [0, 120].map((minutes) =>
      attempt({ subscription_id: subscription, attempted_ms: NOW - minutes * MINUTE }),
    );
    await store.append([first, ...probes, ...others]);
    const { pages, ids } = await listAll({ subscription, event: event_id }, 50);
    expect(ids).toEqual([...probes, first].map(({ id }) => id));
    expect(pages.map(({ length }) => length)).toEqual([50, 50, 21]);
    expect((await listAll({ subscription, event: event_id, organization: 'other' })).ids).toEqual([]);
  });

  it.each(['x', '', 'e30', Buffer.from('{"key":5}').toString('base64url')])('refuses the cursor %j', async (cursor) => {
    await expect(store.list({ subscription: 'sub_1' }, { limit: 1, cursor })).rejects.toMatchObject({
      problem: 'malformed-request',
    });
  });

  it('takes a foreign place in a cursor for the end or the start, never for an error', async () => {
    const cursor = Buffer.from(JSON.stringify({ key: '\u0001' })).toString('base64url');
    expect(await store.list({ subscription: 'sub_1' }, { limit: 1, cursor })).toEqual({ items: [] });
  });
});

describe('the log of an organization', () => {
  it('goes event by event, newest first, through what each matched', async () => {
    const organization = fresh('org');
    const all = await recorded(organization, 25, [fresh('sub'), fresh('sub'), fresh('sub')]);
    const expected = all.map(({ id }) => id);
    for (const limit of [7, 100]) expect((await listAll({ organization }, limit)).ids).toEqual(expected);
  });

  it('is filtered by type and outcome', async () => {
    const organization = fresh('org');
    const all = await recorded(organization, 6, [fresh('sub')]);
    const ids = all.filter(({ type }) => type === 'visit.ended').map(({ id }) => id);
    expect((await listAll({ organization, type: 'visit.ended' })).ids).toEqual(ids);
    expect((await listAll({ organization, outcome: ['delivered'] })).ids).toHaveLength(6);
    expect((await listAll({ organization, outcome: ['skipped'] })).ids).toEqual([]);
  });

  it('finds its failures without walking, also through pages', async () => {
    const organization = fresh('org');
    const failures = (['failed', 'exhausted', 'gone'] as const).map((outcome, i) =>
      attempt({ organization, outcome, eventMs: NOW - i * MINUTE, attempted_ms: NOW - i * MINUTE }),
    );
    await store.append([...failures, attempt({ organization, outcome: 'delivered' }), attempt({ outcome: 'failed' })]);
    const all = ['failed', 'exhausted', 'gone'] as const;
    for (const limit of [1, 10]) {
      expect((await listAll({ organization, outcome: [...all] }, limit)).ids).toEqual(failures.map(({ id }) => id));
    }
    expect((await listAll({ organization, outcome: ['exhausted'] })).ids).toEqual([failures[1]!.id]);
  });

  it('keeps successes out of the index of failures', async () => {
    await store.append([attempt(), attempt({ outcome: 'held' })]);
    const { Items } = await tables.dynamoDb.send(
      new ScanCommand({ TableName: tables.table('Attempts'), IndexName: 'failures' }),
    );
    expect(new Set(Items!.map(({ outcome }) => outcome as string))).not.toContain('delivered');
    expect(Items!.some(({ outcome }) => outcome === 'held')).toBe(false);
  });

  it('shows all organizations to a caller who names none', async () => {
    const organization = fresh('org');
    const all = await recorded(organization, 3, [fresh('sub')]);
    const { ids } = await listAll({});
    expect(ids.filter((id) => all.some((one) => one.id === id))).toEqual(all.map(({ id }) => id));
  });

  it('shows many attempts of one delivery through pages smaller than they are', async () => {
    const organization = fresh('org');
    const [first] = await recorded(organization, 1, [fresh('sub')]);
    const { event_id, subscription_id } = first!;
    const more = Array.from({ length: 4 }, (_, i) =>
      attempt({ organization, event_id, subscription_id, attempt: 1, attempted_ms: NOW + i * 1000 }),
    );
    await store.append(more);
    const expected = [...more.reverse(), first!].map(({ id }) => id);
    for (const limit of [1, 2]) expect((await listAll({ organization }, limit)).ids).toEqual(expected);
  });
});

describe('a page of answers that JSON makes six times as long', () => {
  const BYTES_OF_AN_ANSWER = 6_000_000;

  it.each([['of a subscription'], ['of an organization']])('fits into an answer of Lambda: %s', async (which) => {
    const [organization, subscription] = [fresh('org'), fresh('sub')];
    const all = await recorded(organization, 100, [subscription]);
    for (const one of all) one.response_body = '\u0001'.repeat(16_384);
    await store.append(all);

    const filter = which === 'of a subscription' ? { subscription } : { organization };
    const { pages, ids } = await listAll(filter);

    expect(ids).toEqual(all.map(({ id }) => id));
    // Lambda hands the answer on as text inside JSON: quoted twice.
    for (const page of pages) expect(JSON.stringify(JSON.stringify(page)).length).toBeLessThan(BYTES_OF_AN_ANSWER);
  });
});
