import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AWS } from '../../local/like-aws/numbers.ts';
import { startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// The main job on engines that are as slow, cold and throttled as AWS: what one machine hides.

const KEY_WRITES = 10;
const EVENTS = 60;

let posthorn: OwnPosthorn;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  // A key that is hot with what one machine can do.
  posthorn = await startPosthorn({ likeAws: { ...AWS, keyWrites: KEY_WRITES } });
});
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
});

describe('like on AWS', () => {
  it('a burst of one organization beyond its key reaches a healthy endpoint, and costs nobody a dead letter', async () => {
    const organization = 'hot';
    receiver.answer('/refuses', () => 500);
    const healthy = await posthorn.subscribe({ organization, url: receiver.url('/healthy') });
    const refusing = await posthorn.subscribe({ organization, url: receiver.url('/refuses'), events: ['visit.ended'] });

    const published = await Promise.all(
      Array.from({ length: EVENTS }, (_, n) =>
        posthorn.publish({ organization, type: n === 0 ? 'visit.ended' : 'visit.updated', data: { n } }),
      ),
    );

    expect(published.map(({ status }) => status)).toEqual(published.map(() => 202));
    const ids = published.map(({ body }) => body.id).toSorted();
    const taken = (): string[] => [
      ...new Set(receiver.requests('/healthy').map(({ headers }) => String(headers['webhook-id']))),
    ];
    await waitFor('all to be delivered', () => taken().length === EVENTS, 150_000);
    expect(taken().toSorted()).toEqual(ids);
    const ends = async (): Promise<string[]> => (await posthorn.attempts(refusing.id)).map(({ outcome }) => outcome);
    await waitFor('the end of what is refused', async () => (await ends()).includes('exhausted'), 60_000);
    expect(receiver.requests('/refuses')).toHaveLength(4);

    const { throttled } = posthorn.platform.dynamoDb;
    const events = posthorn.output('EventsTableName');
    // Else it shows nothing.
    expect([...throttled].filter(([name]) => name.startsWith(events)).length).toBeGreaterThan(0);
    expect(await posthorn.depth('EventsDeadLetterQueueUrl')).toBe(0);
    const { body } = await posthorn.call<{ health: object }>('GET', `/v1/subscriptions/${healthy.id}`);
    expect(body.health).toMatchObject({ state: 'healthy' });
    expect(body.health).not.toMatchObject({ slow: true });
  }, 240_000);
});
