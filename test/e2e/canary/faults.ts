import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { mark, RUN, secrets } from './marks.ts';
import { attributesOf, DEAD_LETTERS } from './places.ts';
import { outcome, posthorn, publish, receiver, send, subscribe } from './world.ts';

const POISON = (n: number): string[] => [
  `${mark('poison')} is no JSON ${n}`,
  `{"v":99,"event":{"id":"${mark('poison-id')}"},"n":${n}}`,
  `{"v":1,"event":{"id":"evt_1","organization":"${mark('poison')} !","type":"${mark('poison')}"},"subscription_id":"${mark('poison')}"}`,
  `{"v":1,"event":"${mark('poison')}","format":"${mark('poison')}","job":{"kind":"${mark('poison')}"}}`,
];

/** Marks in what is refused, broken, poisoned or killed. */
export function throughFaults(): void {
  it('go in with requests that are refused', async () => {
    const { id } = await subscribe('canary_bad', '/bad');
    const bad: [method: string, path: string, body?: unknown][] = [
      ['POST', '/v1/events', `{"organization":"o","type":"visit.updated","data":{"a":"${mark('json')}"`],
      ['POST', '/v1/events', `{"${mark('twice')}":1,"${mark('twice')}":2}`],
      ['POST', '/v1/events', { organization: mark('organization!'), type: mark('type'), data: { a: mark('data') } }],
      ['POST', '/v1/events', { organization: 'o', type: 'visit.updated', data: mark('data'), [mark('member')]: 1 }],
      [
        'POST',
        '/v1/events',
        { organization: 'o', type: 'visit.updated', data: {}, triggering_location: mark('where') },
      ],
      ['POST', '/v1/events/batch', { events: [{ [mark('member')]: 1 }, mark('item')] }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: `https://user:${mark('password')}@10.0.0.1/` }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: `http://10.0.0.1/?${mark('query')}` }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: mark('url'), headers: { host: mark('header') } }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: 1, events: [mark('event')], format: mark('format') }],
      ['PATCH', `/v1/subscriptions/${id}`, { auth: { type: 'bearer', token: `${mark('token')} ` } }],
      ['PATCH', `/v1/subscriptions/${id}`, { auth: { type: mark('type'), password: mark('password') } }],
      ['PATCH', `/v1/subscriptions/${id}`, { headers: { authorization: mark('credential') } }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: 'https://a.example.com/', secret: mark('secret') }],
      ['POST', `/v1/subscriptions/${id}/rotate-secret`, { secret: mark('secret') }],
      ['PATCH', `/v1/subscriptions/${id}`, { headers: { [mark('header name')]: mark('header') }, [mark('member')]: 1 }],
      ['GET', `/v1/subscriptions/${mark('id')}`],
      ['GET', `/v1/attempts?cursor=${mark('cursor')}`],
      ['GET', `/v1/events?resource_id=${mark('resource').padEnd(129, 'x')}`],
      ['GET', `/v1/attempts?limit=${mark('limit')}&${mark('parameter')}=1&since=${mark('since')}`],
      ['GET', `/v1/${mark('path')}`],
      ['GET', `/${mark('path')}?${mark('query')}`],
      ['POST', '/webhook-events', { webhook: mark('webhook'), event: 'ping' }],
    ];
    for (const [method, path, body] of bad) {
      const { status } = await posthorn.call(method, path, body);
      // A batch is taken, its items are refused one by one.
      if (path !== '/v1/events/batch') expect([400, 403, 404, 422], path).toContain(status);
    }
    for (const key of [mark('key'), `phk_${RUN.padEnd(43, 'x')}`, `${secrets[0]}x`]) {
      expect((await posthorn.call('GET', '/v1/subscriptions', undefined, key)).status).toBe(401);
    }
  });

  it('go through rows that somebody broke by hand', async () => {
    const TableName = posthorn.output('SubscriptionsTableName');
    const rows = [
      { id: 'sub_a', url: mark('url') },
      { id: 'sub_b', url: receiver.url(`/b?${mark('query')}`), events: mark('events'), format: mark('format') },
      { id: 'sub_c', url: `https://10.0.0.1/?${mark('query')}`, timeout_seconds: mark('timeout') },
      { id: 'sub_d', url: receiver.url('/d'), headers: { host: mark('header'), [mark('header name')]: '1' } },
      { id: 'sub_f', url: receiver.url('/f'), auth: { type: 'basic', password: mark('typed-password') } },
      { id: 'sub_g', url: receiver.url('/g'), headers: { authorization: mark('typed-credential') } },
      { id: 'sub_e', url: receiver.url('/e'), success: mark('success'), signature_header: mark('signature header') },
    ];
    for (const row of rows) {
      const Item = { organization: 'canary_rows', description: mark('description'), [mark('attribute')]: 1, ...row };
      await posthorn.dynamoDb.send(new PutCommand({ TableName, Item }));
    }
    const { id } = await subscribe('canary_rows', '/broken-secret');
    await posthorn.dynamoDb.send(
      new UpdateCommand({
        TableName: posthorn.output('SigningSecretsTableName'),
        Key: { subscription: id },
        UpdateExpression: 'SET secrets = :broken',
        ExpressionAttributeValues: { ':broken': [{ key: mark('secret'), created_ms: 1 }] },
      }),
    );
    await publish('canary_rows');
    await waitFor('the rows to say what is wrong', async () => {
      const { body } = await posthorn.call<{ data: { problem?: string }[] }>(
        'GET',
        '/v1/subscriptions?organization=canary_rows',
      );
      return body.data.filter(({ problem }) => problem !== undefined).length >= 4;
    });
  });

  it('go through poison, calls that no service makes, and processes killed in the middle of work', async () => {
    for (const [n, queue] of ['EventsQueueUrl', 'DeliveriesQueueUrl'].entries()) {
      for (const body of POISON(n)) await send(queue, body);
    }
    const record = {
      messageId: 'm',
      receiptHandle: 'r',
      body: POISON(9)[0],
      attributes: { SentTimestamp: mark('sent') },
    };
    for (const stage of Object.keys(posthorn.platform.environments())) {
      for (const event of [
        { Records: mark('records') },
        { Records: [record] },
        { Records: [null] },
        mark('event'),
        null,
      ]) {
        await posthorn.platform.invoke(stage, event);
      }
    }
    const path = `/killed?token=${mark('query')}`;
    const { id } = await subscribe('canary_killed', path);
    receiver.answer(path, () => new Promise<number>(() => undefined));
    await publish('canary_killed');
    await waitFor('a request under way', () => receiver.requests(path)[0]);
    const senders = posthorn.platform.environments().sender ?? [];
    for (const pid of senders) process.kill(pid, 'SIGKILL');
    // What is handed to a process that is dying comes back after the visibility timeout only.
    await waitFor('their end', () => !posthorn.platform.environments().sender?.some((pid) => senders.includes(pid)));
    receiver.answer(path, () => 200);
    await posthorn.call('POST', `/v1/subscriptions/${id}/ping`);
    await outcome(id, 'delivered');
    for (const queue of DEAD_LETTERS.slice(0, 2)) {
      await waitFor(`dead letters in ${queue}`, async () => (await attributesOf(queue)).length >= 4);
    }
  });
}
