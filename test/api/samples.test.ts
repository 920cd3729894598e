import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// Samples of event types, through the real routes and tables. Doubled: the queue.

let api: TestApi;
let key = '';
let id = '';
beforeAll(async () => {
  api = await startApi();
  key = await api.key(['organization'], 'sampled');
  const { body } = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
    key,
    body: { url: 'https://hooks.example.com/samples', events: ['shift.*'], active: false },
  });
  id = body.id;
});
afterAll(() => api.close());
const send = (body: unknown, as = key) =>
  api.call<{ event_id: string }>('POST', `/v1/subscriptions/${id}/sample`, { key: as, body });

describe('a sample', () => {
  it('is an event of its type with the example of the catalogue, marked, for this subscription alone', async () => {
    const { status, body } = await send({ type: 'visit.ended' });

    const message = api.sent.find(({ event }) => event.id === body.event_id)!;
    expect(status).toBe(202);
    expect(message).toMatchObject({
      only: id,
      event: { organization: 'sampled', type: 'visit.ended', sample: true, triggering_location: 'API' },
    });
    expect(JSON.parse(message.event.data!)).toMatchObject({ id: '28540', status: 'cancelled' });
  });

  it('stands in the audit trail', async () => {
    await send({ type: 'shift.created' });

    expect((await api.trail(id)).at(-1)).toMatchObject({ action: 'sample.sent', object_type: 'subscription' });
  });

  it.each([[{}], [{ type: 'ping' }], [{ type: 'no.such' }], [{ type: 'visit.ended', data: {} }], [{ type: ['a'] }]])(
    'is refused as %j, and nothing is sent',
    async (body) => {
      const before = api.sent.length;

      expect((await send(body)).status).toBe(422);
      expect(api.sent).toHaveLength(before);
    },
  );

  it('of a misspelt type names the type that was meant, and cuts no word', async () => {
    const { body } = await api.call<{ errors: { detail: string }[] }>('POST', `/v1/subscriptions/${id}/sample`, {
      key,
      body: { type: 'visit.endd' },
    });

    expect(body.errors[0]!.detail).toMatch(/^expected one of visit\.ended, .*, … \(\d+ in all\)$/);
  });

  it('of somebody else is not found', async () => {
    expect((await send({ type: 'visit.ended' }, await api.key(['organization'], 'other'))).status).toBe(404);
  });
});
