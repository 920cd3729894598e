import type { PosthornEvent } from '../../domain/event.ts';
import { unmetBy } from '../../domain/subscription/filter/filter.ts';
import { matches, type Wanted } from '../../domain/subscription/matching.ts';

/** JSON Pointers into an event: what is not as events, account and filter ask; none when it would be sent. */
export function whyNot(wanted: Omit<Wanted, 'active'>, event: PosthornEvent): string[] {
  const { filter, ...rest } = { ...wanted, active: true };
  const because = filter === undefined ? [] : unmetBy(filter, event);
  if (!matches({ ...rest, events: ['*'] }, event)) because.unshift('/account');
  const { account: _, ...anyAccount } = rest;
  if (!matches(anyAccount, event)) because.unshift('/type');
  return [...new Set(because)];
}
