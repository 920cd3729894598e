import { asText } from '../domain/subscription/hand-typed.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import { wantsOf } from '../domain/subscription/wants.ts';
import { targetName } from './delivery-targets.ts';
import type { IsSendable } from './replayable.ts';
import type { SubscriptionStore } from './subscriptions.ts';

/**
 * Asks for each subscription once. Made anew for each page, so that no answer is old.
 * @param account only subscriptions of this one; undefined: of any, and of none.
 */
export function createIsSendable(
  { subscriptions, rules }: { subscriptions: Pick<SubscriptionStore, 'get'>; rules: SubscriptionRules },
  account: string | undefined,
): IsSendable {
  const known = new Map<string, Promise<boolean>>();
  const ask = async (organization: string, subscription: string): Promise<boolean> => {
    const row = await subscriptions.get(organization, subscription);
    return (account === undefined || asText(row?.account) === account) && wantsOf(row, rules) !== undefined;
  };
  return (organization, subscription) => {
    const name = targetName({ organization, subscription });
    const answer = known.get(name) ?? ask(organization, subscription);
    known.set(name, answer);
    return answer;
  };
}
