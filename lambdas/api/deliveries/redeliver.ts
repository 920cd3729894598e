import { z } from 'zod';
import { redelivered, type DeliveryFields } from '../../domain/messages/deliveries.ts';
import { maySee } from '../../domain/api-key.ts';
import { isTest, type PosthornEvent } from '../../domain/event.ts';
import { Problem } from '../../domain/problem.ts';
import type { ReplayableStore } from '../../stores/replayable.ts';
import type { Auditor } from '../audit/audit.ts';
import type { CountRepeats } from './repeats.ts';
import { STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { route, type Route } from '../http/route.ts';
import { refuseUnsendable } from '../subscriptions/sendable.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';

export interface RedeliverDeps {
  subscriptions: Subscriptions;
  replayable: Pick<ReplayableStore, 'one'>;
  /** Hands a message to the queue `deliveries`. @returns false when SQS did not take it. */
  sendDelivery(event: PosthornEvent, fields: DeliveryFields): Promise<boolean>;
  record: Auditor;
  repeats: CountRepeats;
  now(): number;
}

/** `POST /v1/deliveries/{event}/{subscription}/redeliver`. */
export function redeliverRoutes({
  subscriptions,
  replayable,
  sendDelivery,
  record,
  repeats,
  now,
}: RedeliverDeps): Route[] {
  return [
    route({
      operation: 'redeliver',
      method: 'POST',
      path: '/v1/deliveries/{event}/{subscription}/redeliver',
      summary: 'Send one event to one subscription again, whatever its outcome was: same id, same bytes',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: {
        status: 202,
        description: 'Queued',
        schema: z.object({ event_id: z.string(), subscription_id: z.string() }),
      },
      handle: async ({ principal, params }) => {
        const subscription_id = params.subscription!;
        const row = await subscriptions.find(principal, subscription_id);
        const organization = String(row.organization);
        const delivery = await replayable.one(organization, subscription_id, params.event!);
        if (!delivery || !maySee(principal, delivery.event)) throw noDelivery();
        const { event, format } = delivery;
        if (!isTest(event)) refuseUnsendable(row);
        await repeats(principal, 1);
        await record(principal, {
          action: 'delivery.redelivered',
          type: 'delivery',
          id: `${event.id}/${subscription_id}`,
          organization,
        });
        const queued = await sendDelivery(
          event,
          redelivered({ subscription_id, format }, { nowMs: now(), isTest: isTest(event) }),
        );
        if (!queued) throw new Problem('unavailable', 'The delivery could not be queued. Try again in a moment.');
        return { status: 202, body: { event_id: event.id, subscription_id } };
      },
    }),
  ];
}

/** The subscription is the caller's own; whether the event is somebody else's, or none at all, cannot be told apart. */
function noDelivery(): Problem {
  return new Problem(
    'not-found',
    'There is no delivery of this event to this subscription: the event did not match it when it was accepted, is no longer kept, or does not exist.',
  );
}
