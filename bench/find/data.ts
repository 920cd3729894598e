import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { ulidOf } from '../../lambdas/domain/ulid-time.ts';
import type { Match } from '../../lambdas/stores/events.ts';
import { ulid, VISIT } from '../support/sample.ts';

// What lies in the tables of a platform with so many customers: made up, and the same in every run.

/** How much there is. */
export interface Size {
  events: number;
  subscriptions: number;
}

/** Whom support is called by, and about what. */
export const CALLER = { organization: 'South_Clinic', host: 'hooks.southclinic.example', visit: '28540' } as const;
/** What the caller's endpoint answers to everything about that visit. */
export const ANSWER = 'no such tenant';

/** Endpoints of each organization; each wants some of the event types. */
const PER_ORGANIZATION = [['visit.*'], ['shift.*', 'user.*']];
/** Of a visit: five events, of which the second endpoint wants one. */
const TYPES = ['visit.created', 'visit.updated', 'shift.updated', 'visit.updated', 'visit.ended'];
/** One event in so many is given up. */
const FAILING = 50;
const PLACES = ['North', 'East', 'West', 'Harbor', 'Lake', 'Hill', 'Forest', 'Bridge'];
const KINDS = ['Clinic', 'Hospital', 'Practice', 'Center', 'Care'];
/** Visits are numbered by each organization for itself, from somewhere below this. */
const NUMBERS = 40_000;
const DAYS = 14;
const DAY_MS = 86_400_000;
/** Tries begin so long after their event, milliseconds. */
const TRIES_MS = [150, 10_400, 70_900, 251_300];

/** A customer: name, endpoints, how many visits it had, and the number of the first. */
export interface Organization {
  name: string;
  endpoints: { id: string; url: string; events: string[] }[];
  visits: number;
  firstVisit: number;
}

/** All customers, the caller among them. */
export function organizations({ subscriptions, events }: Size): Organization[] {
  const count = Math.max(1, Math.floor(subscriptions / PER_ORGANIZATION.length));
  const visits = Math.max(1, Math.round(events / count / TYPES.length));
  return Array.from({ length: count }, (_, n) => {
    const isCaller = n === Math.floor(count / 2);
    const name = isCaller
      ? CALLER.organization
      : `${PLACES[n % PLACES.length]}_${KINDS[n % KINDS.length]}_${String(n).padStart(4, '0')}`;
    const host = isCaller ? CALLER.host : `hooks.${name.toLowerCase().replaceAll('_', '')}.example`;
    const endpoints = PER_ORGANIZATION.map((events, at) => ({
      id: `sub_${ulid(n * PER_ORGANIZATION.length + at)}`,
      url: `https://${host}/posthorn/${at}`,
      events,
    }));
    // The caller's newest visit is the one that it calls about.
    return { name, endpoints, visits, firstVisit: isCaller ? Number(CALLER.visit) - visits + 1 : (n * 37) % NUMBERS };
  });
}

/** One event with what became of it. */
export interface Story {
  event: PosthornEvent;
  matches: Match[];
  attempts: Attempt[];
}

/** An organization's events, oldest first. @param nowMs the newest are some minutes older. */
export function* storiesOf(organization: Organization, nowMs: number): Generator<Story> {
  const count = organization.visits * TYPES.length;
  for (let n = 0; n < count; n++) {
    const at = nowMs - 600_000 - Math.floor(((count - 1 - n) * DAYS * DAY_MS) / count);
    yield storyOf(organization, { n, at, visit: String(organization.firstVisit + Math.floor(n / TYPES.length)) });
  }
}

function storyOf(organization: Organization, { n, at, visit }: { n: number; at: number; visit: string }): Story {
  const type = TYPES[n % TYPES.length]!;
  const endpoint = organization.endpoints[type.startsWith('visit.') ? 0 : 1]!;
  const event: PosthornEvent = {
    id: `evt_${ulidOf(at, (BigInt(seedOf(organization.name)) << 40n) + BigInt(n))}`,
    organization: organization.name,
    type,
    triggering_location: 'CLINICIAN_APP',
    resource_id: visit,
    enqueued_ms: at,
    data: JSON.stringify({ ...VISIT, id: visit }),
  };
  const isCalledAbout = organization.name === CALLER.organization && visit === CALLER.visit && type === 'visit.ended';
  const fails = isCalledAbout || (n + seedOf(organization.name)) % FAILING === 0;
  const attempts = (fails ? TRIES_MS : TRIES_MS.slice(0, 1)).map((after, tried): Attempt => {
    const outcome = !fails ? 'delivered' : tried === TRIES_MS.length - 1 ? 'exhausted' : 'failed';
    return {
      id: `att_${ulidOf(at + after, BigInt(n * TRIES_MS.length + tried))}.${event.id}.${endpoint.id}`,
      event_id: event.id,
      subscription_id: endpoint.id,
      organization: event.organization,
      type,
      resource_id: visit,
      attempt: tried + 1,
      attempted_ms: at + after,
      outcome,
      ...(fails && { reason: `status ${isCalledAbout ? 404 : 500}` }),
      url: endpoint.url,
      format: 'standard',
      status: fails ? (isCalledAbout ? 404 : 500) : 200,
      response_body: isCalledAbout ? ANSWER : fails ? 'try again' : '{"status":"ok"}',
      timings_ms: { dns: 1, connect: 9, tls: 14, first_byte: 61, total: 86 },
    };
  });
  return { event, matches: [{ subscription: endpoint.id, format: 'standard' }], attempts };
}

/** A number from a name; the same in every run. */
function seedOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
}
