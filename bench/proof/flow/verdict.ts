import { FINAL_OUTCOMES } from '../../../lambdas/domain/delivery/attempt.ts';
import type { Customers, Manner, Seen } from './customers.ts';
import { deliveryName } from './dead-letters.ts';
import { isOfLeaving } from './leaving.ts';
import type { Line } from './log.ts';
import { wants, type Accepted } from './producers.ts';

export interface Subscribed {
  id: string;
  organization: string;
  manner: Manner;
  path: string;
}

export interface Evidence {
  accepted: readonly Accepted[];
  subscriptions: readonly Subscribed[];
  customers: Customers;
  /** By subscription, then event. */
  log: ReadonlyMap<string, ReadonlyMap<string, readonly Line[]>>;
  /** Deliveries found in the dead-letter queue and exhausted by their log. */
  exhausted: ReadonlySet<string>;
}

export interface Verdict {
  deliveries: number;
  lost: number;
  unexpected: number;
  /** Requests to a customer that had accepted this delivery before. */
  duplicates: number;
  /** Deliveries that came to an end without a line in the log. */
  unlogged: number;
  /** Deliveries whose log tells more than one end: two copies of a message, or a second receive of one. */
  endedTwice: number;
  /** Deliveries exhausted although the customer had accepted: his answer came after the deadline, on a machine too busy. */
  unheard: number;
  /** Deliveries given up without one request to their customer. */
  unasked: number;
  /** All that does not hold, in words. */
  violations: string[];
}

/** Share of {@link Verdict.unheard} that a busy machine may cause; more of them would hide something. */
const UNHEARD = 0.001;

/** @throws when more answers came too late than can be by chance. */
export function assertHeard({ unheard, deliveries }: Verdict): void {
  const most = Math.ceil(UNHEARD * deliveries);
  if (unheard > most)
    throw new Error(`${unheard} answers came after the deadline, at most ${most} may: a busy machine?`);
}

/** Tries of one message. */
const TRIES = 4;

/** Holds what customers saw against what producers were promised and what the log tells. */
export function judge({ accepted, subscriptions, customers, log, exhausted }: Evidence): Verdict {
  const verdict: Verdict = {
    deliveries: 0,
    lost: 0,
    unexpected: 0,
    duplicates: 0,
    unlogged: 0,
    endedTwice: 0,
    unheard: 0,
    unasked: 0,
    violations: [...customers.wrong],
  };
  const expected = new Set<string>();
  for (const { id, organization, type } of accepted) {
    for (const subscription of subscriptions) {
      if (subscription.organization !== organization || !wants(subscription.manner, type)) continue;
      const key = `${subscription.path} ${id}`;
      expected.add(key);
      verdict.deliveries += 1;
      const seen = customers.seen.get(key);
      verdict.duplicates += seen?.duplicates ?? 0;
      const lines = log.get(subscription.id)?.get(id) ?? [];
      const dead = exhausted.has(deliveryName(id, subscription.id));
      for (const problem of problemsOf(lines, seen, dead)) {
        if (problem === 'lost') verdict.lost += 1;
        if (problem === 'unlogged') verdict.unlogged += 1;
        verdict.violations.push(`${key}: ${problem} ${JSON.stringify({ lines, seen, dead })}`);
      }
      if (lines.filter(({ outcome }) => FINAL_OUTCOMES.includes(outcome)).length > 1) verdict.endedTwice += 1;
      if (isUnheard(lines) && (seen?.accepted ?? 0) > 0) verdict.unheard += 1;
      if (dead && seen === undefined) verdict.unasked += 1;
    }
  }
  for (const key of customers.seen.keys()) {
    if (expected.has(key) || isOfLeaving(key) || isTold(key)) continue;
    verdict.unexpected += 1;
    verdict.violations.push(`${key}: unexpected`);
  }
  return verdict;
}

/** What is told of endpoints is looked at by itself. */
const isTold = (key: string): boolean => key.includes('/told ');

/** Nobody can know whether a customer whose answer is awaited in vain has accepted; the log says that it was late. */
function isUnheard(lines: readonly Line[]): boolean {
  const isLate = ({ reason }: Line): boolean => reason?.startsWith('timeout after ') === true;
  return lines.some(isLate) && lines.every(({ outcome }) => outcome !== 'delivered');
}

function problemsOf(lines: readonly Line[], seen: Seen | undefined, dead: boolean): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, otherwise: string): void => void (holds || problems.push(otherwise));
  const accepted = (seen?.accepted ?? 0) > 0;
  if (!accepted && !dead) return ['lost'];
  if (lines.length === 0) return ['unlogged'];
  const outcomes = lines.map(({ outcome }) => outcome);
  const finals = new Set(outcomes.filter((outcome) => FINAL_OUTCOMES.includes(outcome)));
  expect(finals.size > 0, 'no final state');
  // Success is the last word, whichever line was written last: another copy of the message may have used up its tries.
  // A success that was not heard of, because its sender died, is followed by further tries until one is.
  expect(
    finals.has('delivered') === accepted || (accepted && isUnheard(lines)),
    'the log and the customer disagree on success',
  );
  expect(accepted || outcomes.at(-1) === 'exhausted', 'the last line is not the end');
  expect(!finals.has('exhausted') || accepted || dead, 'exhausted without a dead letter');
  expect(
    [...finals].every((outcome) => outcome === 'delivered' || outcome === 'exhausted'),
    'a foreign final state',
  );
  for (const { attempt } of lines) expect(attempt >= 1 && attempt <= TRIES, `attempt number ${attempt}`);
  // A try after a success is a second copy of the message, received while the first was still under way: no order there.
  const once = !outcomes.slice(0, -1).includes('delivered');
  const oneCycle = once && lines.every(({ attempt }, n) => n === 0 || attempt > lines[n - 1]!.attempt);
  const rising = lines.every(({ attemptedMs }, n) => n === 0 || attemptedMs >= lines[n - 1]!.attemptedMs);
  expect(!oneCycle || rising, 'times do not rise');
  return problems;
}
