import { headerNameOf, readMark, wrongOrigin } from './auth.ts';
import { checkCustomHeaders, checkHeaderName } from './custom-headers.ts';
import { ID_PATTERN, OWNER_PATTERN } from '../event.ts';
import { misspeltNames } from './attribute-names.ts';
import { FORMAT_NAMES, type FormatName } from '../formats/names.ts';
import {
  asBoolean,
  asJsonMap,
  asNumber,
  asText,
  asTextMap,
  asWords,
  describe,
  dynamoDbJsonIn,
  isBlank,
  standsForEverything,
  standsForNothing,
} from './hand-typed.ts';
import { HIGHEST_RATE_PER_SECOND, LONGEST_ATTEMPT_SECONDS, LONGEST_HEAL_HOURS } from '../limits.ts';
import { checkFilter } from './filter/filter.ts';
import type { Filter } from './filter/read-filter.ts';
import { checkPattern } from './matching.ts';
import {
  DEFAULTED,
  DELIVERY_WAYS,
  SIGNINGS,
  type DeliveryWay,
  type Signing,
  type Subscription,
  type SubscriptionRow,
  type SuccessRule,
} from './subscription.ts';

/** What of a row's rules depends on the deployment. */
export interface SubscriptionRules {
  /** `checkEndpointUrl` with the deployment's options. */
  checkUrl(url: string): { ok: true; url: string } | { ok: false; detail: string };
  /** The catalogue's event types. */
  knownTypes: ReadonlySet<string>;
}

/** A row as the platform understands it, or every reason why not, in words for the person who edits it. */
export type ReadSubscription = { ok: true; subscription: Subscription } | { ok: false; problem: string };

const DEFAULT_TIMEOUT_SECONDS = 10;

/** Takes down everything that is wrong with a row; each reader goes on with a stand-in, so that all problems show at once. */
type Complain = (attribute: string, expected: string, got: unknown, todo: string) => undefined;

/**
 * Reads a row that people edit by hand. Whatever can be understood is used; missing attributes get their defaults
 * (active, every event, format `standard`, success `2xx`, or `200` with `envelope`, 10 s); unknown ones are ignored.
 *
 * A cleared field (NULL or empty text) counts as missing where that changes little: description, success,
 * signing, signature_header, headers, auth, timeout_seconds, heal_hours, rate_per_second, and `url` of what is fetched. It is a problem in url,
 * active, delivery, events, account, filter and format, where a guess could send more about patients than was meant; so is a name that stands for one of ours (`Active`, `enabled`,
 * `acount`), and a word that exports write for an empty cell, such as `null`.
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
  set(subscription, 'created_at', ownText(row.created_at));
  set(subscription, 'updated_at', ownText(row.updated_at));
  set(subscription, 'inactive_since', ownText(row.inactive_since));
  set(subscription, 'missed_since', ownText(row.missed_since));
  set(subscription, 'missed_until', ownText(row.missed_until));
  set(subscription, 'problem', ownText(row.problem));
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

/** Keys cannot be edited, so they are taken as they are. */
function readKey(name: string, value: unknown, pattern: RegExp, complain: Complain): string {
  if (typeof value === 'string' && pattern.test(value) && !standsForNothing(value)) return value;
  complain(
    name,
    '1 to 64 letters, digits, _ or -',
    value,
    'a key cannot be edited: create a new row and delete this one',
  );
  return '';
}

function readUrl(value: unknown, rules: SubscriptionRules, problems: string[], complain: Complain): string {
  const text = asText(value);
  if (text === undefined || text === '' || standsForNothing(text) || dynamoDbJsonIn(text) !== undefined) {
    complain('url', 'the https URL that receives the events', value, 'type one in');
    return '';
  }
  const checked = rules.checkUrl(text);
  if (checked.ok) return checked.url;
  problems.push(`url: ${sentence(checked.detail)}`);
  return '';
}

/** Whoever fetches deliveries needs no address for them. */
function isAbsent(url: unknown): boolean {
  return url === undefined || isBlank(url);
}

/** A guess could send to an address what was to be fetched, or keep what nobody fetches. */
function readDelivery(value: unknown, complain: Complain): DeliveryWay | undefined {
  if (value === undefined) return undefined;
  const text = asText(value)?.toLowerCase();
  const way = DELIVERY_WAYS.find((one) => one === text);
  if (way) return way;
  return complain('delivery', DELIVERY_WAYS.join(' or '), value, 'choose one, or remove the attribute for push');
}

