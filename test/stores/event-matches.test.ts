import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import type { EventStore, Match } from '../../lambdas/stores/events.ts';
import { startTables, type Tables } from '../support/tables.ts';

// Matches that a replay adds afterwards: once each, whatever happens at the same time.

const NOW = 1_700_000_000_000;

let tables: Tables;
let store: EventStore;
beforeAll(async () => {
  tables = await startTables();
  store = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now: () => NOW });
});
afterAll(() => tables.close());

async function recorded(matches: Match[] = [], { data = '{"n":1.10}', at = NOW } = {}): Promise<string> {
  const id = `evt_${ulid(at)}`;
  const event = {
    id,
    organization: 'acme',
    type: 'visit.ended',
    triggering_location: 'API' as const,
    enqueued_ms: at,
    data,
  };
  await store.record(event, matches);
  return id;
}

const add = (id: string, subscription: string, change: Partial<Required<Match>> = {}) =>
  store.addMatch('acme', id, { subscription, format: 'standard', replay: 'rpl_1', ...change });

async function matchesOf(id: string): Promise<readonly Match[]> {
  const { items } = await store.oldestFirst('acme', { from: id, to: id }, 1);
  return items[0]!.matches;
}

/** As many as leave no room beside the event. */
const thousands = (): Match[] =>
  Array.from({ length: 6_000 }, (_, n) => ({
    subscription: `sub_${String(n).padStart(26, '0')}`,
    format: 'thin' as const,
  }));

describe('a match that a replay adds', () => {
  it('stands beside those that fan-out found, with its format and its replay, and changes nothing else', async () => {
    const id = await recorded([{ subscription: 'sub_a', format: 'standard' }]);
    const before = (await store.get('acme', id))!.event;

    expect(await add(id, 'sub_b', { format: 'thin' })).toBe('thin');
    expect(await add(id, 'sub_c')).toBe('standard');

    expect(await matchesOf(id)).toEqual([
      { subscription: 'sub_a', format: 'standard' },
      { subscription: 'sub_c', format: 'standard', replay: 'rpl_1' },
      { subscription: 'sub_b', format: 'thin', replay: 'rpl_1' },
    ]);
    const after = (await store.get('acme', id))!;
    expect(after.event).toEqual(before);
    expect(after.matched).toEqual(['sub_a', 'sub_c', 'sub_b']);
  });

  it('is its replay’s own when it is added again, in the format that it had first', async () => {
    const id = await recorded();
    await add(id, 'sub_a', { format: 'thin' });

    expect(await add(id, 'sub_a', { format: 'standard' })).toBe('thin');

    expect(await matchesOf(id)).toHaveLength(1);
  });

  it('is nobody’s when another replay, or fan-out, has it', async () => {
    const id = await recorded([{ subscription: 'sub_a', format: 'standard' }]);
    await add(id, 'sub_b');

    expect(await add(id, 'sub_a')).toBeUndefined();
    expect(await add(id, 'sub_b', { replay: 'rpl_2' })).toBeUndefined();

    expect(await matchesOf(id)).toHaveLength(2);
  });

  it.each(['that is not there', 'that has expired', 'of another organization'])(
    'does not bring back an event %s',
    async (which) => {
      const id =
        which === 'that is not there'
          ? `evt_${ulid(NOW)}`
          : await recorded([], which === 'that has expired' ? { at: NOW - 31 * 86_400_000 } : {});
      const organization = which === 'of another organization' ? 'other' : 'acme';
      const match = { subscription: 'sub_a', format: 'standard' as const, replay: 'rpl_1' };

      expect(await store.addMatch(organization, id, match)).toBeUndefined();

      expect(await store.get(organization, id)).toBeUndefined();
    },
  );

  it.each([
    ['beside the event', []],
    ['behind an event that is full', thousands()],
  ])('is there once, %s, though many add theirs and the same at the same time', async (_where, matches) => {
    const id = await recorded(matches, { data: JSON.stringify('x'.repeat(matches.length > 0 ? 250_000 : 10)) });
    const subscriptions = ['sub_a', 'sub_b', 'sub_c', 'sub_d'];

    const formats = await Promise.all(
      [...subscriptions, ...subscriptions].map((subscription) => add(id, subscription)),
    );

    expect(formats).toEqual(formats.map(() => 'standard'));
    const added = (await matchesOf(id)).filter(({ replay }) => replay !== undefined);
    expect(new Set(added.map(({ subscription }) => subscription))).toEqual(new Set(subscriptions));
    expect((await matchesOf(id)).length - added.length).toBe(matches.length);
  });
});
