import {} from 'vitest';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { NOW } from '../support/sender.ts';

export const HOUR_MS = 3_600_000;
export const throttled = (): Promise<never> => Promise.reject(new Error('throttled'));

export function decoded({ body }: { body: string }): DeliveryMessage {
  const read = decodeDeliveryMessage(body);
  if (!read.ok) throw new Error(read.reason);
  return read.message;
}

/** What a message that took the place of another says about tries and trouble. */
export function resumed(entry: { body: string } | undefined) {
  const { tries, trouble_ms, recheck, resumed_ms } = decoded(entry!);
  return { tries, trouble_ms, recheck, resumed_ms };
}

/** A line as an earlier receive of a message left it in the log. */
export function logged(message: DeliveryMessage, line: Partial<Attempt>): Attempt {
  return {
    id: 'att_1',
    event_id: message.event.id,
    subscription_id: message.subscription_id,
    organization: message.event.organization,
    type: message.event.type,
    attempt: 1,
    attempted_ms: NOW,
    outcome: 'failed',
    url: '',
    format: message.format,
    ...line,
  };
}
