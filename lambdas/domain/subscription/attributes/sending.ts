import { HIGHEST_RATE_PER_SECOND, LONGEST_ATTEMPT_SECONDS, LONGEST_HEAL_HOURS } from '../../limits.ts';
import type { FormatName } from '../../formats/names.ts';
import { asBoolean, asNumber, asText, dynamoDbJsonIn, isBlank, standsForNothing } from '../hand-typed.ts';
import { DELIVERY_WAYS, type DeliveryWay, type SuccessRule } from '../subscription.ts';
import { sentence, type Complain, type SubscriptionRules } from './reading.ts';

// Where deliveries go, whether, and for how long they are tried.

const DEFAULT_TIMEOUT_SECONDS = 10;

export function readUrl(value: unknown, rules: SubscriptionRules, problems: string[], complain: Complain): string {
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
export function isAbsent(url: unknown): boolean {
  return url === undefined || isBlank(url);
}

/** A guess could send to an address what was to be fetched, or keep what nobody fetches. */
export function readDelivery(value: unknown, complain: Complain): DeliveryWay | undefined {
  if (value === undefined) return undefined;
  const text = asText(value)?.toLowerCase();
  const way = DELIVERY_WAYS.find((one) => one === text);
  if (way) return way;
  return complain('delivery', DELIVERY_WAYS.join(' or '), value, 'choose one, or remove the attribute for push');
}

export function readActive(value: unknown, complain: Complain): boolean {
  const active = value === undefined ? true : asBoolean(value);
  if (active === undefined) complain('active', 'true or false', value, 'choose one, or remove the attribute for true');
  return active ?? false;
}

/** What cannot be understood takes the row out, as with `active`: to go on sending could be what nobody wants. */
export function readPaused(value: unknown, complain: Complain): boolean | undefined {
  if (value === undefined) return undefined;
  return (
    asBoolean(value) ?? complain('paused', 'true or false', value, 'choose one, or remove the attribute for false')
  );
}

export function readSuccess(value: unknown, format: FormatName, complain: Complain): SuccessRule {
  const byFormat = format === 'envelope' ? '200' : '2xx';
  if (value === undefined || isBlank(value)) return byFormat;
  const text = asText(value)?.toLowerCase();
  if (text === '2xx' || text === '200') return text;
  complain('success', '2xx or 200', value, `choose one, or remove the attribute for ${byFormat}`);
  return byFormat;
}

export function readTimeout(value: unknown, complain: Complain): number {
  if (value === undefined || isBlank(value)) return DEFAULT_TIMEOUT_SECONDS;
  const seconds = asNumber(value);
  if (seconds !== undefined && seconds >= 1 && seconds <= LONGEST_ATTEMPT_SECONDS) return seconds;
  const todo = `type a number, or remove the attribute for ${DEFAULT_TIMEOUT_SECONDS}`;
  complain('timeout_seconds', `a number of seconds from 1 to ${LONGEST_ATTEMPT_SECONDS}`, value, todo);
  return DEFAULT_TIMEOUT_SECONDS;
}

export function readHealHours(value: unknown, complain: Complain): number | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  const hours = asNumber(value);
  if (Number.isInteger(hours) && hours! >= 0 && hours! <= LONGEST_HEAL_HOURS) return hours;
  const expected = `a whole number of hours from 0 to ${LONGEST_HEAL_HOURS}`;
  return complain('heal_hours', expected, value, 'enter one, or remove the attribute for the default');
}

export function readRate(value: unknown, complain: Complain): number | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  const rate = asNumber(value);
  if (Number.isInteger(rate) && rate! >= 1 && rate! <= HIGHEST_RATE_PER_SECOND) return rate;
  const expected = `a whole number of deliveries a second from 1 to ${HIGHEST_RATE_PER_SECOND}`;
  return complain('rate_per_second', expected, value, 'enter one, or remove the attribute for no ceiling');
}
