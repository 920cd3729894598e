import { Problem } from '../../domain/problem.ts';
import { cutProblem } from '../../domain/subscription/problem-note.ts';
import { readSubscription, type SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import { tooLargeRow } from '../../domain/subscription/row-size.ts';
import {
  DEFAULTED,
  type GivenSubscription,
  type Subscription,
  type SubscriptionRow,
} from '../../domain/subscription/subscription.ts';
import type { SubscriptionInput } from './ports.ts';

/** Reads what a caller gave as the table's rows are read, so that the API and hand edits keep the same rules. */
export function createGiven(rules: SubscriptionRules) {
  /** @throws Problem invalid-request */
  function interpret(row: SubscriptionRow): Subscription {
    normalize(row, row);
    const read = readSubscription(row, rules);
    if (!read.ok) throw refused(read.problem);
    return read.subscription;
  }

  /** Stores URLs in the form they are delivered to, and patterns as a list without repetition. */
  function normalize(target: Record<string, unknown>, input: { url?: unknown; events?: unknown }): void {
    if (input.url !== undefined) target.url = checkedUrl(input.url);
    if (input.events !== undefined) target.events = [...new Set([input.events].flat() as string[])];
  }

  /** @throws Problem invalid-request */
  function checkedUrl(url: unknown): string {
    const checked = rules.checkUrl(url as string);
    if (checked.ok) return checked.url;
    throw new Problem('invalid-request', 'The body is not valid. See errors.', [
      { pointer: '/url', detail: checked.detail },
    ]);
  }

  return { interpret, normalize, checkedUrl, refuseLarge };
}

/**
 * @param before as it was: one that a person has typed too large may be changed, but not grow.
 * @throws Problem invalid-request
 */
function refuseLarge(row: SubscriptionRow, before?: SubscriptionRow): void {
  const wrong = tooLargeRow(row, before);
  if (wrong) throw new Problem('invalid-request', 'The body is not valid. See errors.', [wrong]);
}

export type Given = ReturnType<typeof createGiven>;

/** What is stored of a subscription: a default stays one, so that a later change of what it derives from takes effect. */
export function asGiven(subscription: Subscription, input: SubscriptionInput): GivenSubscription {
  const row: GivenSubscription = { ...subscription };
  for (const name of DEFAULTED) if (input[name] === undefined) delete row[name];
  return row;
}

export function refused(problem: string): Problem {
  return new Problem('invalid-request', cutProblem(problem));
}
