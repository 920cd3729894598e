import { describe, expect, it } from 'vitest';
import { redeliverRoutes, type RedeliverDeps } from '../../lambdas/api/deliveries/redeliver.ts';
import { notFound } from '../../lambdas/api/http/access.ts';
import type { DeliveryFields } from '../../lambdas/domain/messages/deliveries.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { anEvent } from '../support/sender.ts';

// Doubled: the subscriptions, the log, the queue and the audit trail, in the order in which they are asked.

const NOW = 1_700_000_000_000;
const PRINCIPAL = { keyId: 'key_1', scopes: ['organization' as const], organization: 'org_1' };

function setUp({ type = 'visit.ended', taken = true, known = true, mine = true, recorded = true, active = true } = {}) {
  const event = anEvent({ organization: 'org_1', type });
  const steps: string[] = [];
  const sent: DeliveryMessage[] = [];
  const deps = {
    subscriptions: {
      find: async () => {
        if (!mine) throw notFound();
        return { organization: 'org_1', id: 'sub_1', active };
      },
    },
    replayable: {
      one: async (organization: string, subscription: string, id: string) => {
        steps.push(`look ${organization} ${subscription} ${id}`);
        return known ? { event, format: 'clinic-v1' as const } : undefined;
      },
    },
    repeats: async () => undefined,
    record: async (_principal: unknown, { action, id }: { action: string; id: string }) => {
      if (!recorded) throw new Error('throttled');
      steps.push(`record ${action} ${id}`);
      return 'key_1 aud_1';
    },
    sendDelivery: async (event: PosthornEvent, fields: DeliveryFields) => {
      steps.push('send');
      sent.push({ v: 1, event, ...fields });
      return taken;
    },
    now: () => NOW,
  } as unknown as RedeliverDeps;
  const [route] = redeliverRoutes(deps);
  const call = () =>
    route!.handle({ principal: PRINCIPAL, params: { event: event.id, subscription: 'sub_1' } } as never);
  return { event, steps, sent, call };
}

describe('a redelivery', () => {
  it('is recorded, then queued with the event as it was and the format of its delivery', async () => {
    const { event, steps, sent, call } = setUp();

    expect(await call()).toEqual({ status: 202, body: { event_id: event.id, subscription_id: 'sub_1' } });

    expect(steps).toEqual([`look org_1 sub_1 ${event.id}`, `record delivery.redelivered ${event.id}/sub_1`, 'send']);
    expect(sent).toEqual([
      {
        ...{ v: 1, event, subscription_id: 'sub_1', format: 'clinic-v1', queued_ms: NOW },
        ...{ recheck: true, replay: 'redeliver' },
      },
    ]);
  });

  it('of a ping goes out although the subscription is inactive', async () => {
    const { sent, call } = setUp({ type: 'ping', active: false });

    await call();

    expect(sent[0]).toMatchObject({ even_if_inactive: true });
  });

  it('of another event says why not: it would be cancelled, whatever became of it before', async () => {
    const { event, steps, call } = setUp({ active: false });

    await expect(call()).rejects.toMatchObject({ status: 409 });

    expect(steps).toEqual([`look org_1 sub_1 ${event.id}`]);
  });

  it('that SQS does not take says so: it is asked for again', async () => {
    const { call } = setUp({ taken: false });

    await expect(call()).rejects.toMatchObject({ status: 503 });
  });

  it('that cannot be recorded is not sent', async () => {
    const { sent, call } = setUp({ recorded: false });

    await expect(call()).rejects.toThrow('throttled');

    expect(sent).toEqual([]);
  });

  it.each([
    ['of an event that never was for this subscription', { known: false }],
    ['for a foreign subscription', { mine: false }],
  ])('%s is not found, nor recorded, nor sent', async (_name, foreign) => {
    const { steps, sent, call } = setUp(foreign);

    await expect(call()).rejects.toMatchObject({ status: 404 });

    expect(sent).toEqual([]);
    expect(steps.filter((step) => !step.startsWith('look'))).toEqual([]);
  });
});
