import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAST_SETTINGS, startPosthorn, type LoggedAttempt, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// Endpoints that are down: held, probed, released. Three failures in a row count as down, and a probe goes out each second.

const SETTINGS = {
  ...FAST_SETTINGS,
  POSTHORN_CIRCUIT_FAILURES: '3',
  POSTHORN_CIRCUIT_SECONDS: '0',
  POSTHORN_PROBE_SECONDS: '1',
  // As many requests may be on their way when an endpoint first says that it has too many: on a machine that is busy with processes
  // of eight senders all of them were.
  POSTHORN_SENDER_CONCURRENCY: '4',
};

let posthorn: OwnPosthorn;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn({ settings: SETTINGS, isShared: true });
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
    posthorn.outputs.local!.ProducerApiKey,
  );
  return body.data.map(({ id }) => id);
}

/** The latest outcome of each event. */
async function latest(subscription: string): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  let cursor: string | null = '';
  do {
    const path = `/v1/attempts?subscription=${subscription}&limit=100${cursor && `&cursor=${cursor}`}`;
    const page: { data: LoggedAttempt[]; next_cursor: string | null } = (
      await posthorn.call<{ data: LoggedAttempt[]; next_cursor: string | null }>('GET', path)
    ).body;
    for (const { event_id, outcome } of page.data) {
      if (!outcomes.has(event_id)) outcomes.set(event_id, outcome);
    }
    cursor = page.next_cursor;
  } while (cursor !== null);
  return outcomes;
}

const notices = (kind: string, subscription: string) =>
  posthorn.platform.notices.filter(
    ({ message, attributes }) =>
      (attributes.kind === kind || attributes.detail_type === kind) && message.includes(subscription),
  );

let organizations = 0;

/** An organization that no other test has, nor this one when it is run again. */
const newOrganization = (name: string): string => `${name}_${++organizations}`;

/** A subscription whose endpoint is down, with its deliveries held. */
async function downWith(name: string, count: number) {
  const organization = newOrganization(name);
  const path = `/${organization}`;
  let up = false;
  receiver.answer(path, () => (up ? 200 : 503));
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
  const first = await publish(organization, 3);
  await waitFor('three failures', () => receiver.requests(path).length >= 3);
  const rest = await publish(organization, count - 3);
  const events = [...first, ...rest];
  await waitFor('everything to be held', async () => {
    const outcomes = await latest(id);
    return outcomes.size === count && [...outcomes.values()].every((outcome) => outcome === 'held');
  });
  return { id, path, events, recover: () => (up = true) };
}

