import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAST_SETTINGS, startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// Endpoints that are down: held, probed, released. Three failures in a row count as down, and a probe goes out each second.

const SETTINGS = {
  ...FAST_SETTINGS,
  POSTHORN_CIRCUIT_FAILURES: '3',
  POSTHORN_CIRCUIT_SECONDS: '0',
  POSTHORN_PROBE_SECONDS: '1',
};

let posthorn: OwnPosthorn;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn({ settings: SETTINGS });
});
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
});

const idOf = (body: string): string => (JSON.parse(body) as { id: string }).id;

async function publish(organization: string, count: number): Promise<string[]> {
  const events = Array.from({ length: count }, (_, n) => ({ organization, type: 'visit.updated', data: { n } }));
  const { body } = await posthorn.call<{ data: { id: string }[] }>(
    'POST',
    '/v1/events/batch',
    { events },
    posthorn.outputs.local!.ProducerApiKey!,
  );
  return body.data.map(({ id }) => id);
}

/** The latest outcome of each event. */
async function latest(subscription: string): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  for (const { event_id, outcome } of await posthorn.attempts(subscription)) {
    if (!outcomes.has(event_id)) outcomes.set(event_id, outcome);
  }
  return outcomes;
}

const notices = (kind: string, subscription: string) =>
  posthorn.platform.notices.filter(
    ({ message, attributes }) =>
      (attributes.kind === kind || attributes.detail_type === kind) && message.includes(subscription),
  );

/** A subscription whose endpoint is down, with its deliveries held. */
async function downWith(organization: string, count: number) {
  const path = `/${organization}`;
  let up = false;
  receiver.answer(path, () => (up ? 200 : 503));
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
  const first = await publish(organization, 3);
  await waitFor('three failures', () => receiver.requests(path).length >= 3);
  const rest = await publish(organization, count - 3);
  const events = [...first, ...rest];
  await waitFor('everything to be held or probed', async () => {
    const outcomes = await latest(id);
    const held = [...outcomes.values()].filter((outcome) => outcome === 'held').length;
    return outcomes.size === count && held >= count - 1;
  });
  return { id, path, events, recover: () => (up = true) };
}

describe('an endpoint that is down', () => {
  it('has its deliveries held and probed; when it answers they go out in event order, and operators hear of both', async () => {
    const { id, path, events, recover } = await downWith('order', 40);
    await waitFor('operators to be told', () => notices('endpoint.down', id).length === 2);
    const before = receiver.requests(path).length;
    await waitFor('two probes', () => receiver.requests(path).length >= before + 2);
    const probes = receiver.requests(path).slice(before);
    expect(new Set(probes.map(({ body }) => idOf(body)))).toEqual(new Set([events[0]]));

    const failed = receiver.requests(path).length;
    recover();

    await waitFor('everything to be delivered', async () =>
      [...(await latest(id)).values()].every((outcome) => outcome === 'delivered'),
    );
    const received = receiver
      .requests(path)
      .slice(failed)
      .map(({ body }) => idOf(body));
    expect([...received].sort()).toEqual([...events].sort());
    // The probe first, then steps of 10, 20, …; inside a step requests go out at once.
    const steps = [received.slice(0, 1), received.slice(1, 11), received.slice(11, 31), received.slice(31)];
    expect(steps.flatMap((step) => step.sort())).toEqual([...events].sort());
    await waitFor('operators to be told', () => notices('endpoint.recovered', id).length === 2);
    expect(await posthorn.depth('DeliveriesDeadLetterQueueUrl')).toBe(0);
  });

  it('whose URL is changed is tried at once', async () => {
    const { id, path, events } = await downWith('moved', 10);

    await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { url: receiver.url(`${path}/new`) });

    await waitFor('everything at the new URL', () => receiver.requests(`${path}/new`).length >= events.length);
    expect(
      receiver
        .requests(`${path}/new`)
        .map(({ body }) => idOf(body))
        .sort(),
    ).toEqual([...events].sort());
  });

  it('goes down again in the middle of the release: the rest is held again and nothing is lost', async () => {
    const { id, path, events, recover } = await downWith('relapse', 30);
    const failed = receiver.requests(path).length;
    // Answers the probe and four more, then nothing until it is asked five times more.
    receiver.answer(path, (n) => (n - failed <= 5 || n - failed > 30 ? 200 : 503));
    recover();

    await waitFor(
      'everything to be delivered',
      async () => {
        const outcomes = await latest(id);
        return events.every((event) => outcomes.get(event) === 'delivered');
      },
      60_000,
    );
  });
});
