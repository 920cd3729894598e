import { StartMessageMoveTaskCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Faults } from '../../local/services.ts';
import { FAST_SETTINGS, startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { SkippingClock } from '../support/skipping-clock.ts';
import { waitFor } from '../support/wait-for.ts';

// Whatever breaks between an accepted event and its line in the log, the event ends in a final state. Each crash point is
// a call to AWS that fails, before or after it was carried out; then the clock skips the queues' visibility timeouts. The
// reconciler runs each second and calls stuck what is not over after three.

const SETTINGS = {
  ...FAST_SETTINGS,
  POSTHORN_RECONCILE_SECONDS: '1',
  POSTHORN_STUCK_SECONDS: '3',
};
const VISIBILITY_MS = 13 * 60_000;

/** The calls that fail at present. */
let broken: Faults = {};
let clock: SkippingClock;
let posthorn: OwnPosthorn;
let receiver: Receiver;

beforeAll(async () => {
  clock = new SkippingClock();
  receiver = await startReceiver();
  posthorn = await startPosthorn({
    settings: SETTINGS,
    clock,
    faults: { sqs: (call) => broken.sqs?.(call), dynamoDb: (call) => broken.dynamoDb?.(call) },
  });
});
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
});
beforeEach(() => {
  broken = {};
});

const outcomesOf = async (subscription: string): Promise<string[]> =>
  (await posthorn.attempts(subscription)).map(({ outcome }) => outcome);

/** Looks every 200 ms, each time as if the queues' visibility timeouts had passed since. */
function after<T>(read: () => Promise<T>): () => Promise<T> {
  return async () => {
    clock.skip(VISIBILITY_MS);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return read();
  };
}

interface CrashPoint {
  name: string;
  /** An action on a queue or table, how it fails, and how often in a row. */
  sqs?: { action: string; queue: string; when: 'before' | 'after'; times: number };
  dynamoDb?: { action: string; table: string; when: 'before' | 'after'; times: number };
}

const ALWAYS = 1_000;
const CRASH_POINTS: CrashPoint[] = [
  {
    name: 'ingest dies when SQS has the event but nobody was told',
    sqs: { action: 'sqs:SendMessage', queue: 'EventsQueue', when: 'after', times: 1 },
  },
  {
    name: 'fan-out dies before it records the event',
    dynamoDb: { action: 'dynamodb:PutItem', table: 'Events', when: 'before', times: 3 },
  },
  {
    name: 'fan-out dies when the event is recorded but it was not told',
    dynamoDb: { action: 'dynamodb:PutItem', table: 'Events', when: 'after', times: 3 },
  },
  {
    name: 'fan-out dies before a delivery is queued',
    sqs: { action: 'sqs:SendMessage', queue: 'DeliveriesQueue', when: 'before', times: 9 },
  },
  {
    name: 'fan-out dies when a delivery is queued but it was not told',
    sqs: { action: 'sqs:SendMessage', queue: 'DeliveriesQueue', when: 'after', times: 9 },
  },
  {
    name: 'the sender cannot read the subscription',
    dynamoDb: { action: 'dynamodb:BatchGetItem', table: 'Subscriptions', when: 'before', times: 3 },
  },
  {
    name: 'the sender delivers and dies before it deletes the message',
    sqs: { action: 'sqs:DeleteMessage', queue: 'DeliveriesQueue', when: 'before', times: 3 },
  },
];

/** Fails the calls of a crash point as often as it says, then no more. */
function breakAt({ sqs, dynamoDb }: CrashPoint): { hits: () => number } {
  let hits = 0;
  const hit = (point: { times: number; when: 'before' | 'after' } | undefined, matches: boolean) => {
    if (!point || !matches || hits >= point.times) return undefined;
    hits += 1;
    return { when: point.when, status: 500, code: 'InternalFailure' };
  };
  broken = {
    sqs: ({ action, resource }) => hit(sqs, action === sqs?.action && resource.includes(sqs.queue)),
    dynamoDb: (call) =>
      hit(dynamoDb, call.action === dynamoDb?.action && call.resources.join().includes(dynamoDb.table)),
  };
  return { hits: () => hits };
}