describe('an endpoint that is down', () => {
  it('has its deliveries held and probed; when it answers they go out in event order, and operators hear of both', async () => {
    const { id, path, events, recover } = await downWith('order', 40);
    await waitFor('operators to be told', () => notices('endpoint.down', id).length === 2);
    const before = receiver.requests(path).length;
    await waitFor('three probes', () => receiver.requests(path).length >= before + 3);
    // The first may have been queued while the oldest delivery was still between two tries, hence not held.
    const probes = receiver.requests(path).slice(before + 1);
    expect(new Set(probes.map(({ body }) => idOf(body)))).toEqual(new Set([events[0]]));

    const failed = receiver.requests(path).length;
    recover();

    await waitFor('everything to arrive', () => receiver.requests(path).length >= failed + events.length);
    await waitFor('everything to be delivered', async () =>
      [...(await latest(id)).values()].every((outcome) => outcome === 'delivered'),
    );
    const received = receiver
      .requests(path)
      .slice(failed)
      .map(({ body }) => idOf(body));
    expect([...received].sort()).toEqual([...events].sort());
    // The probe first, then steps of 1, 2, 4, …; inside a step requests go out at once.
    const ends = [0, 1, 2, 4, 8, 16, 32, 40];
    const steps = ends.slice(1).map((end, n) => received.slice(ends[n], end));
    expect(steps.flatMap((step) => step.sort())).toEqual([...events].sort());
    await waitFor('operators to be told', () => notices('endpoint.recovered', id).length === 2);
    expect(await posthorn.depth('DeliveriesDeadLetterQueueUrl')).toBe(0);
  });

  it('is told of to the endpoints of its organization that ask for it, by events like any other', async () => {
    const organization = newOrganization('told');
    const [down, asks, everything, resource] = ['down', 'asks', 'everything', 'resource'].map(
      (n) => `/${organization}/${n}`,
    );
    let up = false;
    receiver.answer(down!, () => (up ? 200 : 503));
    const url = (path: string | undefined) => receiver.url(path);
    const { id } = await posthorn.subscribe({ organization, url: url(down), events: ['visit.*', 'posthorn.*'] });
    const other = await posthorn.subscribe({ organization, url: url(asks), events: ['posthorn.*'] });
    await posthorn.subscribe({ organization, url: url(everything), events: ['*'] });
    const shape = await posthorn.subscribe({
      organization,
      url: url(resource),
      events: ['posthorn'],
      format: 'resource',
    });
    await publish(organization, 3);
    const toldTypes = () => receiver.requests(asks).map(({ body }) => (JSON.parse(body) as { type: string }).type);

    await waitFor('the others to be told that it is down', () => toldTypes().includes('posthorn.endpoint.down'));
    up = true;
    await waitFor('the others to be told that it is well', () => toldTypes().includes('posthorn.endpoint.recovered'));

    const told = receiver.requests(asks).map(({ body }) => JSON.parse(body) as { id: string; data: object });
    expect(new Set(told.map((one) => one.id)).size).toBe(told.length);
    expect(told[0]).toMatchObject({ resource_id: id, data: { subscription: id, host: new URL(url(down)).host } });
    // Of the endpoint itself it is told nothing, nor who asked for everything: these are patients' events.
    for (const path of [down!, everything!]) {
      const bodies = receiver.requests(path).map(({ body }) => body);
      expect(bodies.filter((body) => body.includes('posthorn.'))).toEqual([]);
    }
    const skipped = await posthorn.call<{ data: LoggedAttempt[] }>('GET', `/v1/attempts?subscription=${shape.id}`);
    expect(skipped.body.data[0]).toMatchObject({ outcome: 'skipped', reason: 'format cannot carry resource' });
    const before = told.length;
    const path = `/v1/deliveries/${told[0]!.id}/${other.id}/redeliver`;
    expect((await posthorn.call('POST', path)).status).toBe(202);
    await waitFor('the same once more', () => receiver.requests(asks).length > before);
    expect(receiver.requests(asks).at(-1)!.body).toBe(receiver.requests(asks)[0]!.body);
  });

  it('has what is held for it end as cancelled when its subscription is deleted', async () => {
    const { id, path, events } = await downWith('deleted', 40);
    expect((await posthorn.call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(204);
    const asked = receiver.requests(path).length;

    await waitFor('everything to be cancelled', async () => {
      const outcomes = await latest(id);
      return events.every((event) => outcomes.get(event) === 'cancelled');
    });
    // A probe may have been under way.
    expect(receiver.requests(path).length).toBeLessThanOrEqual(asked + 1);
    expect(notices('endpoint.recovered', id)).toEqual([]);
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
    const taken = new Set<string>();
    // Answers the probe and four more, then nothing until it is asked ten times more: a step of the release, and probes.
    receiver.answer(path, (n, { body }) => {
      if (n - failed > 5 && n - failed <= 15) return 503;
      taken.add(idOf(body));
      return 200;
    });
    recover();

    await waitFor('everything to arrive', () => taken.size === events.length, 60_000);
    await waitFor('everything to be delivered', async () => {
      const outcomes = await latest(id);
      return events.every((event) => outcomes.get(event) === 'delivered');
    });
    const held = (await posthorn.attempts(id)).filter(({ outcome }) => outcome === 'held');
    expect(held.length).toBeGreaterThan(new Set(held.map(({ event_id }) => event_id)).size);
  });
});

describe('an endpoint that answers 410', () => {
  it('has its subscription switched off, and operators and other systems are told', async () => {
    const organization = newOrganization('gone');
    receiver.answer('/gone', () => 410);
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/gone') });
    await publish(organization, 1);

    await waitFor('both to be told', () => notices('subscription.deactivated', id).length === 2);

    expect((await posthorn.call('GET', `/v1/subscriptions/${id}`)).body).toMatchObject({ active: false });
    for (const { message } of notices('subscription.deactivated', id)) expect(message).toContain('gone_at');
  });
});

interface ReplayView {
  id: string;
  state: string;
  total: number;
  done: number;
  failed: number;
  remaining: number;
}

describe('a replay', () => {
  it('sends what was not delivered once more, with the same ids and bytes, and tells how far it is', async () => {
    const organization = newOrganization('replayed');
    const path = `/${organization}`;
    let up = false;
    receiver.answer(path, () => (up ? 200 : 400));
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
    const [event] = await publish(organization, 1);
    await waitFor('the end of its tries or its being held', async () =>
      ['exhausted', 'held'].includes((await latest(id)).get(event!) ?? ''),
    );
    await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { active: false });
    up = true;
    const delivered = await posthorn.subscribe({ organization, url: receiver.url(`${path}/healthy`) });
    await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { active: true });
    await waitFor('it to be delivered or given up', async () =>
      ['exhausted', 'delivered'].includes((await latest(id)).get(event!) ?? ''),
    );
    const others = await publish(organization, 5);
    await waitFor('the others', async () => (await latest(delivered.id)).size === others.length);
    // One that is held for a moment more, or about to be tried, would not be counted.
    await waitFor('the end of all', async () => {
      const ends = [...(await latest(id)).values()];
      return ends.length === others.length + 1 && ends.every((end) => ['delivered', 'exhausted'].includes(end));
    });
    const since = '2026-01-01T00:00:00.000Z';
    const outcomes = ['delivered', 'exhausted', 'pending'];

    const dry = await posthorn.call('POST', `/v1/subscriptions/${id}/replay?dry_run=true`, { since, outcomes });
    const { status, body } = await posthorn.call<ReplayView>('POST', `/v1/subscriptions/${id}/replay`, {
      since,
      outcomes,
    });

    expect(dry.body).toEqual({ count: 6 });
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'running', total: 6, done: 0, failed: 0, remaining: 6 });
    const done = await waitFor('the replay to be done', async () => {
      const { body: replay } = await posthorn.call<ReplayView>('GET', `/v1/replays/${body.id}`);
      return replay.state === 'done' && replay;
    });
    expect(done).toMatchObject({ total: 6, done: 6, failed: 0, remaining: 0 });
    const byEvent = Map.groupBy(receiver.requests(path), ({ body: text }) => idOf(text));
    for (const one of [event!, ...others]) {
      const requests = byEvent.get(one)!;
      expect(requests.length).toBeGreaterThanOrEqual(2);
      expect(new Set(requests.map(({ body: text }) => text)).size).toBe(1);
      expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([one]));
    }
    const { body: list } = await posthorn.call<{ data: ReplayView[] }>('GET', `/v1/replays?subscription=${id}`);
    expect(list.data.map((replay) => replay.id)).toEqual([body.id]);
  });

  it('does not send on what somebody cancelled', async () => {
    const organization = newOrganization('cancelled');
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(`/${organization}`) });
    const events = await publish(organization, 5);
    await waitFor('the deliveries', () => receiver.requests(`/${organization}`).length === events.length);
    await waitFor('the log', async () => (await latest(id)).size === events.length);

    const { body } = await posthorn.call<ReplayView>('POST', `/v1/subscriptions/${id}/replay`, {
      outcomes: ['delivered'],
      rate_per_second: 1,
    });
    const { body: cancelled } = await posthorn.call<ReplayView>('POST', `/v1/replays/${body.id}/cancel`);

    expect(cancelled.state).toBe('cancelled');
    expect((await posthorn.call<ReplayView>('GET', `/v1/replays/${body.id}`)).body.state).toBe('cancelled');
  });
});

