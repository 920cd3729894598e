import { PING } from '../event.ts';
import type { PosthornEvent } from '../event.ts';
import type { JsonMember } from '../json/json.ts';
import { MAX_JSON_DEPTH, scanJson } from '../json/scan.ts';
import { json, object, text, unixTime } from './format.ts';
import type { Format, FormatContext, NotSent } from './format.ts';

/**
 * Since when version 1.0 is deprecated: the day Posthorn offered 2.0 beside it. RFC 9745 allows any day up to the sunset,
 * so an earlier sunset takes its place.
 */
const DEPRECATED_SINCE_MS = Date.UTC(2026, 10, 21);

/** The nine members that v1 knows of a visit, in its order, each with its name in the event's (v2) data. */
const MEMBERS = [
  ['id', 'id'],
  ['member_id', 'member_id'],
  ['provider_id', 'provider_id'],
  ['start', 'start'],
  ['end', 'end'],
  ['actual_start', 'actual_start'],
  ['actual_end', 'actual_end'],
  ['status', 'status'],
  ['completed_by', 'status_updated_by'],
] as const;

/** Why a visit is not sent whose status the operator's table has no code for: counted, because the table can be mended. */
export const NO_STATUS_CODE = 'no v1 code for status';

/** What a visit's type says of its status, where `data` says nothing: a visit is made to be held. */
const STATUS_BY_TYPE: Readonly<Record<string, string>> = { 'visit.created': 'scheduled' };

export const clinicV1: Format = {
  description:
    'Clinic payload version 1.0: visits only, times and ids as strings, status as code. Use clinic-v2 instead.',
  deprecated: true,
  render(event, context) {
    const data = event.type === PING ? '{}' : visitData(event, context);
    if (typeof data !== 'string') return data;
    const body = object({
      version: '"1.0"',
      id: text(event.id),
      type: text(event.type),
      created: unixTime(event.enqueued_ms),
      account_code: text(event.organization),
      data,
    });
    return json(body, deprecationHeaders(context.clinicV1Sunset));
  },
};

/**
 * JSON text of a visit in v1. A status must be there or follow from the type, because v1 has no code for "none"; any other
 * member that `data` lacks is left out, because a null would claim that the producer said so.
 */
function visitData(event: PosthornEvent, context: FormatContext): string | NotSent {
  if (context.resource !== 'visit') return { sent: false, reason: 'event type not in v1' };
  const scan = scanJson(event.data ?? '{}', { maxDepth: MAX_JSON_DEPTH });
  if (!scan.ok || !scan.members) return { sent: false, reason: 'data is not an object' };

  const rendered: Record<string, string | undefined> = {};
  for (const [name, source] of MEMBERS) {
    const member = scan.members.get(source);
    if (name === 'status') {
      const status = member === undefined || member.kind === 'null' ? STATUS_BY_TYPE[event.type] : wordOf(member);
      rendered[name] = status === undefined ? undefined : statusCode(status, context.clinicV1StatusCodes);
      if (rendered[name] === undefined) return { sent: false, reason: NO_STATUS_CODE };
    } else {
      rendered[name] = member && asString(member);
      if (member && rendered[name] === undefined) return { sent: false, reason: `no v1 form for ${source}` };
    }
  }
  return object(rendered);
}

/** An id or a time as v1 writes it: a string with the producer's own digits; null stays. Undefined for anything else. */
function asString(member: JsonMember): string | undefined {
  if (member.kind === 'number') return `"${member.raw}"`;
  return member.kind === 'string' || member.kind === 'null' ? member.raw : undefined;
}

/** A status as text or digits; undefined for anything else. */
function wordOf({ kind, raw }: JsonMember): string | undefined {
  if (kind === 'string') return JSON.parse(raw) as string;
  return kind === 'number' ? raw : undefined;
}

/**
 * JSON text of the code for a status: an all-digit status is its own code, a word is looked up as it is written, else
 * whatever its case and its `_`, `-` or blanks.
 */
function statusCode(status: string, codes: Readonly<Record<string, string>>): string | undefined {
  if (/^[0-9]+$/.test(status)) return text(status);
  if (Object.hasOwn(codes, status)) return text(codes[status]);
  const wanted = spelling(status);
  return text(Object.entries(codes).find(([word]) => spelling(word) === wanted)?.[1]);
}

function spelling(word: string): string {
  return word.toLowerCase().replaceAll(/[\s-]/g, '_');
}

/** `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) once the operator has set a date. */
function deprecationHeaders(sunset: string | undefined): Record<string, string> {
  if (!sunset) return {};
  // Other spellings would be read as local time.
  const sunsetMs = /^\d{4}-\d{2}-\d{2}$/.test(sunset) ? Date.parse(sunset) : Number.NaN;
  if (Number.isNaN(sunsetMs)) throw new TypeError(`Expected the sunset of clinic-v1 as YYYY-MM-DD, got "${sunset}"`);
  return {
    deprecation: `@${unixTime(Math.min(DEPRECATED_SINCE_MS, sunsetMs))}`,
    sunset: new Date(sunsetMs).toUTCString(),
  };
}
