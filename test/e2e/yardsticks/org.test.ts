import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIds } from '../../../lambdas/domain/ids.ts';
import { encodeEventMessage } from '../../../lambdas/domain/messages/codec.ts';
import type { JsonAnswer } from '../../support/posthorn.ts';
import { bodyOf, startYardstick, type Yardstick } from './set-up.ts';

// Org as its customers read its documentation: POST /webhook-events installs and pings, bodies are {id, event, payload?},
// and 200 is the only status that marks a webhook as delivered.

interface Installed {
  id: string;
  organization: string;
  account?: string;
  active: boolean;
  url: string;
  events: string | string[];
}

let org: Yardstick;
beforeAll(async () => void (org = await startYardstick('org')));
afterAll(() => org.close());

const webhookEvents = <T = Installed>(body: unknown, key?: string): Promise<JsonAnswer<T>> =>
  org.posthorn.call<T>('POST', '/webhook-events', body, key);

/** An organization with one webhook. */
async function installed(more: object = {}) {
  const organization = org.organization();
  const path = `/${organization}`;
  const { status, body } = await webhookEvents({
    organization,
    active: true,
    url: org.receiver.url(path),
    events: 'medical-encounters',
    ...more,
  });
  expect(status).toBe(201);
  const publish = async (type: string, more: object = {}): Promise<string> => {
    const accepted = await org.posthorn.publish({ organization, type, data: { id: '63b0d7f2' }, ...more });
    expect(accepted.status).toBe(202);
    return accepted.body.id;
  };
  return { organization, path, id: body.id, answer: body, publish };
}

describe.concurrent('POST /webhook-events with a webhook', () => {
  it('installs it on an organization', async () => {
    const organization = org.organization();
    const wanted = { organization, active: true, url: org.receiver.url('/x'), events: ['medical-encounters.created'] };

    const { status, body } = await webhookEvents(wanted);

    expect(status).toBe(201);
    expect(body).toEqual({ id: expect.stringMatching(/^sub_/) as string, ...wanted });
  });

  it('installs it on an account, which then gets what belongs to that account alone', async () => {
    const organization = org.organization();
    const key = await org.organizationKey(organization);
    const [mine, everything] = [`/${organization}/account`, `/${organization}/all`];

    const { status, body } = await webhookEvents(
      { account: 'acc_1', active: true, url: org.receiver.url(mine), events: 'medical-encounters' },
      key,
    );
    await webhookEvents({ organization, url: org.receiver.url(everything), events: 'medical-encounters' });
    for (const account of ['acc_2', 'acc_1', undefined]) {
      const event = { organization, ...(account ? { account } : {}), type: 'medical-encounters.created', data: {} };
      await org.posthorn.publish(event);
    }

    expect(status).toBe(201);
    expect(body).toMatchObject({ organization, account: 'acc_1', events: 'medical-encounters' });
    expect(await org.received(everything, 3)).toHaveLength(3);
    await org.settledLog(body.id, 1);
    expect(org.receiver.requests(mine)).toHaveLength(1);
  });

  it.each([
    ['one string', 'medical-encounters'],
    ['a list', ['medical-encounters.created', 'medical-encounters.removed']],
  ])('takes events as %s and answers them as they were sent', async (_what, events) => {
    const { answer } = await installed({ events });
    expect(answer.events).toEqual(events);
  });

  it('sends nothing by creating it: the first request is the first that is asked for', async () => {
    const { path, id, publish } = await installed();
    const event = await publish('medical-encounters.created');
    const [first] = await org.received(path, 1);
    expect(first!.headers['webhook-id']).toBe(event);
    expect(await org.settledLog(id, 1)).toHaveLength(1);
  });

  it('that is not active is kept, and gets no events', async () => {
    const { organization, path, answer, publish } = await installed({ active: false });
    const active = `/${organization}/active`;
    await webhookEvents({ organization, url: org.receiver.url(active), events: 'medical-encounters' });
    await publish('medical-encounters.created');
    await org.received(active, 1);
    expect(answer.active).toBe(false);
    expect(org.receiver.requests(path)).toEqual([]);
  });
});

