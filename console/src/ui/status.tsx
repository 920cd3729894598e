import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Outcome, Subscription } from '../api/types.ts';

/** Every outcome in the order in which people ask for them. */
export const OUTCOMES = [
  'delivered',
  'failed',
  'exhausted',
  'gone',
  'held',
  'cancelled',
  'skipped',
] as const satisfies readonly Outcome[];

const OUTCOME_TYPES: Record<Outcome | 'pending', StatusIndicatorProps.Type> = {
  delivered: 'success',
  failed: 'warning',
  exhausted: 'error',
  gone: 'error',
  held: 'pending',
  cancelled: 'stopped',
  skipped: 'info',
  pending: 'in-progress',
};

/** What each outcome means, for whoever sees it the first time. */
export const OUTCOME_MEANINGS: Record<Outcome, string> = {
  delivered: 'The endpoint accepted it.',
  failed: 'The endpoint did not accept it; it is retried.',
  exhausted: 'The last attempt failed. It may be tried again automatically for some hours.',
  gone: 'The endpoint answered 410; the subscription was deactivated.',
  held: 'The endpoint takes nothing now; it is sent when the endpoint recovers.',
  cancelled: 'The subscription was deleted or deactivated before it was sent.',
  skipped: 'The format cannot carry this event.',
};

/** What an endpoint answered, in words; else why it was not asked. */
export function answerOf({
  outcome,
  status,
  reason,
}: {
  outcome: Outcome | 'pending';
  status?: number | undefined;
  reason?: string | undefined;
}): string {
  if (outcome === 'pending') return 'not tried yet';
  return reason ?? (status === undefined ? OUTCOME_MEANINGS[outcome] : `status ${status}`);
}

export function OutcomeStatus({ outcome }: { outcome: Outcome | 'pending' }) {
  return <StatusIndicator type={OUTCOME_TYPES[outcome]}>{outcome}</StatusIndicator>;
}

/** A table's column of outcomes: in a narrower one "exhausted" with its sign would be broken in the middle of the word. */
export const outcomeColumn = <T extends { outcome: Outcome | 'pending' }>() => ({
  id: 'outcome',
  header: 'Outcome',
  minWidth: 130,
  cell: ({ outcome }: T) => <OutcomeStatus outcome={outcome} />,
});

/** Whether a subscription gets its events, in one word: what a person must know first. */
export function SubscriptionStatus({ of }: { of: Subscription }) {
  if (of.problem !== undefined) return <StatusIndicator type="error">problem</StatusIndicator>;
  if (!of.active) return <StatusIndicator type="stopped">inactive</StatusIndicator>;
  const { state, failures, called } = of.health ?? { state: 'healthy', failures: 0, called: false };
  if (state === 'down') return <StatusIndicator type="error">down</StatusIndicator>;
  if (state === 'throttled') return <StatusIndicator type="pending">throttled</StatusIndicator>;
  if (state === 'paused') return <StatusIndicator type="stopped">paused</StatusIndicator>;
  if (state === 'releasing') return <StatusIndicator type="in-progress">releasing</StatusIndicator>;
  if (state === 'pull') return <StatusIndicator type="info">fetched</StatusIndicator>;
  if (state === 'slow') return <StatusIndicator type="warning">slow</StatusIndicator>;
  if (failures > 0) return <StatusIndicator type="warning">failing</StatusIndicator>;
  // Nothing bad is known of it, but nothing good either: its organization may be a typing error.
  if (!called) return <StatusIndicator type="pending">no attempts yet</StatusIndicator>;
  return <StatusIndicator type="success">healthy</StatusIndicator>;
}
