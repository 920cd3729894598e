import { attemptId, FAILURES } from '../../domain/delivery/attempt.ts';
import type { Attempt, Outcome } from '../../domain/delivery/attempt.ts';

/** Only these carry `failed_organization` and so appear in the sparse index `failures`. */
export const INDEXED_OUTCOMES: readonly Outcome[] = FAILURES;

/** A row of the table `Attempts`. Id, event and subscription are in its keys and not stored twice. */
export type AttemptItem = Omit<Attempt, 'id' | 'event_id' | 'subscription_id'> & {
  subscription: string;
  /** `<event id>#<attempt ULID>`. */
  event_attempt: string;
  failed_organization?: string;
  /** Seconds since the epoch: the table's TTL. */
  expires_at: number;
};

const DAY_SECONDS = 86_400;

export function toItem(attempt: Attempt, retentionDays: number): AttemptItem {
  const { id, event_id, subscription_id, ...rest } = attempt;
  const ulid = id.slice('att_'.length, id.indexOf('.'));
  return {
    subscription: subscription_id,
    event_attempt: `${event_id}#${ulid}`,
    ...rest,
    ...(INDEXED_OUTCOMES.includes(attempt.outcome) ? { failed_organization: attempt.organization } : {}),
    expires_at: Math.floor(attempt.attempted_ms / 1000) + retentionDays * DAY_SECONDS,
  };
}

export function fromItem(item: AttemptItem): Attempt {
  const { subscription, event_attempt, failed_organization: _, expires_at: __, ...rest } = item;
  const [eventId, ulid] = event_attempt.split('#') as [string, string];
  return {
    id: attemptId(ulid, eventId, subscription),
    event_id: eventId,
    subscription_id: subscription,
    ...rest,
  };
}
