import { describe, expect, it } from 'vitest';
import { probe, released } from '../../lambdas/domain/messages/deliveries.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { requeue } from '../../lambdas/recovery/requeue.ts';
import type { HeldDelivery } from '../../lambdas/stores/held.ts';
import { anEvent } from '../support/sender.ts';
import { deliveryBody } from '../support/delivery-body.ts';

// Doubled: the queue and the log, by lists.

const NOW = 1_700_000_000_000;
const idOf = (n: number): string => `evt_${String(n).padStart(26, '0')}`;

function aHeld(n: number, message?: string): HeldDelivery {
  const event = anEvent({ id: idOf(n), data: '{"n":1.10}' });
  const fields = { subscription_id: 'sub_1', format: 'thin' as const, queued_ms: 7, replay: 'rpl_1' };
  return {
    subscription: 'sub_1',
    event_id: event.id,
    organization: event.organization,
    held_ms: 9,
    message: message ?? deliveryBody(event, fields),
  };
}

interface Entry {
  body: string;
  group: string;
  delaySeconds?: number;
}

/** A slow lane that refuses the entries with these indexes. */
function setUp(refused: number[] = []) {
  const sent: Entry[] = [];
  const errors: unknown[] = [];
  const nothing = () => undefined;
  const slowLane = {
    send: async (entries: readonly Entry[]) => {
      sent.push(...entries);
      return new Set(refused);
    },
  };
  const logger = {
    info: nothing,
    warn: nothing,
    error: (message: string, fields: unknown) => void errors.push([message, fields]),
  };
  return { deps: { slowLane, logger, now: () => NOW }, sent, errors };
}

const read = (body: string) => {
  const decoded = decodeDeliveryMessage(body);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.message;
};

describe('held deliveries queued again', () => {
  it('count on from the tries that were kept, which were made a moment ago for whoever reads that', async () => {
    const { deps, sent } = setUp();
    const kept = aHeld(1);
    const message = JSON.stringify({ ...(JSON.parse(kept.message) as object), tries: 2 });

    await requeue([{ ...kept, message }, aHeld(2)], released, deps);

    const said = sent.map(({ body }) => read(body)).map(({ tries, resumed_ms }) => ({ tries, resumed_ms }));
    expect(said).toEqual([
      { tries: 2, resumed_ms: NOW },
      { tries: undefined, resumed_ms: undefined },
    ]);
  });

  it('go out in their order, as they were, marked to pass the circuit and to be looked up in the log first', async () => {
    const { deps, sent } = setUp();
    const held = [aHeld(1), aHeld(2)];

    expect(await requeue(held, released, deps)).toEqual({ taken: held, refused: 0 });

    expect(sent.map(({ group }) => group)).toEqual(['sub_1', 'sub_1']);
    for (const [index, { body }] of sent.entries()) {
      expect(read(body)).toEqual({ ...read(held[index]!.message), recheck: true, released: true });
    }
    expect(sent.map(({ body }) => read(body).event.id)).toEqual([idOf(1), idOf(2)]);
  });

  it.each([
    [true, [undefined, NOW + 188, NOW + 375, NOW + 563, NOW + 1000]],
    [false, [undefined, undefined, undefined, undefined, undefined]],
  ])('go out in moments of their own seconds, where they are spread: %s', async (isSpread, moments) => {
    const { deps, sent } = setUp();

    await requeue(
      [1, 2, 3, 4, 5].map((n) => aHeld(n)),
      released,
      deps,
      { perSecond: 4, isSpread },
    );

    expect(sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 0, 0, 0, 1]);
    expect(sent.map(({ body }) => read(body).due_ms)).toEqual(moments);
  });

  it('say that they are a probe where they are', async () => {
    const { deps, sent } = setUp();

    await requeue([aHeld(1)], probe, deps);

    expect(read(sent[0]!.body)).toMatchObject({ probe: true, recheck: true });
    expect(read(sent[0]!.body)).not.toHaveProperty('released');
  });

  it('that SQS refuses are told apart from those it took', async () => {
    const { deps } = setUp([0, 2]);
    const held = [aHeld(1), aHeld(2), aHeld(3), aHeld(4)];

    expect(await requeue(held, released, deps)).toEqual({ taken: [held[1], held[3]], refused: 2 });
  });

  it('that cannot be read go to the sender as they are, and the log names them without their content', async () => {
    const { deps, sent, errors } = setUp();
    const broken = aHeld(1, '{"v":9,"event":"Jane Roe"}');

    expect(await requeue([broken, aHeld(2)], released, deps)).toMatchObject({ refused: 0 });

    expect(sent[0]).toEqual({ body: broken.message, group: 'sub_1' });
    expect(read(sent[1]!.body)).toMatchObject({ released: true });
    expect(errors).toEqual([
      ['held delivery cannot be read', expect.objectContaining({ subscription_id: 'sub_1', event_id: idOf(1) })],
    ]);
    expect(JSON.stringify(errors)).not.toContain('Jane');
  });
});
