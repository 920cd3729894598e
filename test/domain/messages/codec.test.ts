import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../../lambdas/domain/event.ts';
import type { DeliveryMessage, EventMessage, RecoveryMessage } from '../../../lambdas/domain/messages/messages.ts';
import {
  decodeDeliveryMessage,
  decodeEventMessage,
  decodeRecoveryMessage,
  encodeEventMessage,
  encodeRecoveryMessage,
} from '../../../lambdas/domain/messages/codec.ts';
import { deliveryBody } from '../../support/delivery-body.ts';
import { anyCharacter } from '../../support/any-character.ts';

/** JSON escapes U+0000 to U+001F and leaves U+007F, which SQS takes. */
const ASCII = /^[\x20-\x7f]*$/;
/** Any text that a producer's body can hold: every character but lone surrogates, which ingest refuses. */
const text = fc.string({ unit: anyCharacter });

const event: fc.Arbitrary<PosthornEvent> = fc.record(
  {
    id: fc.constant('evt_01KGA0B7FVZ6Q2M4N8P0R2T4V6'),
    organization: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    account: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    type: fc.constant('visit.ended'),
    triggering_location: fc.constantFrom('API', 'DASHBOARD'),
    resource_id: text,
    enqueued_ms: fc.nat(),
    data: fc.oneof(text, fc.json()),
  },
  { requiredKeys: ['id', 'organization', 'type', 'triggering_location', 'enqueued_ms'], noNullPrototype: true },
);
/** The characters at which escaping begins or ends; drawn too rarely to count on. */
const EDGES: PosthornEvent = {
  id: 'evt_01KGA0B7FVZ6Q2M4N8P0R2T4V6',
  organization: 'o',
  type: 'visit.ended',
  triggering_location: 'API',
  enqueued_ms: 1,
  data: '\0\x1f\x20"\\\x7e\x7f\x80\ud7ff\ue000\ufffe\uffff',
};
const eventMessage: fc.Arbitrary<EventMessage> = fc.record(
  { v: fc.constant(1 as const), event, only: text, trouble_ms: fc.nat(), traceparent: text },
  { requiredKeys: ['v', 'event'], noNullPrototype: true },
);
const deliveryMessage: fc.Arbitrary<DeliveryMessage> = fc.record(
  {
    v: fc.constant(1 as const),
    event,
    subscription_id: text,
    format: fc.constantFrom('standard', 'clinic-v1'),
    queued_ms: fc.nat(),
    recheck: fc.constant(true as const),
    even_if_inactive: fc.constant(true as const),
    replay: text,
    resumed_ms: fc.nat(),
    tries: fc.nat(3),
    trouble_ms: fc.nat(),
    traceparent: text,
  },
  { requiredKeys: ['v', 'event', 'subscription_id', 'format', 'queued_ms'], noNullPrototype: true },
);

describe('round trip', () => {
  it('gives every event message back, in ASCII', () => {
    fc.assert(
      fc.property(eventMessage, (message) => {
        const body = encodeEventMessage(message);
        expect(body).toMatch(ASCII);
        expect(decodeEventMessage(body)).toEqual({ ok: true, message });
      }),
      { examples: [[{ v: 1, event: EDGES, only: EDGES.data, traceparent: EDGES.data }]] },
    );
  });

  it('gives every delivery message back, in ASCII', () => {
    fc.assert(
      fc.property(deliveryMessage, ({ v: _v, event: inner, ...fields }) => {
        const body = deliveryBody(inner, fields);
        expect(body).toMatch(ASCII);
        expect(decodeDeliveryMessage(body)).toEqual({ ok: true, message: { v: 1, event: inner, ...fields } });
      }),
      { examples: [[{ v: 1, event: EDGES, subscription_id: EDGES.data!, format: 'standard', queued_ms: 1 }]] },
    );
  });

  it.each(['a', 'é', '\u0080', '\u07ff', '\uffff', '🔐', '\\"', '\n', '\u007f'])(
    'keeps an event of 262,144 bytes of %j below 1 MiB',
    (fill) => {
      const data = `{"s":"${fill.repeat(Math.floor(262_144 / Buffer.byteLength(fill)))}"}`;
      const large: PosthornEvent = {
        id: 'evt_01KGA0B7FVZ6Q2M4N8P0R2T4V6',
        organization: 'o'.repeat(64),
        type: 'visit.ended',
        triggering_location: 'API',
        enqueued_ms: 1,
        data,
      };
      const fields = { subscription_id: 'sub_1', format: 'standard' as const, queued_ms: 2 };
      const body = deliveryBody(large, fields);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_048_576);
      const decoded = decodeDeliveryMessage(body);
      expect(decoded.ok && decoded.message.event.data === data).toBe(true);
    },
  );
});

describe('jobs of recovery', () => {
  const jobs: RecoveryMessage['job'][] = [
    { kind: 'look', organization: 'org_a', subscription_id: 'sub_1' },
    {
      kind: 'release',
      organization: 'org_a',
      subscription_id: 'sub_1',
      run: 7,
      pace: { rate: 2, known: 64, stays: 12, adds: 1 },
    },
    { kind: 'replay', replay_id: 'rep_1' },
    { kind: 'deactivated', organization: 'org_a', subscription_id: 'sub_1', why: 'gone', since_ms: 7 },
  ];

  it.each(jobs)('come back as they were sent: $kind', (job) => {
    const message: RecoveryMessage = { v: 1, job, step: 3 };

    expect(decodeRecoveryMessage(encodeRecoveryMessage(message))).toEqual({ ok: true, message });
  });

  it('are told apart by nothing that nobody writes', () => {
    const body = JSON.stringify({ v: 1, job: jobs[2], step: 3, cursor: 7 });

    expect(decodeRecoveryMessage(body).ok).toBe(true);
  });
});

describe('poison', () => {
  const valid = { v: 1, event: { id: 'e', organization: 'o', type: 't', triggering_location: 'API', enqueued_ms: 1 } };
  it.each([
    ['', 'expected JSON'],
    ['null', 'expected an object'],
    ['[]', 'expected an object'],
    ['{}', 'expected v: 1'],
    [JSON.stringify({ ...valid, v: 2 }), 'expected v: 1'],
    [JSON.stringify({ v: 1, event: 'x' }), 'expected event'],
    [JSON.stringify({ ...valid, event: { ...valid.event, id: 7 } }), 'event.id'],
    [JSON.stringify({ ...valid, event: { ...valid.event, data: {} } }), 'event.data'],
    [JSON.stringify({ ...valid, only: 1 }), 'only'],
  ])('says why %j cannot be processed', (body, reason) => {
    expect(decodeEventMessage(body)).toEqual({ ok: false, reason: expect.stringContaining(reason) as string });
  });

  it('wants to know where a delivery goes', () => {
    const decoded = decodeDeliveryMessage(JSON.stringify(valid));
    expect(decoded).toEqual({ ok: false, reason: expect.stringContaining('subscription_id') as string });
  });

  it('quotes nothing of the message', () => {
    const decoded = decodeEventMessage(JSON.stringify({ ...valid, event: { ...valid.event, id: ['Jane Roe'] } }));
    expect(JSON.stringify(decoded)).not.toContain('Jane');
  });
});
