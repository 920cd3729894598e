import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import type { ApiKey } from '../../lambdas/stores/api-keys.ts';
import { createApiKey } from '../../lambdas/runtime/api-key.ts';
import { startApi, type TestApi } from '../support/api.ts';

// Who saw the body of an event or a call (docs/design.md §13; HIPAA 45 CFR 164.312(b)).

const HOUR_MS = 3_600_000;
let api: TestApi;
let event: string;
let attempt: string;

beforeEach(async () => {
  api = await startApi();
  const made = api.deps.ids.event();
  event = made.id;
  await api.deps.events.record(
    { ...made, organization: 'acme', type: 'visit.ended', triggering_location: 'API', data: '{"note":"ill"}' },
    [{ subscription: 'sub_1', format: 'standard' }],
  );
  attempt = attemptId('01KGA0B7FVZ6Q2M4N8P0R2T4V6', event, 'sub_1');
  await api.deps.attempts.append([
    {
      id: attempt,
      event_id: event,
      subscription_id: 'sub_1',
      organization: 'acme',
      type: 'visit.ended',
      attempt: 1,
      attempted_ms: made.enqueued_ms,
      outcome: 'delivered',
      url: 'https://hooks.example.com/in',
      format: 'standard',
      status: 200,
      request_headers: {},
      response_body: 'thanks',
    },
  ]);
});
afterEach(() => api.close());

async function views() {
  const { items } = await api.deps.audit.list({ actions: ['payload.viewed'] }, { limit: 100 });
  return items.reverse();
}

async function keyOf(change: Partial<ApiKey>): Promise<string> {
  const { key, hash } = createApiKey();
  const id = api.deps.ids.apiKey();
  await api.deps.apiKeys.create({ id, hash, scopes: ['support'], created_at: '', ...change });
  return key;
}

const paths = (): [type: string, id: string, path: string][] => [
  ['event', event, `/v1/events/${event}`],
  ['attempt', attempt, `/v1/attempts/${attempt}`],
];

describe('seeing a payload', () => {
  it('leaves a record of who saw what, by name', async () => {
    const key = await keyOf({ scopes: ['support', 'payloads:read'], description: 'Ada of support' });
    for (const [type, id, path] of paths()) {
      expect((await api.call('GET', path, { key })).status).toBe(200);
      const record = (await views()).at(-1)!;
      expect(record).toMatchObject({ object_type: type, object_id: id, organization: 'acme', changed: [] });
      expect(record).toMatchObject({ actor: expect.stringMatching(/^key_/) as string, actor_name: 'Ada of support' });
    }
    expect(await views()).toHaveLength(2);
  });

  it('leaves one record for each key, object and hour, however often and in however many functions', async () => {
    const other = await keyOf({ scopes: ['support', 'payloads:read'] });
    // Each call of the test api is a function of its own.
    await Promise.all(Array.from({ length: 5 }, () => api.call('GET', `/v1/events/${event}`)));
    expect(await views()).toHaveLength(1);

    await api.call('GET', `/v1/events/${event}`, { key: other });
    expect(await views()).toHaveLength(2);

    const now = Date.now();
    api.deps.now = () => now + HOUR_MS;
    await api.call('GET', `/v1/events/${event}`);
    expect(await views()).toHaveLength(3);
  });

  it('is refused while it cannot be recorded, also to the second who asks', async () => {
    const { append } = api.deps.audit;
    api.deps.audit = { ...api.deps.audit, append: () => Promise.reject(new Error('no trail')) };
    for (const [, , path] of [...paths(), ...paths()]) {
      const answer = await api.call('GET', path);
      expect(answer.status).toBe(503);
      expect(JSON.stringify(answer)).not.toMatch(/ill|thanks/);
    }

    api.deps.audit = { ...api.deps.audit, append };
    for (const [, , path] of paths()) expect((await api.call('GET', path)).status).toBe(200);
    expect(await views()).toHaveLength(2);
  });

  it('leaves none where nothing is shown: without the right, and for what is not there', async () => {
    const blind = await keyOf({ scopes: ['support'] });
    const foreign = await api.key(['organization'], 'other');
    for (const [, , path] of paths()) {
      expect((await api.call('GET', path, { key: blind })).status).toBe(200);
      expect((await api.call('GET', path, { key: foreign })).status).toBe(404);
    }
    for (const path of ['/v1/events', '/v1/attempts']) await api.call('GET', path);
    expect(await views()).toEqual([]);
  });

  it('is left by trying filters on an event, which would spell out what is in it', async () => {
    const { body } = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
      body: { organization: 'acme', url: 'https://hooks.example.com/in' },
    });
    await api.call('POST', `/v1/subscriptions/${body.id}/filter-test`, { body: { event_id: event } });
    expect((await views()).map(({ object_id }) => object_id)).toEqual([event]);
  });
});
