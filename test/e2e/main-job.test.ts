import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, type Posthorn } from '../support/posthorn.ts';
import { startReceiver, verify, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// The whole way: HTTP, queue, table, and a receiver that verifies with a library that is not ours. The tests wait most of their time, so
// they run side by side, each with an organization of its own.

let posthorn: Posthorn;
let receiver: Receiver;
let count = 0;

beforeAll(async () => {
  posthorn = connect(inject('outputs'));
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

/** An organization of its own with one subscription to a path of its own. */
async function customer(subscription: Record<string, unknown> = {}) {
  count += 1;
  const organization = `main_${process.pid}_${count}`;
  const path = `/${organization}`;
  const { id, secret } = await posthorn.subscribe({ organization, url: receiver.url(path), ...subscription });
  return { organization, path, id, secret };
}

const visit = (organization: string, data: unknown = { id: '28540' }): Record<string, unknown> => ({
  organization,
  type: 'visit.updated',
  triggering_location: 'CLINICIAN_APP',
  resource_id: '28540',
  data,
});

const outcomes = async (subscription: string): Promise<string[]> =>
  (await posthorn.attempts(subscription)).map((attempt) => attempt.outcome).reverse();

describe.concurrent('an event', () => {
  it('reaches the subscribed endpoint once, signed, and stands in the log as delivered', async () => {
    const { organization, path, id, secret } = await customer();

    const accepted = await posthorn.publish(visit(organization));

    const request = await waitFor('the delivery', () => receiver.requests(path)[0]);
    expect(accepted.status).toBe(202);
    expect(request.headers['webhook-id']).toBe(accepted.body.id);
    expect(verify(request, secret)).toMatchObject({ id: accepted.body.id, type: 'visit.updated', organization });
    const [attempt] = await waitFor('the log', async () => {
      const log = await posthorn.attempts(id);
      return log.length > 0 && log;
    });
    expect(attempt).toMatchObject({ event_id: accepted.body.id, attempt: 1, outcome: 'delivered', status: 200 });
    expect(receiver.requests(path)).toHaveLength(1);
  });

  it('arrives with the digits, key order and blanks of its data as the producer wrote them', async () => {
    const { organization, path } = await customer();
    const data = '{"b":9007199254740993, "a":1.10,"1":1e-7,"é":"\\u00e9"}';

    const response = await fetch(`${posthorn.apiUrl}/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${posthorn.outputs.local!.ProducerApiKey!}`,
        'content-type': 'application/json',
      },
      body: `{"organization":"${organization}","type":"visit.updated","data":${data}}`,
    });

    expect(response.status).toBe(202);
    const request = await waitFor('the delivery', () => receiver.requests(path)[0]);
    expect(request.body).toContain(`"data":${data}`);
  });

  it('edited five times at once makes five deliveries, each with the state right after its edit', async () => {
    const { organization, path } = await customer();
    const states = [1, 2, 3, 4, 5].map((edit) => ({ id: '28540', edit }));

    const accepted = await posthorn.call<{ data: { id: string }[] }>(
      'POST',
      '/v1/events/batch',
      { events: states.map((data) => visit(organization, data)) },
      posthorn.outputs.local!.ProducerApiKey,
    );
    for (const state of states) state.edit = 99;

    expect(accepted.status).toBe(202);
    const requests = await waitFor('five deliveries', () => {
      const received = receiver.requests(path);
      return received.length >= 5 && received;
    });
    const bodies = requests.map((request) => JSON.parse(request.body) as { id: string; data: { edit: number } });
    expect(bodies.map((body) => body.data.edit).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(bodies.map((body) => body.id))).toEqual(new Set(accepted.body.data.map((event) => event.id)));
  });
});

describe.concurrent('an endpoint that fails', () => {
  it('twice and then answers is delivered at the third try', async () => {
    const { organization, path, id, secret } = await customer();
    receiver.answer(path, (n) => (n <= 2 ? 500 : 200));

    await posthorn.publish(visit(organization));

    await waitFor('the delivery', async () => (await outcomes(id)).includes('delivered'));
    expect(await outcomes(id)).toEqual(['failed', 'failed', 'delivered']);
    expect(receiver.requests(path)).toHaveLength(3);
    for (const request of receiver.requests(path)) verify(request, secret);
  });

  it('does not delay another URL of the same customer', async () => {
    const dead = await customer();
    const healthy = await posthorn.subscribe({
      organization: dead.organization,
      url: receiver.url(`${dead.path}/healthy`),
    });
    receiver.answer(dead.path, () => 503);

    await posthorn.publish(visit(dead.organization));

    await waitFor('the second try of the dead one', () => receiver.requests(dead.path)[1]);
    const [delivered] = receiver.requests(`${dead.path}/healthy`);
    expect(delivered!.order).toBeLessThan(receiver.requests(dead.path)[1]!.order);
    expect(await outcomes(healthy.id)).toEqual(['delivered']);
  });

  it('with 410 gets nothing more, and its subscription says why', async () => {
    const { organization, path, id } = await customer();
    receiver.answer(path, () => 410);

    await posthorn.publish(visit(organization));

    await waitFor('the log', async () => (await outcomes(id)).includes('gone'));
    const subscription = async () => (await posthorn.call('GET', `/v1/subscriptions/${id}`)).body;
    // The log and the row are written at the same time.
    await waitFor('its deactivation', async () => (await subscription()).active === false);
    expect(await subscription()).toMatchObject({ problem: expect.stringContaining('410') as string });
    expect(receiver.requests(path)).toHaveLength(1);
  });

  it('is told apart by the redirect it answers, which is not followed', async () => {
    const { organization, path, id } = await customer();
    receiver.answer(path, () => ({ status: 302, headers: { location: receiver.url(`${path}/elsewhere`) } }));

    await posthorn.publish(visit(organization));

    await waitFor('a failed attempt', async () => (await outcomes(id)).includes('failed'));
    expect(receiver.requests(`${path}/elsewhere`)).toHaveLength(0);
  });
});

describe.concurrent('a subscription', () => {
  it('deactivated between two tries cancels the delivery', async () => {
    const { organization, path, id } = await customer();
    receiver.answer(path, () => 500);
    await posthorn.publish(visit(organization));
    await waitFor('the first try', () => receiver.requests(path)[0]);

    await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { active: false });

    await waitFor('the log', async () => (await outcomes(id)).includes('cancelled'));
    expect(receiver.requests(path).length).toBeLessThan(4);
  });

  it('of another organization, account or type gets nothing', async () => {
    const { organization, path } = await customer({ events: 'visit.*' });
    const stranger = await customer();
    const account = await posthorn.subscribe({ organization, account: 'acc_2', url: receiver.url(`${path}/account`) });
    const shifts = await posthorn.subscribe({ organization, events: ['shift.*'], url: receiver.url(`${path}/shifts`) });

    await posthorn.publish({ ...visit(organization), account: 'acc_1' });

    await waitFor('the delivery', () => receiver.requests(path)[0]);
    expect(receiver.requests(stranger.path)).toHaveLength(0);
    expect(await posthorn.attempts(account.id)).toEqual([]);
    expect(await posthorn.attempts(shifts.id)).toEqual([]);
  });
});
