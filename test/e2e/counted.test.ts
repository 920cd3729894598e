import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, type Posthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  posthorn = connect(inject('outputs'));
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

interface Statistics {
  total: {
    deliveries: Record<string, number>;
    tries: { total: number; statuses: Record<string, number> };
    lateness_ms: { max: number } | null;
    bytes: number;
  };
}

describe('what is counted', () => {
  it('is what was delivered, of the subscription, its organization and everything', async () => {
    const organization = 'counted_e2e';
    let answers = 0;
    receiver.answer('/counted', () => ((answers += 1) === 1 ? 500 : 200));
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/counted') });
    await posthorn.publish({ organization, type: 'visit.ended', data: {} });

    const { total } = await waitFor('the count', async () => {
      const { body } = await posthorn.call<Statistics>('GET', `/v1/statistics?subscription=${id}`);
      return body.total.deliveries['delivered'] === 1 && body;
    });
    expect(total).toMatchObject({
      deliveries: { delivered: 1, exhausted: 0 },
      tries: { total: 2, statuses: { '2xx': 1, '5xx': 1 } },
    });
    expect(total.lateness_ms?.max).toBeGreaterThan(0);
    expect(total.bytes).toBeGreaterThan(100);
    // Rows are written one after the other.
    await waitFor('the same of its organization and of everything', async () => {
      const ofOrganization = await posthorn.call<Statistics>('GET', `/v1/statistics?organization=${organization}`);
      const all = await posthorn.call<Statistics>('GET', '/v1/statistics');
      return ofOrganization.body.total.tries.total === 2 && (all.body.total.deliveries['delivered'] ?? 0) >= 1;
    });
  });
});

describe('the status', () => {
  it('tells what one machine knows: queues, what is held and the last event, but no alarms', async () => {
    await posthorn.publish({ organization: 'counted_e2e', type: 'visit.ended', data: {} });

    const { body } = await waitFor('the event', async () => {
      const answer = await posthorn.call('GET', '/v1/status');
      return answer.body['last_event_at'] !== null && answer;
    });

    expect(body).toMatchObject({
      queues: ['events', 'deliveries', 'deliveries-slow', 'recovery'].map((name) => ({ name })),
      held: { is_complete: true },
      dead_letters: { ours: expect.any(Number) as number },
      schedules: [{ name: 'look-after' }, { name: 'reconcile' }],
      alarms: null,
    });
  });
});