describe('a redelivery', () => {
  it('sends a delivered event again, with the same id and bytes, and adds to the log', async () => {
    const organization = newOrganization('redelivered');
    const path = `/${organization}`;
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
    const [event] = await publish(organization, 1);
    await waitFor('the delivery', async () => (await latest(id)).size === 1);

    const { status, body } = await posthorn.call('POST', `/v1/deliveries/${event}/${id}/redeliver`);

    expect(status).toBe(202);
    expect(body).toEqual({ event_id: event, subscription_id: id });
    const [first, second] = await waitFor('the second request', () => {
      const requests = receiver.requests(path);
      return requests.length === 2 && requests;
    });
    expect(second!.body).toBe(first!.body);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    await waitFor('the log', async () => (await posthorn.attempts(id)).length === 2);
  });

  it('of an event that never was for this subscription, or of a foreign one, does not exist', async () => {
    const organization = newOrganization('theirs');
    const mine = await posthorn.subscribe({ organization: newOrganization('mine'), url: receiver.url('/mine') });
    const theirs = await posthorn.subscribe({ organization, url: receiver.url(`/${organization}`) });
    const [event] = await publish(organization, 1);
    await waitFor('the delivery', () => receiver.requests(`/${organization}`)[0]);

    const answers = await Promise.all(
      [
        `/v1/deliveries/${event}/${mine.id}/redeliver`,
        `/v1/deliveries/evt_01K0000000000000000000000/${theirs.id}/redeliver`,
        `/v1/deliveries/${event}/sub_none/redeliver`,
      ].map((path) => posthorn.call('POST', path)),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

describe('a paused subscription', () => {
  it('is sent nothing; resumed, it gets all of 200 events, in event order', async () => {
    const organization = newOrganization('paused');
    const path = `/${organization}`;
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
    const pause = await posthorn.call<{ health: object }>('POST', `/v1/subscriptions/${id}/pause`);
    expect(pause.body).toMatchObject({ paused: true, health: { state: 'paused' } });
    const events = [...(await publish(organization, 100)), ...(await publish(organization, 100))];
    await waitFor('everything to be held', async () => {
      const { body } = await posthorn.call<{ health: { held?: { count: number } } }>('GET', `/v1/subscriptions/${id}`);
      return body.health.held?.count === events.length;
    });
    expect(receiver.requests(path)).toEqual([]);

    await posthorn.call('POST', `/v1/subscriptions/${id}/resume`);

    await waitFor('everything to arrive', () => receiver.requests(path).length >= events.length, 90_000);
    await waitFor('everything to be delivered', async () => {
      const outcomes = await latest(id);
      return events.every((event) => outcomes.get(event) === 'delivered');
    });
    const received = receiver.requests(path).map(({ body }) => idOf(body));
    expect([...received].sort()).toEqual([...events].sort());
    // Steps of 1, 2, 4, … and the rest; inside a step requests go out at once.
    const ends = [0, 1, 3, 7, 15, 31, 63, 127, 200];
    const steps = ends.slice(1).map((end, n) => received.slice(ends[n], end));
    expect(steps.flatMap((step) => step.sort())).toEqual([...events].sort());
  }, 120_000);
});

describe('an endpoint that takes 20 requests a second and answers 429 beyond', () => {
  it('gets a burst of 200 without one being given up, and hardly any of them twice', async () => {
    const organization = newOrganization('busy');
    const path = `/${organization}`;
    const perSecond = new Map<string, number>();
    const taken = new Set<string>();
    // Seconds of who sends, not of this process: while it has no processor, requests of some of them wait for it, and would count as
    // those of one.
    receiver.answer(path, (_, { headers, body }) => {
      const second = String(headers['webhook-timestamp']);
      const count = (perSecond.get(second) ?? 0) + 1;
      perSecond.set(second, count);
      if (count > 20) return { status: 429, headers: { 'retry-after': '1' } };
      taken.add(idOf(body));
      return 200;
    });
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
    const events = (await Promise.all(Array.from({ length: 2 }, () => publish(organization, 100)))).flat();

    await waitFor('everything to arrive', () => taken.size === events.length, 180_000);
    await waitFor('everything to be over', async () => {
      const outcomes = await latest(id);
      return events.every((event) => ['delivered', 'exhausted'].includes(outcomes.get(event) ?? ''));
    });

    expect(new Set((await latest(id)).values())).toEqual(new Set(['delivered']));
    expect(receiver.requests(path).length).toBeLessThanOrEqual(1.25 * events.length);
  }, 200_000);
});
