import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPosthorn, type LoggedAttempt, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// Quiet endpoints: too few failures for a circuit to open. Exhausted deliveries are tried again after 2, 4, 4, … seconds.

const SETTINGS = { POSTHORN_RETRY_DELAYS: '0,0,0', POSTHORN_PROBE_SECONDS: '1', POSTHORN_HEAL_SECONDS: '2,4' };

interface Line extends LoggedAttempt {
  automatic?: true;
  final?: true;
  replay?: string;
}

interface Health {
  failures: number;
  healing?: { event_id: string };
}

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

const idOf = ({ headers }: { headers: Record<string, unknown> }): string => String(headers['webhook-id']);

async function publish(organization: string): Promise<string> {
  return (await posthorn.publish({ organization, type: 'visit.updated', data: {} })).body.id;
}

/** A subscription whose endpoint answers as it is told. @param answers by how many requests there were, from 1, and the event. */
async function subscribed(name: string, answers: (n: number, event: string) => number, attributes = {}) {
  const organization = `heal_${name}`;
  const path = `/${organization}`;
  receiver.answer(path, (n, request) => answers(n, idOf(request)));
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(path), ...attributes });
  // Of this event alone: a page of all may end before the oldest one.
  const ofEvent = async (event: string): Promise<Line[]> => {
    const path = `/v1/attempts?subscription=${id}&event=${event}&limit=100`;
    return (await posthorn.call<{ data: Line[] }>('GET', path)).body.data.toReversed();
  };
  return {
    id,
    organization,
    ofEvent,
    /** Its health once this holds of it: the row is written after the log. */
    health: async (holds: (health: Health) => boolean): Promise<Health> => {
      let health: Health | undefined;
      await waitFor('its health to be written', async () => {
        ({ health } = (await posthorn.call<{ health: Health }>('GET', `/v1/subscriptions/${id}`)).body);
        return holds(health);
      });
      return health!;
    },
    requests: (event: string) => receiver.requests(path).filter((one) => idOf(one) === event).length,
    until: (event: string, outcome: string) =>
      waitFor(`${event} to be ${outcome}`, async () => (await ofEvent(event)).at(-1)?.outcome === outcome, 30_000),
    replays: async () =>
      (
        await posthorn.call<{ data: { automatic?: true; done: number; state: string }[] }>(
          'GET',
          `/v1/replays?subscription=${id}`,
        )
      ).body.data,
  };
}

/** As an operator does, from the console of SQS. */
async function redriveDeadLetters(): Promise<void> {
  const QueueUrl = posthorn.output('DeliveriesDeadLetterQueueUrl');
  const { Attributes } = await posthorn.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  await posthorn.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes!.QueueArn! }));
}

describe('a quiet endpoint that is out of order for a few minutes', () => {
  it('gets all of the outage as an automatic replay at its first success, in event order; the dead letters are skipped then', async () => {
    let up = false;
    const endpoint = await subscribed('rest', () => (up ? 200 : 503));
    const events = [
      await publish(endpoint.organization),
      await publish(endpoint.organization),
      await publish(endpoint.organization),
    ];
    for (const event of events) await endpoint.until(event, 'exhausted');
    up = true;
    const other = await publish(endpoint.organization);

    for (const event of [other, ...events]) await endpoint.until(event, 'delivered');

    await waitFor('the replay to end', async () => (await endpoint.replays()).some(({ state }) => state === 'done'));
    expect(await endpoint.replays()).toMatchObject([{ automatic: true }]);
    for (const event of events) {
      const delivered = (await endpoint.ofEvent(event)).filter(({ outcome }) => outcome === 'delivered');
      expect(delivered).toMatchObject([{ automatic: true }]);
    }
    const before = events.map(endpoint.requests);
    await redriveDeadLetters();
    await waitFor(
      'the dead letters to be worked on',
      async () => (await posthorn.depth('DeliveriesDeadLetterQueueUrl')) === 0,
    );
    await waitFor('the queue to be empty', async () => (await posthorn.depth('DeliveriesQueueUrl')) === 0);
    expect(events.map(endpoint.requests)).toEqual(before);
    for (const event of events) expect((await endpoint.ofEvent(event)).at(-1)?.outcome).toBe('delivered');
  });
});

// Behind the redrive, which moves everybody's dead letters, the tests run side by side.
describe.concurrent('a quiet endpoint that is out of order for a few minutes', () => {
  it('gets its one event within one step of answering again, with no request too many', async () => {
    const endpoint = await subscribed('quiet', (n) => (n <= 4 ? 500 : 200));
    const event = await publish(endpoint.organization);
    await endpoint.until(event, 'exhausted');
    const { healing } = await endpoint.health(({ healing }) => healing !== undefined);

    await endpoint.until(event, 'delivered');

    expect(healing).toMatchObject({ event_id: event });
    expect((await endpoint.ofEvent(event)).map(({ outcome, automatic }) => [outcome, automatic])).toEqual([
      ['failed', undefined],
      ['failed', undefined],
      ['failed', undefined],
      ['exhausted', undefined],
      ['delivered', true],
    ]);
    await endpoint.health(({ healing: left, failures }) => left === undefined && failures === 0);
    expect(await endpoint.replays()).toEqual([]);
    expect(endpoint.requests(event)).toBe(5);
  });
});

describe.concurrent('an event that its endpoint refuses while it takes others', () => {
  it('ends: it is part of two automatic replays at most, and nothing asks for it again', async () => {
    let poison = '';
    const endpoint = await subscribed('poison', (_, event) => (event === poison ? 500 : 200));
    poison = await publish(endpoint.organization);
    await endpoint.until(poison, 'exhausted');

    await waitFor(
      'it to be refused for good',
      async () => {
        await publish(endpoint.organization);
        return (await endpoint.ofEvent(poison)).some(({ final }) => final);
      },
      60_000,
    );

    const lines = await endpoint.ofEvent(poison);
    expect(lines.at(-1)).toMatchObject({ outcome: 'exhausted', final: true });
    expect(new Set(lines.flatMap(({ replay }) => replay ?? [])).size).toBeLessThanOrEqual(2);
    await endpoint.health(({ healing }) => healing === undefined);
  });
});

describe.concurrent('a subscription that wants no tries after the fourth', () => {
  it.each([
    ['because it says so', { heal_hours: 0 }],
    ['because its format promises three retries', { format: 'resource' }],
  ])('%s has its event stay exhausted', async (name, attributes) => {
    const endpoint = await subscribed(name.replaceAll(' ', '_'), (n) => (n <= 4 ? 500 : 200), attributes);
    const event = await publish(endpoint.organization);
    await endpoint.until(event, 'exhausted');

    const { healing } = await endpoint.health(({ failures }) => failures === 4);

    expect(healing).toBeUndefined();
    expect(endpoint.requests(event)).toBe(4);
  });
});