describe.concurrent('events given as <service-name>', () => {
  it('are every method of that service, and of no service whose name only begins alike', async () => {
    const { organization, path, publish } = await installed();
    const everything = `/${organization}/everything`;
    await org.posthorn.subscribe({ organization, url: org.receiver.url(everything), events: '*' });

    await org.posthorn.sqs.send(
      new SendMessageCommand({
        QueueUrl: org.posthorn.output('EventsQueueUrl'),
        MessageGroupId: organization,
        // Not in the catalogue, so no producer could post it: straight into the queue.
        MessageBody: encodeEventMessage({
          v: 1,
          event: {
            ...createIds({ now: Date.now, random: Math.random }).event(),
            organization,
            type: 'medical-encounters-x.created',
            triggering_location: 'API',
            data: '{}',
          },
        }),
      }),
    );
    const methods = ['created', 'updated', 'removed'];
    for (const method of methods) await publish(`medical-encounters.${method}`);
    await publish('visit.created');

    await org.received(everything, 5);
    const requests = await org.received(path, 3);
    expect(requests.map((request) => bodyOf(request).event).sort()).toEqual(
      methods.map((method) => `medical-encounters.${method}`).sort(),
    );
  });

  it('with a method are that method alone', async () => {
    const { organization, path, publish } = await installed({ events: 'medical-encounters.updated' });
    const everything = `/${organization}/everything`;
    await org.posthorn.subscribe({ organization, url: org.receiver.url(everything), events: '*' });
    for (const method of ['created', 'updated', 'removed']) await publish(`medical-encounters.${method}`);
    await org.received(everything, 3);
    expect((await org.received(path, 1)).map((request) => bodyOf(request).event)).toEqual([
      'medical-encounters.updated',
    ]);
  });
});

describe.concurrent('the payload', () => {
  it('is exactly id, event and payload', async () => {
    const { path, publish } = await installed();
    const id = await publish('medical-encounters.created');
    const [request] = await org.received(path, 1);
    expect(request!.body).toBe(`{"id":"${id}","event":"medical-encounters.created","payload":{"id":"63b0d7f2"}}`);
  });
});

describe.concurrent('POST /webhook-events with {webhook, event: "ping"}', () => {
  it('sends {id, event} without a payload to that webhook alone', async () => {
    const { organization, path, id } = await installed();
    const other = await org.posthorn.subscribe({ organization, url: org.receiver.url(`${path}/other`), events: '*' });

    const { status, body } = await webhookEvents<{ id: string }>({ webhook: id, event: 'ping' });

    expect(status).toBe(202);
    expect(body).toEqual({ id: expect.stringMatching(/^evt_/) as string, webhook: id, event: 'ping' });
    const [request] = await org.received(path, 1);
    expect(request!.body).toBe(`{"id":"${body.id}","event":"ping"}`);
    await org.settledLog(id, 1);
    expect(await org.posthorn.attempts(other.id)).toEqual([]);
  });

  it('also to one that is not active, and only for who may see it', async () => {
    const { path, id } = await installed({ active: false });
    const stranger = await org.organizationKey(org.organization());

    expect((await webhookEvents({ webhook: id, event: 'ping' }, stranger)).status).toBe(404);
    expect((await webhookEvents({ webhook: id, event: 'ping' })).status).toBe(202);

    expect(await org.received(path, 1)).toHaveLength(1);
  });
});

describe.concurrent('POST /webhook-events with anything else', () => {
  it.each([
    ['neither shape', {}],
    ['a list', []],
    ['a word', '"ping"'],
    ['both shapes', { url: 'https://hooks.example.com/', webhook: 'sub_1', event: 'ping' }],
    ['members of neither', { hook: 'sub_1' }],
    ['a webhook without an event', { webhook: 'sub_1' }],
  ])('answers 400 to %s', async (_what, body) => {
    const { status, headers } = await webhookEvents(body);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
  });

  it.each([
    ['an event other than ping', { webhook: 'sub_1', event: 'visit.created' }, '/event'],
    ['an unknown member', { organization: 'o', url: 'https://hooks.example.com/', format: 'thin' }, '/format'],
    ['no url', { organization: 'o', events: '*' }, '/url'],
    ['no owner', { url: 'https://hooks.example.com/' }, '/organization'],
  ])('names what is wrong with %s', async (_what, body, pointer) => {
    const answer = await webhookEvents<{ errors: { pointer: string }[] }>(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error) => error.pointer)).toEqual([pointer]);
  });
});

describe.concurrent('the status', () => {
  it.each([201, 202, 204])('%i does not mark a webhook as delivered', async (status) => {
    const { path, id, publish } = await installed();
    org.receiver.answer(path, () => status);
    await publish('medical-encounters.created');
    const log = await org.settledLog(id, 1);
    expect(log.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'exhausted']);
    expect(log.map((line) => line.status)).toEqual([status, status, status, status]);
  });

  it('200 does', async () => {
    const { path, id, publish } = await installed();
    org.receiver.answer(path, () => 200);
    await publish('medical-encounters.created');
    expect(await org.settledLog(id, 1)).toMatchObject([{ outcome: 'delivered', status: 200, attempt: 1 }]);
  });
});