let count = 0;
async function customer() {
  count += 1;
  const organization = `stuck_${count}`;
  const path = `/${organization}`;
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
  const publish = async (): Promise<string> =>
    waitFor('the event to be accepted', async () => {
      const { status, body } = await posthorn.publish(
        { organization, type: 'visit.updated', data: {} },
        { 'idempotency-key': organization },
      );
      return status === 202 && body.id;
    });
  return { organization, path, id, publish };
}

describe('an accepted event ends in a final state though', () => {
  it.each(CRASH_POINTS)('$name', async (point) => {
    const { id, path, publish } = await customer();
    const fault = breakAt(point);

    const event = await publish();
    await waitFor('the crash', () => fault.hits() > 0);
    await waitFor(
      'the last outcome',
      after(async () => (await outcomesOf(id)).includes('delivered')),
      40_000,
    );

    const bodies = receiver.requests(path).map(({ body }) => (JSON.parse(body) as { id: string }).id);
    expect(new Set(bodies)).toEqual(new Set([event]));
  });

  it('its deliveries are recorded and never queued: the reconciler finds and queues them', async () => {
    const { id, path, publish } = await customer();
    breakAt({ name: '', sqs: { action: 'sqs:SendMessage', queue: 'DeliveriesQueue', when: 'before', times: ALWAYS } });
    const event = await publish();
    // This very event: crash points before may have left dead letters of their own.
    const isThis = (message: Record<string, unknown>) => (message.event as { id?: string })?.id === event;
    await waitFor(
      'the event among the dead letters',
      after(async () => (await posthorn.peek('EventsDeadLetterQueueUrl')).some(isThis)),
      40_000,
    );
    // The clock ran ahead of fan-out: its last tries are still under way, and must fail too. Recovery, which runs each second, may
    // never be seen at rest.
    await waitFor('fan-out to give up', () => posthorn.platform.running('fan-out') === 0);
    expect(receiver.requests(path)).toHaveLength(0);

    broken = {};

    await waitFor('the delivery', async () => (await outcomesOf(id)).includes('delivered'), 40_000);
    expect(receiver.requests(path)).toHaveLength(1);
    // The metric is written when the reconciler's run ends, and counts whatever else was stuck with it.
    await waitFor('the metric', () => posthorn.platform.logs.some(({ line }) => /"StuckDeliveries":[1-9]/.test(line)));
  });

  it('the sender is killed after the customer has answered and before the log is written', async () => {
    const { id, path, publish } = await customer();
    receiver.answer(path, () => {
      for (const pid of posthorn.platform.environments().sender ?? []) process.kill(pid, 'SIGKILL');
      receiver.answer(path, () => 200);
      return 200;
    });
    const event = await publish();

    await waitFor(
      'the last outcome',
      after(async () => (await outcomesOf(id)).includes('delivered')),
      40_000,
    );
    expect(new Set(receiver.requests(path).map(({ headers }) => headers['webhook-id']))).toEqual(new Set([event]));
  });
});

describe('a redrive of the dead letters', () => {
  it('delivers what was given up, and skips what was delivered since', async () => {
    const { id, path, publish } = await customer();
    let up = false;
    receiver.answer(path, () => (up ? 200 : 500));
    const event = await publish();
    await waitFor('four tries', async () => (await outcomesOf(id)).includes('exhausted'));
    const dead = () => posthorn.peek('DeliveriesDeadLetterQueueUrl');
    const isThis = (message: Record<string, unknown>) => (message.event as { id?: string })?.id === event;
    await waitFor('the dead letter', async () => (await dead()).some(isThis));
    up = true;
    const redeliver = await posthorn.call('POST', `/v1/deliveries/${event}/${id}/redeliver`);
    expect(redeliver.status).toBe(202);
    await waitFor('the redelivery', async () => (await outcomesOf(id)).includes('delivered'));
    const requests = receiver.requests(path).length;

    const QueueUrl = posthorn.output('DeliveriesDeadLetterQueueUrl');
    const { Attributes } = await posthorn.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    await posthorn.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes!.QueueArn! }));

    await waitFor('the dead letters to be moved', async () => !(await dead()).some(isThis));
    await waitFor('the queue to drain', async () => (await posthorn.depth('DeliveriesQueueUrl')) === 0);
    expect(receiver.requests(path)).toHaveLength(requests);
  });
});
