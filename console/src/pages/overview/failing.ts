import type { Delivery, Statistics, Subscription } from '../../api/types.ts';
import { targetOf, targetOfCall } from '../subscription/name.ts';

/** Endpoints that are counted: one read each. */
const COUNTED = 10;
/** Endpoints that are shown. */
const SHOWN = 5;

/** An endpoint that may be among those that fail most. */
export interface Candidate {
  subscription: string;
  organization: string;
  /** Where its deliveries go, in words. */
  url: string;
}

/** One that does. */
export interface Failing extends Candidate {
  failed: number;
  tries: number;
}

/** Whom to count: those with most of the newest failures, then those in trouble. */
export function candidatesOf(failures: readonly Delivery[], troubled: readonly Subscription[]): Candidate[] {
  const found = new Map<string, Candidate & { failures: number }>();
  for (const { subscription_id, organization, url } of failures) {
    const before = found.get(subscription_id);
    const failures = (before?.failures ?? 0) + 1;
    const target = before?.url ?? targetOfCall(url);
    found.set(subscription_id, { subscription: subscription_id, organization, url: target, failures });
  }
  for (const one of troubled) {
    const { id, organization } = one;
    if (!found.has(id)) found.set(id, { subscription: id, organization, url: targetOf(one), failures: 0 });
  }
  return [...found.values()]
    .toSorted((a, b) => b.failures - a.failures)
    .slice(0, COUNTED)
    .map(({ subscription, organization, url }) => ({ subscription, organization, url }));
}

/** Those with the most failed tries first; one without any is none. */
export function topFailing(counted: readonly { of: Candidate; tries: Statistics['total']['tries'] }[]): Failing[] {
  return counted
    .map(({ of, tries }) => ({ ...of, tries: tries.total, failed: tries.total - tries.outcomes.delivered }))
    .filter(({ failed }) => failed > 0)
    .toSorted((a, b) => b.failed - a.failed)
    .slice(0, SHOWN);
}