function readActive(value: unknown, complain: Complain): boolean {
  const active = value === undefined ? true : asBoolean(value);
  if (active === undefined) complain('active', 'true or false', value, 'choose one, or remove the attribute for true');
  return active ?? false;
}

/** What cannot be understood takes the row out, as with `active`: to go on sending could be what nobody wants. */
function readPaused(value: unknown, complain: Complain): boolean | undefined {
  if (value === undefined) return undefined;
  return (
    asBoolean(value) ?? complain('paused', 'true or false', value, 'choose one, or remove the attribute for false')
  );
}

function readEvents(value: unknown, rules: SubscriptionRules, problems: string[], complain: Complain): string[] {
  if (value === undefined) return ['*'];
  const patterns = [...new Set(asWords(value)?.map((word) => word.toLowerCase()))];
  if (patterns.length === 0) {
    const todo = 'name at least one, or remove the attribute for every event';
    complain('events', 'a list of event types or patterns', value, todo);
  }
  for (const pattern of patterns) {
    if (standsForNothing(pattern)) {
      const expected = 'event types or patterns, not the word for an empty cell';
      complain('events', expected, pattern, 'name at least one, or remove the attribute for every event');
      continue;
    }
    if (standsForEverything(pattern)) {
      complain('events', 'event types or patterns', pattern, 'type *, or remove the attribute, for every event');
      continue;
    }
    const wrong = checkPattern(pattern, rules.knownTypes);
    if (wrong !== undefined) problems.push(`events: ${sentence(wrong)}`);
  }
  return patterns;
}

function readFormat(value: unknown, complain: Complain): FormatName {
  if (value === undefined) return 'standard';
  // Almost every row names it exactly; fan-out reads thousands of rows for one event.
  const exact = FORMAT_NAMES.find((name) => name === value);
  if (exact) return exact;
  const text = asText(value)?.toLowerCase().replaceAll('_', '-');
  const format = FORMAT_NAMES.find((name) => name === text);
  if (format) return format;
  complain('format', `one of ${FORMAT_NAMES.join(', ')}`, value, 'choose one, or remove the attribute for standard');
  return 'standard';
}

function readSuccess(value: unknown, format: FormatName, complain: Complain): SuccessRule {
  const byFormat = format === 'envelope' ? '200' : '2xx';
  if (value === undefined || isBlank(value)) return byFormat;
  const text = asText(value)?.toLowerCase();
  if (text === '2xx' || text === '200') return text;
  complain('success', '2xx or 200', value, `choose one, or remove the attribute for ${byFormat}`);
  return byFormat;
}

function readSigning(value: unknown, complain: Complain): Signing | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  const text = asText(value)?.toLowerCase();
  const signing = SIGNINGS.find((one) => one === text);
  if (signing) return signing;
  return complain('signing', SIGNINGS.join(', '), value, 'choose one, or remove the attribute for v1');
}

function readTimeout(value: unknown, complain: Complain): number {
  if (value === undefined || isBlank(value)) return DEFAULT_TIMEOUT_SECONDS;
  const seconds = asNumber(value);
  if (seconds !== undefined && seconds >= 1 && seconds <= LONGEST_ATTEMPT_SECONDS) return seconds;
  const todo = `type a number, or remove the attribute for ${DEFAULT_TIMEOUT_SECONDS}`;
  complain('timeout_seconds', `a number of seconds from 1 to ${LONGEST_ATTEMPT_SECONDS}`, value, todo);
  return DEFAULT_TIMEOUT_SECONDS;
}

function readHealHours(value: unknown, complain: Complain): number | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  const hours = asNumber(value);
  if (Number.isInteger(hours) && hours! >= 0 && hours! <= LONGEST_HEAL_HOURS) return hours;
  const expected = `a whole number of hours from 0 to ${LONGEST_HEAL_HOURS}`;
  return complain('heal_hours', expected, value, 'enter one, or remove the attribute for the default');
}

function readRate(value: unknown, complain: Complain): number | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  const rate = asNumber(value);
  if (Number.isInteger(rate) && rate! >= 1 && rate! <= HIGHEST_RATE_PER_SECOND) return rate;
  const expected = `a whole number of deliveries a second from 1 to ${HIGHEST_RATE_PER_SECOND}`;
  return complain('rate_per_second', expected, value, 'enter one, or remove the attribute for no ceiling');
}

