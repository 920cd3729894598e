import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeHandler, type Delivery } from '../../receiver/src/index.ts';
import { waitFor } from '../support/wait-for.ts';
import { startYardstick, type Yardstick } from './yardsticks/set-up.ts';

// The kit as a customer runs it, against the running platform.

let world: Yardstick;
beforeAll(async () => void (world = await startYardstick('kit')));
afterAll(() => world.close());

const closers: (() => void)[] = [];
afterAll(() => closers.forEach((close) => close()));

/** A customer's server made with the kit. */
async function customer() {
  const state = { secrets: [] as string[], taken: [] as Delivery[], failures: 0, errors: [] as unknown[] };
  const handle = createNodeHandler(
    { secrets: () => state.secrets, onError: (error) => state.errors.push(error) },
    async (delivery) => {
      if (state.failures-- > 0) throw new Error('The database is away.');
      state.taken.push(delivery);
    },
  );
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const organization = world.organization();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  const subscription = await world.posthorn.subscribe({ organization, url });
  state.secrets = [subscription.secret];
  const publish = async (data: object = { id: '28540' }): Promise<string> =>
    (await world.posthorn.publish({ organization, type: 'visit.updated', data })).body.id;
  return { ...subscription, state, publish };
}

describe.concurrent("a customer's server made with the kit", () => {
  it('takes what the platform sends', async () => {
    const { id, state, publish } = await customer();
    const event = await publish({ name: 'Zoë' });
    expect(await world.settledLog(id, 1)).toMatchObject([{ outcome: 'delivered', status: 200 }]);
    expect(state.taken).toMatchObject([{ id: event, body: { data: { name: 'Zoë' } } }]);
    expect(state.errors).toEqual([]);
  });

  it('gets again what it could not store, with the same id', async () => {
    const { id, state, publish } = await customer();
    state.failures = 1;
    const event = await publish();
    const log = await world.settledLog(id, 1);
    expect(log.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['failed', 500],
      ['delivered', 200],
    ]);
    expect(state.taken.map((delivery) => delivery.id)).toEqual([event]);
  });

  it('goes on through a rotation with the old secret alone, with both, and with the new one alone', async () => {
    const { id, secret, state, publish } = await customer();
    const rotated = await world.posthorn.call<{ secret: string }>('POST', `/v1/subscriptions/${id}/rotate-secret`, {});
    for (const secrets of [[secret], [rotated.body.secret, secret]]) {
      state.secrets = secrets;
      const before = state.taken.length;
      await publish();
      await waitFor('the delivery', () => state.taken.length > before);
    }
    expect(rotated.status).toBe(200);
    expect(state.errors).toEqual([]);
  });

  it('answers 401 to a platform whose secret it does not have', async () => {
    const { id, state, publish } = await customer();
    state.secrets = ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='];
    await publish();
    expect(await world.settledLog(id, 1)).toMatchObject(Array(4).fill({ status: 401 }));
    expect(state.taken).toEqual([]);
  });
});
