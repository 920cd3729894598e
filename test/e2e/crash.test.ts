import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IN_HAND_SECONDS } from '../../lambdas/domain/limits.ts';
import type { Faults } from '../../local/services.ts';
import { startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, verify, type Receiver } from '../support/receiver.ts';
import { SkippingClock } from '../support/skipping-clock.ts';
import { waitFor } from '../support/wait-for.ts';

// A crash leaves messages invisible for the time for which its function had them in hand; the clock skips that. The queue's own
// visibility timeouts, 4.5 and 12 minutes, are long.

const IN_HAND_MS = IN_HAND_SECONDS * 1000;
const VISIBILITY_MS = 12 * 60_000;
/** Receipt handles that functions had in hand, and those of which their queue was told. */
const inHand = new Set<string>();
const told = new Set<string>();

const isToldOf: NonNullable<Faults['sqs']> = ({ action, input }) => {
  const { Entries = [] } = input as { Entries?: { ReceiptHandle: string }[] };
  if (action === 'sqs:ChangeMessageVisibility') for (const { ReceiptHandle } of Entries) told.add(ReceiptHandle);
  return undefined;
};

let clock: SkippingClock;
let posthorn: OwnPosthorn;
let receiver: Receiver;

beforeAll(async () => {
  clock = new SkippingClock();
  receiver = await startReceiver();
  posthorn = await startPosthorn({
    clock,
    faults: { sqs: isToldOf },
    watch: {
      began: (records) => records.forEach(({ receiptHandle }) => inHand.add(receiptHandle)),
      left: () => undefined,
    },
  });
});
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
});

const pids = (stage: string): number[] => posthorn.platform.environments()[stage] ?? [];

function kill(stage: string): void {
  const found = pids(stage);
  expect(found.length, `running environments of ${stage}`).toBeGreaterThan(0);
  for (const pid of found) process.kill(pid, 'SIGKILL');
}

const idOf = (body: string): string => (JSON.parse(body) as { id: string }).id;

describe('kill -9', () => {
  it('of the sender in the middle of a batch loses nothing; what is sent again has the same id and bytes', async () => {
    const organization = 'kill_sender';
    const { secret } = await posthorn.subscribe({ organization, url: receiver.url('/sender') });
    // No request of the first batch is answered: the sender dies while all of them are under way.
    let answer = (_status: number): void => undefined;
    const never = new Promise<number>((resolve) => (answer = resolve));
    let dead = false;
    receiver.answer('/sender', () => (dead ? 200 : never));
    const events = Array.from({ length: 10 }, (_, n) => ({ organization, type: 'visit.updated', data: { n } }));
    const { body } = await posthorn.call<{ data: { id: string }[] }>(
      'POST',
      '/v1/events/batch',
      { events },
      posthorn.outputs.local!.ProducerApiKey,
    );
    await waitFor('a request under way', () => receiver.requests('/sender')[0]);
    await waitFor('the queue to know what is in hand', () => inHand.isSubsetOf(told));

    kill('sender');
    dead = true;
    answer(200);
    await waitFor('the killed processes to be gone', () => pids('sender').length === 0);

    const all = new Set(body.data.map((event) => event.id));
    clock.skip(IN_HAND_MS);
    await waitFor('every event, long before the visibility timeout of its queue', () => {
      const received = new Set(receiver.requests('/sender').map((request) => idOf(request.body)));
      return received.size === all.size;
    });
    await waitFor('the queue to drain', async () => (await posthorn.depth('DeliveriesQueueUrl')) === 0);
    const byId = Map.groupBy(receiver.requests('/sender'), (request) => idOf(request.body));
    expect(new Set(byId.keys())).toEqual(all);
    for (const requests of byId.values()) {
      expect(requests.length).toBeLessThanOrEqual(4);
      expect(new Set(requests.map((request) => request.body)).size).toBe(1);
      for (const request of requests) verify(request, secret);
    }
    expect(await posthorn.depth('DeliveriesDeadLetterQueueUrl')).toBe(0);
  });

  it('of fan-out and ingest is healed by new processes', async () => {
    const organization = 'kill_fan_out';
    await posthorn.subscribe({ organization, url: receiver.url('/fan-out') });
    await posthorn.publish({ organization, type: 'visit.updated', data: { n: 1 } });
    await waitFor('the first event', () => receiver.requests('/fan-out')[0]);

    kill('fan-out');
    kill('ingest');
    const answer = await waitFor('ingest to accept again', async () => {
      const response = await posthorn.publish({ organization, type: 'visit.updated', data: { n: 2 } });
      return response.status === 202 && response;
    });

    clock.skip(VISIBILITY_MS);
    await waitFor('the second event', () =>
      receiver.requests('/fan-out').some((request) => idOf(request.body) === answer.body.id),
    );
  });
});
