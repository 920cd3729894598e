import type { PosthornEvent } from '../../domain/event.ts';
import { isAbout } from '../../domain/operational.ts';
import { unmetBy } from '../../domain/subscription/filter/filter.ts';
import { matches, type Wanted } from '../../domain/subscription/matching.ts';

/** JSON Pointers into an event: what is not as events, account and filter ask; none when it would be sent. */
export function whyNot(wanted: Omit<Wanted, 'active'>, event: PosthornEvent): string[] {
  const { filter, ...rest } = { ...wanted, active: true };
  const because = filter === undefined ? [] : unmetBy(filter, event);
  if (isAbout(rest.id, event)) because.unshift('/resource_id');
  // As if it were about another subscription: what tells of this very one has nothing else in it that is why.
  const { resource_id: _, ...ofAnother } = event;
  if (!matches({ ...rest, events: [event.type] }, ofAnother)) because.unshift('/account');
  const { account: __, ...anyAccount } = rest;
  if (!matches(anyAccount, ofAnother)) because.unshift('/type');
  return [...new Set(because)];
}
