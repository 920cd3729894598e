import { checkEndpointUrl } from '../../../lambdas/domain/endpoint/endpoint-url.ts';
import { readSubscription, type SubscriptionRules } from '../../../lambdas/domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../../lambdas/domain/subscription/subscription.ts';

export const rules: SubscriptionRules = {
  checkUrl: (url) => checkEndpointUrl(url, { allowHttp: false, localReceivers: false }),
  knownTypes: new Set(['visit.created', 'visit.ended', 'visit.note.signed_and_sent', 'shift.created', 'ping']),
};

export const BARE = { organization: 'acme', id: 'sub_1', url: 'https://hooks.example.com/in' };
export const row = (fields: SubscriptionRow = {}): SubscriptionRow => ({ ...BARE, ...fields });

/** What was understood; fails the test when the row was not. */
export function understood(fields: SubscriptionRow): Record<string, unknown> {
  const result = readSubscription(row(fields), rules);
  if (!result.ok) throw new Error(`Not understood: ${result.problem}`);
  return { ...result.subscription };
}

export function problemOf(value: SubscriptionRow): string {
  const result = readSubscription(value, rules);
  if (result.ok) throw new Error(`Understood: ${JSON.stringify(result.subscription)}`);
  return result.problem;
}
