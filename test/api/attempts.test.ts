import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

interface Log {
  data: { id: string; event_id: string }[];
  next_cursor: string | null;
}

const NOW = Date.now();
const EVENT = `evt_${ulid(NOW)}`;
const PATH = `/v1/attempts?subscription=sub_1&event=${EVENT}`;

describe('the tries of one delivery', () => {
  it('come in pages, newest first, to its own organization alone', async () => {
    const tries = Array.from({ length: 120 }, (_, i) => ({
      id: attemptId(ulid(NOW - i * 1000), EVENT, 'sub_1'),
      event_id: EVENT,
      subscription_id: 'sub_1',
      organization: 'org_1',
      type: 'visit.ended',
      attempt: 1,
      attempted_ms: NOW - i * 1000,
      outcome: 'held' as const,
      url: 'https://hooks.example.com/',
      format: 'standard' as const,
    }));
    const event_id = `evt_${ulid(NOW)}`;
    const other = { ...tries[0]!, event_id, id: attemptId(ulid(NOW), event_id, 'sub_1') };
    await api.deps.attempts.append([...tries, other]);
    const key = await api.key(['organization'], 'org_1');

    const first = await api.call<Log>('GET', `${PATH}&limit=100`, { key });
    const second = await api.call<Log>('GET', `${PATH}&limit=100&cursor=${first.body.next_cursor}`, { key });

    expect([...first.body.data, ...second.body.data].map(({ id }) => id)).toEqual(tries.map(({ id }) => id));
    expect(second.body.next_cursor).toBeNull();
    const stranger = await api.key(['organization'], 'org_2');
    expect((await api.call('GET', PATH, { key: stranger })).body).toEqual({ data: [], next_cursor: null });
  });

  it('say whose fault it was that one was not made', async () => {
    const event_id = `evt_${ulid(NOW - 5000)}`;
    const line = {
      id: attemptId(ulid(NOW - 5000), event_id, 'sub_1'),
      event_id,
      subscription_id: 'sub_1',
      organization: 'org_1',
      type: 'visit.ended',
      attempt: 1,
      attempted_ms: NOW - 5000,
      outcome: 'failed' as const,
      fault: 'platform' as const,
      url: 'https://hooks.example.com/',
      format: 'standard' as const,
    };
    await api.deps.attempts.append([line]);

    const { body } = await api.call('GET', `/v1/attempts/${line.id}`, {
      key: await api.key(['organization'], 'org_1'),
    });

    expect(body).toMatchObject({ outcome: 'failed', fault: 'platform' });
  });

  it.each(['/v1/attempts?event=evt_1', `${PATH}&outcome=held`, `${PATH}&type=ping`, `${PATH}&since=2026-01-01`])(
    'are not asked for without a subscription or with a filter: %s',
    async (path) => {
      const { status, body } = await api.call('GET', path);
      expect(status).toBe(422);
      expect(body.errors).toMatchObject([{ pointer: '?event' }]);
    },
  );
});
