import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// A default stays a default: what nobody gave is not stored, so that a later change of what it derives from takes effect.

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

interface View {
  id: string;
  success: string;
  timeout_seconds: number;
  defaults: string[];
}

let made = 0;
const create = async (fields: Record<string, unknown> = {}): Promise<View> => {
  const body = { organization: 'org_1', url: `https://hooks.example.com/${(made += 1)}`, ...fields };
  const answer = await api.call<View>('POST', '/v1/subscriptions', { body });
  expect(answer.status).toBe(201);
  return answer.body;
};
const patch = async (id: string, body: Record<string, unknown>): Promise<View> =>
  (await api.call<View>('PATCH', `/v1/subscriptions/${id}`, { body })).body;
const stored = (id: string) => api.deps.subscriptions.get('org_1', id);

describe('a subscription', () => {
  it('is stored with what was given, and answered with what is in effect', async () => {
    const { id, ...view } = await create({ description: 'theirs' });

    expect(Object.keys((await stored(id))!).sort()).toEqual(
      ['changed_by', 'created_at', 'description', 'id', 'organization', 'updated_at', 'url'].sort(),
    );
    expect(view).toMatchObject({
      active: true,
      events: ['*'],
      format: 'standard',
      success: '2xx',
      timeout_seconds: 10,
    });
    expect(view.defaults).toEqual(['active', 'events', 'format', 'success', 'timeout_seconds']);
  });

  it('keeps what was given, also where it is the default', async () => {
    const given = { active: true, events: '*', format: 'standard', success: '2xx', timeout_seconds: 10 };

    const { id, defaults } = await create(given);

    expect(await stored(id)).toMatchObject({ ...given, events: ['*'] });
    expect(defaults).toEqual([]);
  });

  it.each([
    ['standard', 'envelope', '200'],
    ['envelope', 'standard', '2xx'],
    ['envelope', 'thin', '2xx'],
  ])('made as %s counts after a change to %s what that format asks for: %s', async (before, after, success) => {
    const { id } = await create({ format: before });

    expect(await patch(id, { format: after })).toMatchObject({ format: after, success });
    expect(await stored(id)).not.toHaveProperty('success');
  });

  it('keeps a rule that somebody chose through a change of its format, until null takes it back', async () => {
    const { id } = await create({ success: '200', timeout_seconds: 5 });

    expect(await patch(id, { format: 'thin' })).toMatchObject({ success: '200', timeout_seconds: 5 });
    expect(await patch(id, { success: null, timeout_seconds: null })).toMatchObject({
      success: '2xx',
      timeout_seconds: 10,
      defaults: ['active', 'events', 'success', 'timeout_seconds'],
    });
  });

  it('installed by /webhook-events counts 200 alone, because its format does', async () => {
    const body = { organization: 'org_1', url: 'https://hooks.example.com/installed', events: 'visit.*' };

    const { status, body: answer } = await api.call<View>('POST', '/webhook-events', { body });

    expect(status).toBe(201);
    const { id, ...rest } = answer;
    expect(rest).toEqual({ ...body, active: true });
    expect((await api.call<View>('GET', `/v1/subscriptions/${id}`)).body.success).toBe('200');
    expect(await stored(id)).not.toHaveProperty('success');
  });
});
