import { createHash } from 'node:crypto';

/** Partition of the hours that are not added yet, and the beginning of those of their lines. `#` is in no organization's name. */
export const HOURS = '#lines';
/** Partition of the lines of an hour. */
export const linesOf = (hour: string): string => `${HOURS}#${hour}`;
/** Digits of an organization's hash, each of eight: so many groups it may belong to, and so many parts an hour has. */
export const DIGITS = 2;
export const PARTS = 8 ** DIGITS;

/** A row in which lines of a group lie together. */
export interface LinesPage {
  organization: string;
  scope_hour: string;
  lines: Uint8Array;
}

/** The group of an organization, as evenly as a hash spreads them. */
export function digitsOf(organization: string): string {
  const [byte] = createHash('sha256').update(organization).digest();
  return (byte! % PARTS).toString(8).padStart(DIGITS, '0');
}
