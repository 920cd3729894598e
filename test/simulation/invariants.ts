import { FINAL_OUTCOMES, type Attempt } from '../../lambdas/domain/attempt.ts';
import type { Manner, Seen } from './endpoints.ts';
import type { Plan } from './simulate.ts';
import type { World } from './world.ts';

/** Requests one message may cause: one try and three retries. */
const TRIES = 4;

/**
 * Everything that must hold when all has come to rest.
 * @returns what does not, in words; empty when all is well.
 */
export function findViolations(world: World, plan: Plan, cameToRest: boolean): string[] {
  const { tables, endpoints } = world;
  const violations: string[] = [];
  if (!cameToRest) violations.push('the queues did not drain');
  if (world.events.messages.size + world.deliveries.fast.messages.size + world.deliveries.slow.messages.size > 0) {
    violations.push('messages were left in a queue that nobody looks at');
  }

  const wanted = new Map<string, Plan['subscriptions'][number]>();
  for (const event of plan.accepted) {
    for (const subscription of plan.subscriptions) {
      const matched = tables.recorded.get(event.id)?.some((match) => match.subscription === subscription.id);
      // After a 410 a subscription is inactive, and later events do not match it any more.
      if (subscription.organization === event.organization && (matched || subscription.manner !== 'gone')) {
        wanted.set(`${event.id} ${subscription.url}`, subscription);
      }
    }
  }
  const deadLetters = [...world.deliveriesDeadLetters.messages.values(), ...world.eventsDeadLetters.messages.values()];
  for (const [key, subscription] of wanted) {
    const [event, url] = key.split(' ') as [string, string];
    const { id, manner } = subscription;
    const log = tables.attempts.filter((one) => one.event_id === event && one.subscription_id === id);
    const seen = endpoints.seen.filter((request) => request.id === event && request.url === url);
    violations.push(...ofDelivery(key, log, seen, { world, manner, dead: countDead(deadLetters, event, id) }));
  }
  if (tables.recorded.size > plan.published) violations.push('one request became two events');
  const accepted = new Set(plan.accepted.map(({ id }) => id));
  for (const { id, url } of endpoints.seen) {
    // An event whose acceptance the producer never heard of may be delivered; one of another organization never.
    if (accepted.has(id) && !wanted.has(`${id} ${url}`)) violations.push(`unexpected: ${id} at ${url}`);
  }
  return violations;
}

/** Milliseconds between two tries at least: the shortest delay, less its jitter. */
const SHORTEST_GAP_MS = 8000;

interface Situation {
  world: World;
  manner: Manner;
  /** Dead letters of this delivery, or of its event. */
  dead: number;
}

function ofDelivery(name: string, log: Attempt[], seen: Seen[], { world, manner, dead }: Situation): string[] {
  const violations: string[] = [];
  const expect = (holds: boolean, otherwise: string): void => void (holds || violations.push(`${otherwise}: ${name}`));
  const outcomes = log.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ outcome }) => outcome);
  const ended = FINAL_OUTCOMES.includes(outcomes.at(-1)!);
  // 2xx is what the customer wanted, and 410 is its last word; whether the log got the line is another matter.
  const answered = seen.some(({ status }) => status < 300 || status === 410);

  // Cancelled because of a 410 to another event, and the line about it was among those that could not be written.
  const silentlyCancelled = manner === 'gone' && world.tables.unwritten > 0;
  expect(ended || answered || dead > 0 || silentlyCancelled, 'lost');
  expect(new Set(seen.map(({ body }) => body)).size <= 1, 'bytes changed');
  for (const { attempt, outcome, status } of log) {
    expect(attempt >= 1 && attempt <= TRIES, `attempt number ${attempt}`);
    const matching = outcome !== 'delivered' || seen.some((request) => request.status === status);
    expect(matching, 'logged as delivered but never seen');
  }
  expect(
    !outcomes.includes('exhausted') || dead > 0 || outcomes.includes('delivered'),
    'exhausted, but no dead letter',
  );
  // Without crashes and lost answers nothing may happen twice, whether or not the log can be written.
  if (!world.calm) return violations;
  expect(seen.length <= (manner === 'well' ? 1 : TRIES), `${seen.length} requests`);
  const gaps = seen.slice(1).map((request, n) => request.atMs - seen[n]!.atMs);
  expect(
    gaps.every((gap) => gap >= SHORTEST_GAP_MS),
    'tried again too soon',
  );
  expect(manner !== 'dead' || (seen.length === TRIES && dead === 1), 'not exactly four tries and one dead letter');
  expect(manner !== 'gone' || seen.length <= 1, 'sent again after 410');
  if (world.tables.unwritten > 0) return violations;
  expect(ended, 'no final state');
  expect(outcomes.filter((outcome) => FINAL_OUTCOMES.includes(outcome)).length === 1, 'not exactly one final state');
  expect(outcomes.length === seen.length || outcomes.includes('cancelled'), 'the log differs from what was seen');
  return violations;
}

function countDead(letters: { body: string }[], event: string, subscription: string): number {
  return letters.filter(({ body }) => body.includes(event) && (body.includes(subscription) || !body.includes('sub_')))
    .length;
}
