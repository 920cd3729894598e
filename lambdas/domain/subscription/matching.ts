import { nearName } from '../near-name.ts';
import { isTest, type PosthornEvent } from '../event.ts';
import { isAbout, isOperational } from '../operational.ts';
import { passesFilter } from './filter/filter.ts';
import type { Subscription } from './subscription.ts';

/** One segment of an event type. */
const SEGMENT = '[a-z0-9][a-z0-9_-]*';
const EXACT = new RegExp(`^${SEGMENT}(\\.${SEGMENT}){1,2}$`);
/** One or two segments and `.*`: types have three at most, so a longer prefix could never match. */
const PREFIX = new RegExp(`^${SEGMENT}(\\.${SEGMENT})?\\.\\*$`);
const BARE_NAME = new RegExp(`^${SEGMENT}$`);

/** What of a subscription says which events it gets; without an id, of one that is yet to be made. */
export type Wanted = Pick<Subscription, 'active' | 'organization' | 'account' | 'events' | 'filter'> &
  Partial<Pick<Subscription, 'id'>>;

/**
 * Whether an event goes to a subscription: same organization, its account where it names one, active, one of its
 * patterns matches, and it passes the filter, if there is one. A ping or a
 * sample matches nothing: it goes only to the subscription it was asked for. What the platform tells of an endpoint does not
 * go to that one.
 */
export function matches(subscription: Wanted, event: PosthornEvent): boolean {
  return (
    subscription.active &&
    subscription.organization === event.organization &&
    (subscription.account === undefined || subscription.account === event.account) &&
    !isTest(event) &&
    !isAbout(subscription.id, event) &&
    subscription.events.some((pattern) => matchesPattern(pattern, event.type)) &&
    (subscription.filter === undefined || passesFilter(subscription.filter, event))
  );
}

/**
 * Whether a well-formed pattern matches an event type: `*` all that producers publish · `visit.ended` itself · `visit.*` all below, any depth ·
 * `visit` the same as `visit.*`. Whole segments only: `visit` does not match `visits.ended`.
 */
function matchesPattern(pattern: string, type: string): boolean {
  // Whoever asks for everything means what happens to patients: what the platform tells is asked for by its name.
  if (pattern === '*') return !isOperational(type);
  if (pattern === type) return true;
  if (pattern.endsWith('.*')) return type.startsWith(pattern.slice(0, -1));
  return !pattern.includes('.') && type.startsWith(`${pattern}.`);
}

/**
 * What is wrong with a pattern, in words for the person who wrote it, or undefined if nothing is.
 *
 * An exact type must be in the catalogue: a misspelt one would wait for ever. A service name or `….*` need not match
 * anything yet, because it stands for types that are added later too.
 */
export function checkPattern(pattern: string, knownTypes: ReadonlySet<string>): string | undefined {
  if (pattern === '*' || PREFIX.test(pattern) || BARE_NAME.test(pattern)) return undefined;
  const got = JSON.stringify(pattern.slice(0, 60));
  if (!EXACT.test(pattern)) {
    return `${got} is not a pattern: expected "*", a type such as "visit.ended", all types below a name such as "visit.*", or a service name such as "visit"`;
  }
  if (knownTypes.has(pattern)) return undefined;
  return `${got} is not in the catalogue: ${suggestion(pattern, knownTypes)}`;
}

/** The types of the same service, at most five; where there are none, the one that was probably meant, or where to find all. */
function suggestion(pattern: string, knownTypes: ReadonlySet<string>): string {
  const service = pattern.slice(0, pattern.indexOf('.') + 1);
  const near = [...knownTypes].filter((type) => type.startsWith(service)).sort();
  if (near.length > 0) return `use one of ${near.slice(0, 5).join(', ')}`;
  const meant = nearName(pattern, [...knownTypes]);
  return `${meant === undefined ? '' : `did you mean ${meant}? `}GET /v1/event-types lists the types`;
}
