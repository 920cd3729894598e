import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { MAX_EVENT_BYTES } from '../../lambdas/ingest/accept.ts';
import { keep, passOn, readDelivery, type ReceivedDelivery } from '../../lambdas/sender/delivery.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { aMessage, NOW } from '../support/sender.ts';
import { startTables, type Tables } from '../support/tables.ts';

// DynamoDB's limit of an item is 409,600 bytes. Whatever ingest accepts must fit with all that is stored beside it, in
// every script and however JSON writes it.

let tables: Tables;
beforeAll(async () => void (tables = await startTables()));
afterAll(() => tables.close());

/** What an event has beside `data`, in bytes, at most: see the message that `aDelivery` makes. */
const REST_BYTES = 1_000;

/** A bit of a JSON string, as a producer may write it: one to four bytes for a character, escapes, what SQS refuses. */
const aBit = fc.constantFrom(
  'x',
  ' ',
  'ж',
  'ש',
  'ع',
  '中',
  '한',
  '😀',
  '\\"',
  '\\\\',
  '\\u0001',
  '\\ud800',
  '\ufffe',
  '\u2028',
);
const aText = fc
  .tuple(
    fc.array(aBit, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(2_000, 4_000, 137_000, 205_000, MAX_EVENT_BYTES),
  )
  .map(([bits, bytes]) => {
    const unit = bits.join('');
    return unit.repeat(Math.floor((bytes - REST_BYTES) / Buffer.byteLength(unit)));
  });
/** `data` as it stands in the body: a long text, or as many empty ones as fit. */
const someData = fc.oneof(
  { weight: 4, arbitrary: aText.map((text) => `{"note":"${text}"}`) },
  { weight: 1, arbitrary: fc.constant(`{"notes":[${'"",'.repeat((MAX_EVENT_BYTES - REST_BYTES) / 3)}""]}`) },
);

function aDelivery(data: string): ReceivedDelivery {
  const event = { data, resource_id: 'ж'.repeat(128) };
  const read = readDelivery(
    aMessage({ event, replay: 'rpl_1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }),
  );
  if (!read.ok) throw new Error(read.reason);
  return read.message;
}

let made = 0;
const heldStore = () => createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'), { now: () => NOW });
const toHeld = (subscription: string, delivery: ReceivedDelivery) => ({
  subscription,
  event_id: delivery.message.event.id,
  organization: delivery.key.organization,
  held_ms: NOW,
  message: keep(delivery),
});

describe('an accepted event, whatever script it is written in', () => {
  it('can be held, and comes back as it was', { timeout: 120_000 }, async () => {
    const store = heldStore();
    await fc.assert(
      fc.asyncProperty(fc.array(someData, { minLength: 1, maxLength: 3 }), async (all) => {
        const subscription = `sub_held_${(made += 1)}`;
        const deliveries = all.map(aDelivery);

        expect(await store.put(deliveries.map((one) => toHeld(subscription, one)))).toEqual([]);

        const held = await store.oldest(subscription, 10);
        const read = held.map(({ message }) => decodeDeliveryMessage(message));
        expect(read).toEqual(deliveries.map(({ message }) => ({ ok: true, message })));
      }),
      { numRuns: 60 },
    );
  });

  it('can be held with a whole batch of the longest', { timeout: 120_000 }, async () => {
    const store = heldStore();
    const longest = `{"note":"${'\\"'.repeat((MAX_EVENT_BYTES - REST_BYTES) / 2)}"}`;
    const deliveries = Array.from({ length: 25 }, () => aDelivery(longest));

    expect(await store.put(deliveries.map((one) => toHeld('sub_longest', one)))).toEqual([]);

    expect(await store.oldest('sub_longest', 100)).toHaveLength(25);
  });

  it('can be recorded with what it matched, and comes back as it was', { timeout: 120_000 }, async () => {
    const store = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30, now: () => NOW });
    await fc.assert(
      fc.asyncProperty(someData, fc.constantFrom(0, 1, 5000), async (data, count) => {
        const { event } = aDelivery(data).message;
        const matches = Array.from({ length: count }, (_, n) => ({
          subscription: `sub_${n}`,
          format: 'thin' as const,
        }));

        await store.record(event, matches);

        const recorded = await store.get(event.organization, event.id);
        expect(recorded?.event).toEqual(event);
        expect(recorded?.matched).toHaveLength(count);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves a line in the log with whatever was answered', async () => {
    const store = createAttemptStore(tables.dynamoDb, tables.table('Attempts'), { retentionDays: 90, now: () => NOW });
    const answers = ['\u0001', '\ufffd', '"', '\\', 'ж'].map((one) => one.repeat(16_384));
    const lines = answers.map((response_body): Attempt => ({
      id: attemptId(ulid(), 'evt_1', 'sub_1'),
      event_id: 'evt_1',
      subscription_id: 'sub_1',
      organization: 'org_1',
      type: 'visit.ended',
      attempt: 1,
      attempted_ms: NOW,
      outcome: 'failed',
      url: 'https://hooks.example.com/',
      format: 'standard',
      response_body,
    }));

    expect(await store.append(lines)).toEqual([]);

    expect((await store.ofDelivery('sub_1', 'evt_1')).map((line) => line.response_body).sort()).toEqual(answers.sort());
  });
});

describe('a delivery that the version before this one has held', () => {
  it('is read as it was', async () => {
    const delivery = aDelivery('{"note":"ж\\" \\\\ 中"}');
    const { message: _, ...row } = toHeld('sub_before', delivery);
    const Item = { ...row, message: passOn(delivery, delivery.message.queued_ms), expires_at: NOW / 1000 + 60 };
    await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('HeldDeliveries'), Item }));

    const [held] = await heldStore().oldest('sub_before', 1);

    expect(decodeDeliveryMessage(held!.message)).toEqual({ ok: true, message: delivery.message });
  });
});
