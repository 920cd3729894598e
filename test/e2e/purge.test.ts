import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT_ONCE_SETTINGS, startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { keptMessages } from '../support/queue-messages.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { rowsWith } from '../support/rows-with.ts';
import { waitFor } from '../support/wait-for.ts';

// Two organizations leave marks in every table and every queue, dead letters too. One of them is purged.

/** Seconds of waiting for conditions, and much of the machine's own. */
const LONG_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), 'posthorn-purge-'));
const DEAD_LETTERS = ['EventsDeadLetterQueueUrl', 'DeliveriesDeadLetterQueueUrl', 'RecoveryDeadLetterQueueUrl'];
let posthorn: OwnPosthorn;
let receiver: Receiver;

interface Purge {
  id: string;
  state: string;
  deleted: number;
  by_kind: Record<string, number>;
}

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn({ settings: AT_ONCE_SETTINGS, folder, isShared: true });
  await Promise.all([fill('leaves'), fill('stays')]);
}, LONG_MS);
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const publish = (organization: string, n: string, resource_id = `mark-${organization}-patient`) =>
  posthorn.publish(
    { organization, type: 'visit.updated', resource_id, data: { note: `mark-${organization}`, n } },
    { 'idempotency-key': `${organization}-${n}` },
  );

const subscribe = (organization: string, path: string, more: Record<string, unknown> = {}) =>
  posthorn.subscribe({
    organization,
    url: receiver.url(`/${organization}/${path}`),
    description: `mark-${organization}`,
    auth: { type: 'bearer', token: `mark-${organization}-token` },
    ...more,
  });

const send = (queue: string, body: string, DelaySeconds = 0) =>
  posthorn.sqs.send(
    new SendMessageCommand({ QueueUrl: posthorn.output(queue), MessageBody: body, MessageGroupId: 'g', DelaySeconds }),
  );

/** A message of the pipeline, as its stages write them. */
function message(organization: string, fields: Record<string, unknown>): string {
  const event = {
    id: 'evt_01KGA0B7FVZ6Q2M4N8P0R2T4V6',
    ...{ organization, type: 'visit.updated', triggering_location: 'API' },
    ...{
      resource_id: `mark-${organization}-patient`,
      enqueued_ms: Date.now(),
      data: `{"note":"mark-${organization}"}`,
    },
  };
  return JSON.stringify({ v: 1, event, ...fields });
}

/** Leaves something everywhere. */
async function fill(organization: string): Promise<void> {
  receiver.answer(`/${organization}/dead`, () => 500);
  const ok = await subscribe(organization, 'ok');
  const dead = await subscribe(organization, 'dead');
  const paused = await subscribe(organization, 'paused');
  await posthorn.call('POST', `/v1/subscriptions/${paused.id}/pause`);
  await posthorn.apiKey({ scopes: ['organization'], organization });
  const { body } = await posthorn.call<{ url: string }>('POST', '/v1/portal-links', { organization });
  await posthorn.call('POST', '/v1/portal-links', { organization });
  await posthorn.call('POST', '/v1/portal-sessions', { token: body.url.split('#')[1] });
  for (const n of ['1', '2']) expect((await publish(organization, n)).status).toBe(202);
  const isExhausted = async () => (await posthorn.attempts(dead.id)).some(({ outcome }) => outcome === 'exhausted');
  await waitFor('a dead letter', isExhausted, 60_000);
  await waitFor('a delivery', async () => (await posthorn.attempts(ok.id)).length >= 2);
  await waitFor('a held one', async () => (await posthorn.attempts(paused.id)).length >= 2);
  await posthorn.call('POST', `/v1/subscriptions/${ok.id}/replay`, { outcomes: ['delivered'] });
  const delivery = { subscription_id: ok.id, format: 'standard', queued_ms: Date.now() };
  await send('EventsDeadLetterQueueUrl', message(organization, {}));
  await send('DeliveriesDeadLetterQueueUrl', message(organization, delivery));
  const job = { kind: 'look', organization, subscription_id: `mark-${organization}` };
  await send('RecoveryDeadLetterQueueUrl', JSON.stringify({ v: 1, job, step: 0 }));
  // Comes when its rows are gone.
  await send('EventsQueueUrl', message(organization, {}), 4);
  await send('DeliveriesQueueUrl', message(organization, delivery), 4);
  await waitFor('its counts', async () => (await rowsWith(posthorn, organization)).Statistics! > 0, 60_000);
}

/** Until the queues that somebody empties have nothing more: what was delayed has come. */
async function drained(): Promise<void> {
  for (const queue of ['EventsQueueUrl', 'DeliveriesQueueUrl', 'SlowDeliveriesQueueUrl'])
    await waitFor(`${queue} to run dry`, async () => (await posthorn.depth(queue)) === 0, 40_000);
}

async function done(id: string): Promise<Purge> {
  return waitFor(
    'the purge to be done',
    async () => {
      const { body } = await posthorn.call<Purge>('GET', `/v1/purges/${id}`);
      return body.state === 'done' && body;
    },
    60_000,
  );
}

