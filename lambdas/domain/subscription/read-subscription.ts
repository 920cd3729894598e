import { misspeltNames } from './attribute-names.ts';
import { readAccount, readKey, readText } from './attributes/identity.ts';
import { short, type Complain, type SubscriptionRules } from './attributes/reading.ts';
import { readAuth, readFormat, readHeaders, readSigning } from './attributes/request.ts';
import {
  isAbsent,
  readActive,
  readDelivery,
  readHealHours,
  readPaused,
  readRate,
  readSuccess,
  readTimeout,
  readUrl,
} from './attributes/sending.ts';
import { readEvents, readFilter } from './attributes/which-events.ts';
import { ID_PATTERN, OWNER_PATTERN } from '../event.ts';
import { describe, isBlank } from './hand-typed.ts';
import { DEFAULTED, type Subscription, type SubscriptionRow } from './subscription.ts';

export type { SubscriptionRules };

/** A row as the platform understands it, or every reason why not, in words for the person who edits it. */
export type ReadSubscription = { ok: true; subscription: Subscription } | { ok: false; problem: string };

/** What the platform itself writes into a row. */
const OWN_NOTES = ['created_at', 'updated_at', 'inactive_since', 'missed_since', 'missed_until', 'problem'] as const;

/**
 * Reads a row that people edit by hand. Whatever can be understood is used; missing attributes get their defaults
 * (active, every event, format `standard`, success `2xx`, or `200` with `envelope`, 10 s); unknown ones are ignored.
 *
 * A cleared field (NULL or empty text) counts as missing where that changes little: description, success, signing,
 * signature_header, headers, auth, timeout_seconds, heal_hours, rate_per_second, and `url` of what is fetched. It is a
 * problem in url, active, delivery, events, account, filter and format, where a guess could send more about patients than
 * was meant; so is a name that looks like one of ours (`Active`, `enabled`, `acount`), and a word that exports write for
 * an empty cell, such as `null`.
 */
export function readSubscription(row: SubscriptionRow, rules: SubscriptionRules): ReadSubscription {
  const problems: string[] = [];
  const complain: Complain = (attribute, expected, got, todo) => {
    problems.push(`${attribute}: expected ${expected}, got ${describe(got)}; ${todo}.`);
  };
  const format = readFormat(row.format, complain);
  const delivery = readDelivery(row.delivery, complain);
  const subscription: Subscription = {
    organization: readKey('organization', row.organization, OWNER_PATTERN, complain),
    id: readKey('id', row.id, ID_PATTERN, complain),
    url: delivery === 'pull' && isAbsent(row.url) ? '' : readUrl(row.url, rules, problems, complain),
    active: readActive(row.active, complain),
    events: readEvents(row.events, rules, problems, complain),
    format,
    success: readSuccess(row.success, format, complain),
    timeout_seconds: readTimeout(row.timeout_seconds, complain),
  };
  set(subscription, 'delivery', delivery);
  set(subscription, 'paused', readPaused(row.paused, complain));
  set(subscription, 'description', readText('description', row.description, complain));
  set(subscription, 'account', readAccount(row.account, complain));
  set(subscription, 'filter', readFilter(row.filter, problems, complain));
  set(subscription, 'signing', readSigning(row.signing, complain));
  set(subscription, 'heal_hours', readHealHours(row.heal_hours, complain));
  set(subscription, 'rate_per_second', readRate(row.rate_per_second, complain));
  readHeaders(subscription, row, problems, complain);
  readAuth(subscription, row.auth, problems);
  for (const note of OWN_NOTES) set(subscription, note, ownText(row[note]));
  for (const { name, meant } of misspeltNames(row)) {
    problems.push(`${short(name)}: expected the attribute name ${meant}; rename it.`);
  }
  return problems.length === 0 ? { ok: true, subscription } : { ok: false, problem: problems.join(' ') };
}

/** Which attributes of a row have their defaults: nobody gave them, or somebody cleared what may be cleared. */
export function defaultsOf(row: SubscriptionRow): (typeof DEFAULTED)[number][] {
  const isCleared = (name: string): boolean => ['success', 'timeout_seconds'].includes(name) && isBlank(row[name]);
  return DEFAULTED.filter((name) => row[name] === undefined || isCleared(name));
}

/** Sets an optional member, if there is a value. */
function set<N extends keyof Subscription>(to: Subscription, name: N, value: Subscription[N] | undefined): void {
  if (value !== undefined) to[name] = value;
}

/** The platform's own notes on a row; a person's changes to them do no harm. */
function ownText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
