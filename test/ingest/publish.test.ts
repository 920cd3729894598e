import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/domain/problem.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { decodeEventMessage } from '../../lambdas/domain/messages/codec.ts';
import { publish, type PublishDependencies } from '../../lambdas/ingest/publish.ts';
import type { IdempotencyRecord } from '../../lambdas/stores/idempotency.ts';

// What happens while two requests with one key meet; the store, the queue and the clock are doubles.

const START = 1_769_850_900_000;
const claim = { key: 'k', bodyHash: 'hash' };
const draft = { organization: 'org_1', type: 'visit.ended', triggering_location: 'API', data: '{}' } as const;

let clock: number;
let records: Map<string, IdempotencyRecord>;
let queued: string[];
let pauses: number[];
/** Runs after each pause, as the other request would meanwhile. */
let meanwhile: () => void;
let dependencies: PublishDependencies;

beforeEach(() => {
  clock = START;
  records = new Map();
  queued = [];
  pauses = [];
  meanwhile = () => undefined;
  dependencies = {
    ids: createIds({ now: () => clock, random: Math.random }),
    now: () => clock,
    sleep: async (ms) => {
      pauses.push(ms);
      clock += ms;
      meanwhile();
    },
    idempotency: {
      claim: async (key, record) => {
        const first = records.get(key);
        if (!first) records.set(key, record);
        return first;
      },
      get: async (key) => records.get(key),
      finish: async (key) => void records.set(key, { ...records.get(key)!, done: true }),
    },
    queue: {
      send: async (entries) => {
        for (const { body } of entries) {
          const decoded = decodeEventMessage(body);
          if (decoded.ok) queued.push(decoded.message.event.id);
        }
        return new Set();
      },
    },
  };
});

/** Another request claimed the key `agoMs` ago and has queued nothing yet. */
function claimedBefore(agoMs: number, changes: Partial<IdempotencyRecord> = {}): string {
  const { id } = createIds({ now: () => START - agoMs, random: Math.random }).event();
  records.set('k', { body_hash: 'hash', ids: [id], done: false, ...changes });
  return id;
}

describe('publish with a claim', () => {
  it('waits for the request that came first, and answers like it', async () => {
    const id = claimedBefore(0);
    meanwhile = () => {
      if (clock >= START + 300) records.get('k')!.done = true;
    };
    const { results, decision } = await publish(dependencies, [draft], { claim });
    expect(decision).toBe('repeated');
    expect(results).toEqual([{ id, enqueued_at: new Date(START).toISOString() }]);
    expect(queued).toEqual([]);
  });

  it('takes over after 2 seconds, with the ids and times of the first', async () => {
    const id = claimedBefore(0);
    const { results, decision } = await publish(dependencies, [draft], { claim });
    expect(decision).toBe('taken-over');
    expect(results).toEqual([{ id, enqueued_at: new Date(START).toISOString() }]);
    expect(queued).toEqual([id]);
    expect(records.get('k')).toMatchObject({ ids: [id], done: true });
    expect(clock - START).toBe(2000);
    expect(pauses.length).toBeLessThan(12);
  });

  it('does not wait for a request that began more than 2 seconds ago', async () => {
    const id = claimedBefore(2000);
    await publish(dependencies, [draft], { claim });
    expect(pauses).toEqual([]);
    expect(queued).toEqual([id]);
  });

  it('waits 2 seconds at most though the clock of the first runs ahead', async () => {
    claimedBefore(-60_000);
    await publish(dependencies, [draft], { claim });
    expect(clock - START).toBe(2000);
  });

  it('refuses another body at once, whether or not the first is done', async () => {
    claimedBefore(0, { body_hash: 'other' });
    await expect(publish(dependencies, [draft], { claim })).rejects.toMatchObject({
      problem: 'idempotency-key-reused',
    });
    expect([queued, pauses]).toEqual([[], []]);
  });

  it('leaves the claim unfinished when SQS refuses an event', async () => {
    dependencies.queue.send = async () => new Set([1]);
    const { results } = await publish(dependencies, [draft, draft], { claim });
    expect(results[0]).toHaveProperty('id');
    expect(results[1]).toMatchObject({ problem: 'unavailable' });
    expect(records.get('k')!.done).toBe(false);
  });

  it('accepts although the store cannot note that it is done: SQS has the event', async () => {
    dependencies.idempotency.finish = () => Promise.reject(new Error('throttled'));
    const { results } = await publish(dependencies, [draft], { claim });
    expect(results[0]).toEqual({ id: queued[0], enqueued_at: new Date(START).toISOString() });
  });

  it('queues nothing when the store cannot claim', async () => {
    dependencies.idempotency.claim = () => Promise.reject(new Error('throttled'));
    await expect(publish(dependencies, [draft], { claim })).rejects.toThrow('throttled');
    expect(queued).toEqual([]);
  });

  it('keeps the place of a refused event between accepted ones', async () => {
    const bad = new Problem('invalid-request', 'bad');
    const { results } = await publish(dependencies, [draft, bad, draft], { claim });
    expect(results[1]).toBe(bad);
    expect([results[0], results[2]]).toEqual(queued.map((id) => ({ id, enqueued_at: new Date(START).toISOString() })));
  });
});