function readText(name: string, value: unknown, complain: Complain): string | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  return asText(value) ?? complain(name, 'text', value, 'type text, or remove the attribute');
}

function readAccount(value: unknown, complain: Complain): string | undefined {
  if (value === undefined) return undefined;
  const account = asText(value);
  const isName = account !== undefined && !standsForNothing(account) && !standsForEverything(account);
  if (isName && OWNER_PATTERN.test(account)) return account;
  const expected = 'one account: 1 to 64 letters, digits, _ or -';
  return complain('account', expected, value, 'correct it, or remove the attribute for all accounts');
}

/** Whoever filters sends less about patients; so what cannot be understood is never taken for "everything". */
function readFilter(value: unknown, problems: string[], complain: Complain): Filter | undefined {
  if (value === undefined) return undefined;
  const filter = dynamoDbJsonIn(value) === undefined ? asJsonMap(value) : undefined;
  if (!filter) {
    return complain(
      'filter',
      'a map, or a JSON object as text',
      value,
      'mend it, or remove the attribute for no filter',
    );
  }
  const wrong = checkFilter(filter);
  if (wrong) problems.push(`filter${wrong.pointer && ` at ${wrong.pointer}`}: ${sentence(wrong.detail)}`);
  return wrong ? undefined : filter;
}

/** `headers` and `signature_header`: both become headers of the same request, so no name may stand in both. */
function readHeaders(to: Subscription, row: SubscriptionRow, problems: string[], complain: Complain): void {
  if (row.headers === undefined && row.signature_header === undefined) return;
  const headers = row.headers === undefined || isBlank(row.headers) ? {} : asTextMap(row.headers);
  if (!headers) {
    // Text may be a credential: it is not quoted.
    const got = typeof row.headers === 'string' ? (dynamoDbJsonIn(row.headers) ?? 'text') : describe(row.headers);
    problems.push(`headers: expected a map of header names to text, got ${got}; fix it, or remove the attribute.`);
  }
  const checked = checkCustomHeaders(headers ?? {});
  if (!checked.ok) {
    problems.push(
      ...checked.errors.map(({ name, detail }) => `headers${name && ` ${short(name)}`}: ${sentence(detail)}`),
    );
  }
  const nameless = Object.keys(headers ?? {}).find(standsForNothing);
  if (nameless !== undefined)
    problems.push(`headers ${short(nameless)}: is the word for an empty cell; name the header.`);
  const signatureHeader = readText('signature_header', row.signature_header, complain);
  const wrong = signatureHeader === undefined ? undefined : wrongHeaderName(signatureHeader);
  if (wrong !== undefined) problems.push(`signature_header: ${sentence(wrong)}`);
  const twice = Object.keys(headers ?? {}).find((name) => name.toLowerCase() === signatureHeader?.toLowerCase());
  if (twice !== undefined)
    problems.push(`signature_header: ${short(twice)} stands in headers too; rename one of the two.`);
  if (headers && Object.keys(headers).length > 0) to.headers = headers;
  set(to, 'signature_header', signatureHeader);
}

/** Credentials are for one origin, and their header stands in the request once. */
function readAuth(to: Subscription, value: unknown, problems: string[]): void {
  const read = readMark(value);
  if (!read) return;
  if ('wrong' in read) return void problems.push(read.wrong);
  const { mark } = read;
  const elsewhere = to.url === '' ? undefined : wrongOrigin(mark, to.url);
  if (elsewhere !== undefined) problems.push(elsewhere);
  const name = headerNameOf(mark);
  const others = [...Object.keys(to.headers ?? {}), to.signature_header ?? ''];
  if (others.some((other) => other.toLowerCase() === name.toLowerCase()))
    problems.push(`auth: ${short(name)} stands in headers or signature_header too; take it out there.`);
  to.auth = mark;
}

/** One more than of {@link checkHeaderName}: a row exported without a name would send a header called `null`. */
function wrongHeaderName(name: string): string | undefined {
  const typed = dynamoDbJsonIn(name);
  if (typed !== undefined) return `must be the name of a header, not ${typed}`;
  if (!standsForNothing(name)) return checkHeaderName(name);
  return `must be the name of a header, not ${describe(name)}, the word for an empty cell; remove the attribute for none`;
}

/** The platform's own notes on a row; a person's changes to them do no harm. */
function ownText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function short(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
