import { asBoolean, asText } from './hand-typed.ts';
import type { SubscriptionRules } from './read-subscription.ts';
import type { SubscriptionRow } from './subscription.ts';

/** A row before and after a change; absent: there was none, or there is none any more. */
export interface RowPair {
  before?: SubscriptionRow | undefined;
  after?: SubscriptionRow | undefined;
}

/** Whether a change made an inactive row active. */
export function activates({ before, after }: RowPair): boolean {
  return before !== undefined && after !== undefined && !isActive(before) && isActive(after);
}

/** Whether a row says that nothing is to be sent for now. What is no `paused` at all is a fault of the row. */
export function isPaused(row: SubscriptionRow | undefined): boolean {
  return row !== undefined && asBoolean(row.paused) === true;
}

/** Whether a row says that its customer fetches deliveries itself. What is no `delivery` at all is a fault of the row. */
export function isPulled(row: SubscriptionRow | undefined): boolean {
  return row !== undefined && asText(row.delivery)?.toLowerCase() === 'pull';
}

/** Whether a row says that nothing is sent: what comes is kept. */
export function isKept(row: SubscriptionRow | undefined): boolean {
  return isPaused(row) || isPulled(row);
}

/** Whether a change ended that: a pause is over, or deliveries are sent again instead of fetched. */
export function resumes({ before, after }: RowPair): boolean {
  return isKept(before) && after !== undefined && !isKept(after);
}

/**
 * Whether a change makes what is known of the endpoint's health void: deliveries go to another URL, or somebody says that the
 * endpoint is well again by activating its subscription.
 */
export function beginsAnew(change: RowPair, rules: Pick<SubscriptionRules, 'checkUrl'>): boolean {
  const { before, after } = change;
  if (before === undefined || after === undefined) return false;
  return activates(change) || urlOf(before, rules) !== urlOf(after, rules);
}

/** Whether a change made a row inactive that was active, or new. */
export function deactivates({ before, after }: RowPair): boolean {
  return after !== undefined && !isActive(after) && (before === undefined || isActive(before));
}

/** What is no `active` at all is a fault of the row, not a wish to switch it off. */
export function isActive({ active }: SubscriptionRow): boolean {
  return asBoolean(active) !== false;
}

/** As it is delivered to; what cannot be delivered to, as it was typed. */
function urlOf({ url }: SubscriptionRow, { checkUrl }: Pick<SubscriptionRules, 'checkUrl'>): string {
  const text = asText(url) ?? '';
  const checked = checkUrl(text);
  return checked.ok ? checked.url : text;
}