describe('an organization that leaves', () => {
  it(
    'leaves nothing in any table or queue but the audit trail, and its neighbour has everything',
    async () => {
      const before = await rowsWith(posthorn, 'stays');
      for (const [table, count] of Object.entries(await rowsWith(posthorn, 'leaves')))
        expect(count, table).toBeGreaterThan(0);
      for (const queue of DEAD_LETTERS) expect(await posthorn.depth(queue), queue).toBeGreaterThanOrEqual(2);

      const dry = await posthorn.call<Record<string, number>>('DELETE', '/v1/organizations/leaves?dry_run=true');
      const begun = await posthorn.call<Purge>('DELETE', '/v1/organizations/leaves');
      const joined = await posthorn.call<Purge>('DELETE', '/v1/organizations/leaves');

      expect(dry.body).toMatchObject({ subscriptions: 3, keys: 1, complete: true });
      expect(dry.body.events).toBeGreaterThanOrEqual(2);
      expect([begun.status, joined.status, joined.body.id]).toEqual([202, 202, begun.body.id]);
      await waitFor('events to be refused', async () => (await publish('leaves', `late-${Date.now()}`)).status === 409);
      const refused = await posthorn.call('POST', '/v1/subscriptions', {
        organization: 'leaves',
        url: receiver.url('/leaves/new'),
      });
      expect(refused.status).toBe(409);

      const end = await done(begun.body.id);
      await drained();
      const { AuditTrail, Replays, ...others } = await rowsWith(posthorn, 'leaves');
      expect(others).toEqual(Object.fromEntries(Object.keys(others).map((table) => [table, 0])));
      expect(AuditTrail).toBeGreaterThan(0);
      // The job and its tombstone, which name the organization and nothing of it.
      expect(Replays).toBe(2);
      expect((await rowsWith(posthorn, 'mark-leaves')).Replays).toBe(0);
      expect(Object.keys(end.by_kind)).toEqual(
        expect.arrayContaining([
          'attempts',
          'dead_letters',
          'events',
          'held',
          'keys',
          'replays',
          'secrets',
          'sessions',
        ]),
      );
      const after = await rowsWith(posthorn, 'stays');
      for (const table of ['Subscriptions', 'SigningSecrets', 'ApiKeys', 'HeldDeliveries', 'Events'])
        expect(after[table], table).toBeGreaterThanOrEqual(before[table]!);
    },
    LONG_MS,
  );

  it('is not told of as edited by hand: the record of the purge stands for its rows', async () => {
    const { body } = await posthorn.call<{ data: { action: string; actor: string }[] }>(
      'GET',
      '/v1/audit?organization=leaves&limit=100',
    );

    expect(body.data.filter(({ action }) => action === 'data.purged')).toHaveLength(2);
    expect(body.data.filter(({ action }) => action === 'subscription.deleted')).toEqual([]);
  });

  it('may begin anew when that is done, and nothing of before comes back', async () => {
    const { id } = await posthorn.subscribe({ organization: 'leaves', url: receiver.url('/anew') });

    const published = await posthorn.publish({ organization: 'leaves', type: 'visit.updated', data: {} });

    expect(published.status).toBe(202);

    await waitFor('a delivery', async () => (await posthorn.attempts(id)).length > 0);
    expect(await posthorn.attempts(id)).toHaveLength(1);
  });
});

describe('a resource that must be forgotten', () => {
  it(
    'is in no table and queue any more, while everything else of its organization stays',
    async () => {
      await publish('stays', 'other', 'mark-other-patient');
      const counted = await posthorn.call<{ events: number }>(
        'DELETE',
        '/v1/events?organization=stays&resource_id=mark-stays-patient&dry_run=true',
      );
      const { body } = await posthorn.call<Purge>(
        'DELETE',
        '/v1/events?organization=stays&resource_id=mark-stays-patient',
      );

      await done(body.id);

      expect(counted.body.events).toBeGreaterThanOrEqual(2);
      await drained();
      expect(Object.values(await rowsWith(posthorn, 'mark-stays-patient')).every((count) => count === 0)).toBe(true);
      expect((await rowsWith(posthorn, 'mark-other-patient')).Events).toBe(1);
      expect((await rowsWith(posthorn, 'stays')).Subscriptions).toBe(3);
      expect((await publish('stays', 'again', 'mark-other-patient')).status).toBe(202);
      await drained();
    },
    LONG_MS,
  );
});

describe('no queue', () => {
  it('holds a message of who has left, or of the resource; the dead letters of others lie where they lay', async () => {
    await posthorn.platform.close();

    const all = keptMessages(folder);

    expect(all.filter(({ body }) => /mark-leaves|mark-stays-patient/.test(body))).toEqual([]);
    expect(all.filter(({ body }) => body.includes('"look"')).map(({ body }) => body)).toEqual([
      expect.stringContaining('mark-stays') as string,
    ]);
  });
});
