import { OWNER_PATTERN } from '../../event.ts';
import { asText, isBlank, standsForEverything, standsForNothing } from '../hand-typed.ts';
import type { Complain } from './reading.ts';

// Whose a subscription is, and what people call it.

/** Keys cannot be edited, so they are taken as they are. */
export function readKey(name: string, value: unknown, pattern: RegExp, complain: Complain): string {
  if (typeof value === 'string' && pattern.test(value) && !standsForNothing(value)) return value;
  complain(
    name,
    '1 to 64 letters, digits, _ or -',
    value,
    'a key cannot be edited: create a new row and delete this one',
  );
  return '';
}

export function readAccount(value: unknown, complain: Complain): string | undefined {
  if (value === undefined) return undefined;
  const account = asText(value);
  const isName = account !== undefined && !standsForNothing(account) && !standsForEverything(account);
  if (isName && OWNER_PATTERN.test(account)) return account;
  const expected = 'one account: 1 to 64 letters, digits, _ or -';
  return complain('account', expected, value, 'correct it, or remove the attribute for all accounts');
}

export function readText(name: string, value: unknown, complain: Complain): string | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  return asText(value) ?? complain(name, 'text', value, 'type text, or remove the attribute');
}
