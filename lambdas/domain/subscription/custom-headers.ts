/** Most custom headers of one subscription. */
export const HEADERS_LIMIT = 20;
/** Longest name of a header, characters: twice the longest registered one. */
export const HEADER_NAME_LIMIT = 128;
/** Longest value of a header, bytes: common servers refuse heads of 8 KiB. */
export const HEADER_VALUE_LIMIT = 4096;

/**
 * Names and values of all custom headers together, bytes. Rows are read whole for every event of their organization: 300
 * rows of 84 KB each made other customers wait for seconds.
 */
export const HEADERS_BYTES_LIMIT = 8192;

/** Framing, routing and hop-by-hop headers, what the sender says itself, and what opens metadata services. */
const RESERVED = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'user-agent',
  'metadata',
  'metadata-flavor',
]);
/** `webhook-` would forge the signature; the others speak to proxies and clouds. */
const RESERVED_PREFIXES = ['proxy-', 'webhook-', 'x-amz-', 'x-amzn-', 'x-aws-', 'x-goog-', 'x-azure-'];

/** Stands for a value that nobody is shown. */
export const MASKED = '***';

/**
 * Whether a header's name says that its value is a credential. The API takes those as `auth`, which lies with the secrets;
 * rows that have them from before go on.
 */
export function isCredentialHeader(name: string): boolean {
  return /^(authorization|cookie)$|-(token|key|secret)$/i.test(name.trim());
}

/** Headers of a row as answers and records show them; what is no map of names and values may be a credential as a whole. */
export function maskHeaders(headers: unknown): unknown {
  if (headers === undefined || headers === null) return headers;
  if (typeof headers !== 'object' || Array.isArray(headers) || headers instanceof Set || headers instanceof Uint8Array)
    return MASKED;
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isCredentialHeader(name) ? MASKED : (value as unknown)]),
  );
}

/** One header that cannot be sent. `name` is as given, cut to 100 characters; empty for the whole. */
export interface HeaderError {
  name: string;
  detail: string;
}

export type HeadersCheck = { ok: true; headers: Record<string, string> } | { ok: false; errors: HeaderError[] };

/**
 * Why a name cannot be that of a custom header or of a subscription's `signature_header`; undefined if it can.
 * The characters are those of an RFC 9110 token.
 */
export function checkHeaderName(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'must be a string';
  if (name.length > HEADER_NAME_LIMIT) return `must have at most ${HEADER_NAME_LIMIT} characters, not ${name.length}`;
  if (!/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)) return "may hold only letters, digits and !#$%&'*+-.^_`|~";
  const lower = name.toLowerCase();
  if (lower === '__proto__') return 'must not be __proto__';
  if (RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix)))
    return 'is reserved: it is set by Posthorn or would change how the request is sent';
  return undefined;
}

/**
 * Whether a subscription's custom headers can be sent: an object of at most {@link HEADERS_LIMIT} names and values,
 * printable ASCII. Absent or null means none. Details never repeat a value: it may be a credential.
 */
export function checkCustomHeaders(headers: unknown): HeadersCheck {
  if (headers === undefined || headers === null) return { ok: true, headers: {} };
  if (typeof headers !== 'object' || Array.isArray(headers) || headers instanceof Set || headers instanceof Map)
    return { ok: false, errors: [{ name: '', detail: 'must be an object of header names and values' }] };
  const entries = Object.entries(headers);
  const errors: HeaderError[] = [];
  if (entries.length > HEADERS_LIMIT)
    errors.push({ name: '', detail: `must have at most ${HEADERS_LIMIT} headers, not ${entries.length}` });
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    const twice = seen.has(name.toLowerCase()) ? 'stands twice, in different letter case' : undefined;
    seen.add(name.toLowerCase());
    const detail = checkHeaderName(name) ?? twice ?? wrongValue(value);
    if (detail !== undefined) errors.push({ name: name.slice(0, 100), detail });
  }
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (errors.length === 0 && bytes > HEADERS_BYTES_LIMIT)
    errors.push({ name: '', detail: `must have at most ${HEADERS_BYTES_LIMIT} bytes together, not ${bytes}` });
  return errors.length > 0 ? { ok: false, errors } : { ok: true, headers: Object.fromEntries(entries) };
}

function wrongValue(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, not ${value === null ? 'null' : typeof value}`;
  if (value.length > HEADER_VALUE_LIMIT) return `must have at most ${HEADER_VALUE_LIMIT} bytes, not ${value.length}`;
  return /^[\x20-\x7e]*$/.test(value) ? undefined : 'must be printable ASCII on one line';
}
