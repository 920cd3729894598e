import { FORMAT_NAMES, type FormatName } from '../../formats/names.ts';
import { headerNameOf, readMark, wrongOrigin } from '../auth.ts';
import { checkCustomHeaders, checkHeaderName } from '../custom-headers.ts';
import { asText, asTextMap, describe, dynamoDbJsonIn, isBlank, standsForNothing } from '../hand-typed.ts';
import { SIGNINGS, type Signing, type Subscription, type SubscriptionRow } from '../subscription.ts';
import { sentence, short, type Complain } from './reading.ts';
import { readText } from './identity.ts';

// What a request looks like: format, signatures, headers, credentials.

export function readFormat(value: unknown, complain: Complain): FormatName {
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

export function readSigning(value: unknown, complain: Complain): Signing | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  const text = asText(value)?.toLowerCase();
  const signing = SIGNINGS.find((one) => one === text);
  if (signing) return signing;
  return complain('signing', SIGNINGS.join(', '), value, 'choose one, or remove the attribute for v1');
}

/** `headers` and `signature_header`: both become headers of the same request, so no name may stand in both. */
export function readHeaders(to: Subscription, row: SubscriptionRow, problems: string[], complain: Complain): void {
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
  if (signatureHeader !== undefined) to.signature_header = signatureHeader;
}

/** Credentials are for one origin, and their header stands in the request once. */
export function readAuth(to: Subscription, value: unknown, problems: string[]): void {
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
