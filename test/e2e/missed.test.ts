import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { bodyOf, startYardstick, type Yardstick } from './yardsticks/set-up.ts';

// What was accepted while a subscription was inactive, or before there was one, is sent afterwards: once.

let world: Yardstick;
beforeAll(async () => {
  world = await startYardstick('missed');
});
afterAll(() => world.close());

interface Job {
  id: string;
  state: string;
  total: number;
  done: number;
}

async function replayed(subscription: string): Promise<Job> {
  const { call } = world.posthorn;
  const path = `/v1/subscriptions/${subscription}/replay`;
  const { status, body } = await call<Job>('POST', path, { outcomes: ['missed'] });
  expect(status).toBe(202);
  return waitFor('the replay to end', async () => {
    const { body: job } = await call<Job>('GET', `/v1/replays/${body.id}`);
    return job.state === 'done' && job;
  });
}

/** Publishes, and waits until fan-out has recorded them. */
async function accepted(organization: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const event = { organization, type: 'visit.ended', resource_id: String(n), data: { n } };
    ids.push((await world.posthorn.publish(event)).body.id);
  }
  await waitFor('all to be recorded', async () => {
    const { body } = await world.posthorn.call<{ data: object[] }>('GET', `/v1/events?organization=${organization}`);
    return body.data.length >= count;
  });
  return ids;
}

describe('what a subscription has missed', () => {
  it('while it was inactive is told by the activation, and sent by a replay: once, in order', async () => {
    const organization = world.organization();
    const path = `/${organization}`;
    const { call, subscribe } = world.posthorn;
    const { id } = await subscribe({ organization, url: world.receiver.url(path) });
    await call('PATCH', `/v1/subscriptions/${id}`, { active: false });
    const events = await accepted(organization, 3);

    const { body } = await call<{ missed: object }>('PATCH', `/v1/subscriptions/${id}`, { active: true });
    expect(body.missed).toMatchObject({ count: 3 });
    expect(world.receiver.requests(path)).toEqual([]);
    expect(await replayed(id)).toMatchObject({ total: 3, done: 3 });
    expect(await replayed(id)).toMatchObject({ total: 0, done: 0 });

    const requests = world.receiver.requests(path);
    expect(requests.map((request) => bodyOf(request).id).sort()).toEqual(events);
    // The events know of it: it can be found, looked at, and sent again.
    const event = await call<{ deliveries: object[] }>('GET', `/v1/events/${events[0]}`);
    expect(event.body.deliveries).toMatchObject([{ subscription_id: id, outcome: 'delivered' }]);
    expect((await call('POST', `/v1/deliveries/${events[0]}/${id}/redeliver`)).status).toBe(202);
    await world.received(path, 4);
  });

  it('before it existed goes to the new one alone, in its format', async () => {
    const organization = world.organization();
    const [first, second] = [`/${organization}/first`, `/${organization}/second`] as const;
    const { subscribe } = world.posthorn;
    const { id: known } = await subscribe({ organization, url: world.receiver.url(first) });
    const [event] = await accepted(organization, 1);
    await world.settledLog(known, 1);
    const { id } = await subscribe({ organization, url: world.receiver.url(second), format: 'thin' });

    expect(await replayed(id)).toMatchObject({ total: 1, done: 1 });

    const [request] = await world.received(second, 1);
    expect(bodyOf(request!)).toMatchObject({ id: event });
    expect(bodyOf(request!)).not.toHaveProperty('data');
    expect(world.receiver.requests(first)).toHaveLength(1);
  });
});

describe('what failed at several customers', () => {
  it('is sent again by one job, to each its own', async () => {
    const customers = [];
    for (let n = 0; n < 3; n++) {
      const organization = world.organization();
      const path = `/${organization}`;
      let isUp = false;
      world.receiver.answer(path, () => (isUp ? 200 : 410));
      const { id } = await world.posthorn.subscribe({ organization, url: world.receiver.url(path) });
      await accepted(organization, 1);
      await world.settledLog(id, 1);
      customers.push({ id, path, mend: () => (isUp = true) });
    }
    const deliveries: object[] = [];
    for (const { id, mend } of customers) {
      mend();
      await world.posthorn.call('PATCH', `/v1/subscriptions/${id}`, { active: true });
      const [line] = await world.posthorn.attempts(id);
      deliveries.push({ event: line!.event_id, subscription: id });
    }

    const { call } = world.posthorn;
    const dry = await call('POST', '/v1/deliveries/redeliver?dry_run=true', { deliveries });
    expect(dry.body).toEqual({ count: 3, left_out: 0 });
    const { body } = await call<Job>('POST', '/v1/deliveries/redeliver', { deliveries });
    const job = await waitFor('the job to end', async () => {
      const { body: now } = await call<Job>('GET', `/v1/replays/${body.id}`);
      return now.state === 'done' && now;
    });

    expect(job).toMatchObject({ of: 'deliveries', total: 3, done: 3 });
    for (const { path } of customers) expect(world.receiver.requests(path)).toHaveLength(2);
  });
});
