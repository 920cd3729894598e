import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Posthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';
import { connectAtOnce } from './at-once.ts';

// What becomes a dead letter.

/** Until four tries are over, or a message that nobody can read was received four times, milliseconds. */
const PATIENCE_MS = 60_000;

let posthorn: Posthorn;
let receiver: Receiver;
let count = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await connectAtOnce();
});
afterAll(() => receiver.close());

/** An organization of its own with one subscription to a path of its own. */
async function customer(): Promise<{ organization: string; path: string; id: string }> {
  count += 1;
  const organization = `dead_${count}`;
  const path = `/${organization}`;
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
  return { organization, path, id };
}

const visit = (organization: string): Record<string, unknown> => ({
  organization,
  type: 'visit.updated',
  triggering_location: 'CLINICIAN_APP',
  resource_id: '28540',
  data: { id: '28540' },
});

const outcomes = async (subscription: string): Promise<string[]> =>
  (await posthorn.attempts(subscription)).map((attempt) => attempt.outcome).reverse();

describe.concurrent('an endpoint that fails', () => {
  it('for ever gets exactly four requests, then the message is a dead letter and the log says exhausted', async () => {
    const { organization, path, id } = await customer();
    receiver.answer(path, () => 500);

    const accepted = await posthorn.publish(visit(organization));

    await waitFor('the last line of the log', async () => (await outcomes(id)).includes('exhausted'), PATIENCE_MS);
    expect(await outcomes(id)).toEqual(['failed', 'failed', 'failed', 'exhausted']);
    const letters = await waitFor(
      'the dead letter',
      async () => {
        const found = (await posthorn.peek('DeliveriesDeadLetterQueueUrl')).filter(
          (message) => (message.event as { id: string } | undefined)?.id === accepted.body.id,
        );
        return found.length > 0 && found;
      },
      PATIENCE_MS,
    );
    expect(letters).toHaveLength(1);
    const requests = receiver.requests(path);
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map((request) => request.headers['webhook-id'])).size).toBe(1);
    expect(new Set(requests.map((request) => request.body)).size).toBe(1);
  }, 150_000);
});

describe.concurrent('poison', () => {
  it('in either queue becomes a dead letter, and its neighbours are delivered', async () => {
    const { organization, path } = await customer();
    const poison = async (queue: string): Promise<void> => {
      await posthorn.sqs.send(
        new SendMessageCommand({ QueueUrl: posthorn.output(queue), MessageBody: '{"v":99}', MessageGroupId: 'poison' }),
      );
    };

    await poison('EventsQueueUrl');
    await poison('DeliveriesQueueUrl');
    await posthorn.publish(visit(organization));

    await waitFor('the delivery', () => receiver.requests(path)[0]);
    for (const queue of ['EventsDeadLetterQueueUrl', 'DeliveriesDeadLetterQueueUrl']) {
      await waitFor(
        `the poison in ${queue}`,
        async () => (await posthorn.peek(queue)).some((message) => message.v === 99),
        PATIENCE_MS,
      );
    }
  }, 150_000);
});
