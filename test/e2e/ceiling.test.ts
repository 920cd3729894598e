import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoggedAttempt, Posthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';
import { connectAtOnce } from './at-once.ts';

// A subscription with `rate_per_second`: what comes at once goes out at that pace.

const PER_SECOND = 5;

let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await connectAtOnce();
});
afterAll(() => receiver.close());

const idOf = ({ headers }: { headers: Record<string, unknown> }): string => String(headers['webhook-id']);

/** Publishes so many events at once. @returns their ids in the order of the events. */
async function publishAll(organization: string, count: number): Promise<string[]> {
  const published = await Promise.all(
    Array.from({ length: count }, () => posthorn.publish({ organization, type: 'visit.updated', data: {} })),
  );
  return published.map(({ body }) => body.id).toSorted();
}

async function linesOf(subscription: string, outcome: string): Promise<LoggedAttempt[]> {
  const path = `/v1/attempts?subscription=${subscription}&outcome=${outcome}&limit=100`;
  return (await posthorn.call<{ data: LoggedAttempt[] }>('GET', path)).body.data;
}

describe.concurrent('a subscription that takes 5 a second', () => {
  it('gets 30 events that come at once: all of them, in order, and never more than 5 in a second', async () => {
    const organization = 'ceiling_burst';
    const path = `/${organization}`;
    receiver.answer(path, () => 200);
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path), rate_per_second: PER_SECOND });

    const ids = await publishAll(organization, 30);

    const taken = (): string[] => [...new Set(receiver.requests(path).map(idOf))];
    const delivered = async (): Promise<LoggedAttempt[]> => linesOf(id, 'delivered');
    await waitFor('all to be delivered', async () => (await delivered()).length >= ids.length, 120_000);
    expect(taken().toSorted()).toEqual(ids);
    // What is let go in one step, five seconds of it, may come out of SQS in any order.
    const far = taken().filter((event, n) => Math.abs(ids.indexOf(event) - n) >= 5 * PER_SECOND);
    expect(far).toEqual([]);
    const times = (await delivered()).map(({ attempted_at }) => Date.parse(attempted_at)).toSorted((a, b) => a - b);
    // A fifth of a second less: on a machine that does other things a request may leave that much after its turn.
    const tooFast = times.filter((ms, n) => (times[n + PER_SECOND] ?? Infinity) - ms < 800);
    expect(tooFast).toEqual([]);
    const { body } = await posthorn.call<{ health: { state: string } }>('GET', `/v1/subscriptions/${id}`);
    expect(body.health.state).toBe('healthy');
  }, 180_000);

  it('gets what it refuses as often as anybody, and no oftener', async () => {
    const organization = 'ceiling_refuses';
    const path = `/${organization}`;
    receiver.answer(path, () => 422);
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path), rate_per_second: 50 });
    await posthorn.publish({ organization, type: 'visit.updated', data: {} });

    const isExhausted = async (): Promise<boolean> => (await linesOf(id, 'exhausted')).length > 0;
    await waitFor('it to be exhausted', isExhausted, 120_000);
    expect(receiver.requests(path)).toHaveLength(4);
  }, 180_000);
});
