import type { PosthornEvent } from '../event.ts';

/** What a format knows besides the event itself. */
export interface FormatContext {
  /** The catalogue's noun of the event's type; null for a ping. */
  resource: string | null;
  /** Status word → clinic-v1 code; the operator edits it. */
  clinicV1StatusCodes: Record<string, string>;
  /** Day from which clinic-v1 is gone, `YYYY-MM-DD`; absent or empty: none set. */
  clinicV1Sunset?: string;
}

/** A rendered body; the same event, format and context give the same characters for ever. */
export interface Rendered {
  sent: true;
  /** Sent as UTF-8. */
  body: string;
  /** Value of `content-type`. */
  contentType: string;
  /** Further headers that belong to the format, in lower case. */
  headers: Record<string, string>;
}

/** The format cannot carry the event: the delivery is `skipped`. */
export interface NotSent {
  sent: false;
  /** For the delivery log. Holds nothing from `data`. */
  reason: string;
}

/** One payload format: pure, without a clock. */
export interface Format {
  /** For the catalogue and the console: whom it is for. */
  description: string;
  /** Customers should move away from it. */
  deprecated?: true;
  render(event: PosthornEvent, context: FormatContext): Rendered | NotSent;
}

/** A body of type `application/json`. */
export function json(body: string, headers: Record<string, string> = {}): Rendered {
  return { sent: true, body, contentType: 'application/json', headers };
}

/**
 * A compact object from names and JSON texts, in that order; undefined members are left out. Texts go in as they are,
 * which is how `data` reaches the customer character for character.
 */
export function object(members: Record<string, string | undefined>): string {
  let texts = '';
  for (const name of Object.keys(members)) {
    const text = members[name];
    if (text !== undefined) texts += `${texts === '' ? '' : ','}"${name}":${text}`;
  }
  return `{${texts}}`;
}

/** JSON text of a string; undefined for none. */
export function text(value: string): string;
export function text(value: string | undefined): string | undefined;
export function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** JSON text of a time in ISO 8601 with milliseconds, UTC. */
export function isoTime(milliseconds: number): string {
  return `"${new Date(milliseconds).toISOString()}"`;
}

/** JSON text of a time in whole seconds since the epoch. */
export function unixTime(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}
