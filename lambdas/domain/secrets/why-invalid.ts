import { hmacSha256 } from './signature.ts';

// Why a signature of Standard Webhooks does not match what a receiver got, or what it computed: for the person who looks for
// the fault. Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

export const CAUSES = [
  'none',
  'older-secret',
  'missing-header',
  'malformed-header',
  'timestamp-too-old',
  'timestamp-in-the-future',
  'body-changed',
  'other-subscription',
  'computed-with-text-of-secret',
  'computed-in-hexadecimal',
  'computed-without-id',
  'computed-over-body-alone',
  'computed-over-other-body',
  'unknown',
] as const;

export interface Verdict {
  /** Whether a receiver that verifies properly would take the request now. */
  valid: boolean;
  cause: (typeof CAUSES)[number];
  /** What to do, in words for the receiver's developer. Never holds a secret, a signature or anything of a body. */
  detail: string;
}

export interface Received {
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** What the receiver's code computed as signature. Absent: not said. */
  computed?: string | undefined;
}

export interface Known {
  /** Secrets that are valid now, newest first. */
  secrets: readonly string[];
  /** Of the organization's other subscriptions. */
  others: readonly { subscription: string; secrets: readonly string[] }[];
  /** The body that was sent with this `webhook-id`; undefined when nobody knows it. */
  sent?: string | undefined;
  nowMs: number;
}

/** What receivers allow between a request's time and their clock, seconds: five minutes, as the libraries do. */
const TOLERANCE_SECONDS = 300;
const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** Says whether a request is signed as it should be, and if not, what went wrong. */
export function whyInvalid(received: Received, known: Known): Verdict {
  const missing = NAMES.filter((name) => (received.headers[name] ?? '').trim() === '');
  if (missing.length > 0) {
    return bad(
      'missing-header',
      `Expected the headers ${NAMES.join(', ')}; missing: ${missing.join(', ')}. A proxy may drop them.`,
    );
  }
  const [id, timestamp, signature] = NAMES.map((name) => received.headers[name]!.trim()) as [string, string, string];
  if (!/^\d{1,10}$/.test(timestamp)) {
    return bad(
      'malformed-header',
      'Expected webhook-timestamp as whole seconds since 1970, such as 1700000000: not milliseconds, not a date.',
    );
  }
  const given = signaturesIn(signature);
  if (given.length === 0) {
    return bad(
      'malformed-header',
      'Expected webhook-signature as one or more of v1,<base64>, separated by spaces, and complete.',
    );
  }
  const request = { id, timestamp, body: received.body, given };
  return computedWrongly(request, received.computed, known) ?? judge(request, known);
}

interface Request {
  id: string;
  timestamp: string;
  body: string;
  /** The base64 parts of the header. */
  given: string[];
}

function judge(request: Request, { secrets, others, sent, nowMs }: Known): Verdict {
  const { id, timestamp, body } = request;
  const signedBy = (all: readonly string[], text: string): number =>
    all.findIndex((secret) => request.given.includes(sign(secret, `${id}.${timestamp}.${text}`)));
  const own = signedBy(secrets, body);
  if (own >= 0) return good(own, Number(timestamp), nowMs);
  const original = [sent, ...variantsOf(body)].find((text) => text !== undefined && signedBy(secrets, text) >= 0);
  if (original !== undefined) return bad('body-changed', differenceOf(body, original));
  const other = others.find(({ secrets: theirs }) => signedBy(theirs, body) >= 0);
  if (other) {
    return bad(
      'other-subscription',
      `Signed with the secret of ${other.subscription}, another one of your subscriptions. Verify each URL with its own secret.`,
    );
  }
  return bad(
    'unknown',
    'Not signed with a secret that is valid now, or signed over another id, time or body. Was the secret rotated after this request? Paste headers and body exactly as received, before any parsing.',
  );
}

function good(position: number, seconds: number, nowMs: number): Verdict {
  const age = Math.floor(nowMs / 1000) - seconds;
  if (age > TOLERANCE_SECONDS) {
    return bad(
      'timestamp-too-old',
      `The signature is correct, but the request was made ${age} s ago, and receivers refuse requests older than ${TOLERANCE_SECONDS} s. If this request was new when you verified it, set the clock of your server, or verify before you queue it.`,
    );
  }
  if (age < -TOLERANCE_SECONDS) {
    return bad(
      'timestamp-in-the-future',
      `The signature is correct, but the request is ${-age} s in the future: set the clock of your server.`,
    );
  }
  if (position > 0) {
    return {
      valid: true,
      cause: 'older-secret',
      detail: 'Correct, with an older secret that is still valid. Switch to the newest before the older one expires.',
    };
  }
  return { valid: true, cause: 'none', detail: 'Correct: signed with the newest secret.' };
}

/** Texts that a body may have been before something parsed, printed or trimmed it. */
function variantsOf(body: string): string[] {
  const variants = [body.trim(), `${body}\n`, body.replaceAll('\r\n', '\n'), body.replaceAll('\n', '\r\n')];
  try {
    variants.push(JSON.stringify(JSON.parse(body)));
  } catch {
    // No JSON: the other variants remain.
  }
  return variants.filter((text) => text !== body);
}

function differenceOf(body: string, original: string): string {
  const [mine, theirs] = [Buffer.from(body), Buffer.from(original)];
  let same = 0;
  while (same < mine.length && same < theirs.length && mine[same] === theirs[same]) same++;
  return `The body is not the one that was signed: ${mine.length} bytes instead of ${theirs.length}, different from byte ${same + 1} on. Verify the raw bytes, before anything parses, serializes or trims them.`;
}

/** What the receiver's own code computed, by the mistakes that are made most. */
function computedWrongly(
  request: Request,
  computed: string | undefined,
  { secrets, sent }: Known,
): Verdict | undefined {
  if (computed === undefined) return undefined;
  const value = computed.trim().replace(/^v1[,=]/, '');
  const { id, timestamp, body } = request;
  const content = `${id}.${timestamp}.${body}`;
  const is = (keyOf: (secret: string) => Uint8Array | string, text: string, encoding: 'base64' | 'hex' = 'base64') =>
    secrets.some((secret) => hmacSha256(keyOf(secret), text).toString(encoding) === value);
  const mistakes: [cause: Verdict['cause'], made: () => boolean, detail: string][] = [
    [
      'computed-with-text-of-secret',
      () => [content, body].some((text) => is((secret) => secret, text) || is(withoutPrefix, text)),
      'Computed with the text of the secret as the key. The key is the base64-decoded secret, without whsec_.',
    ],
    [
      'computed-in-hexadecimal',
      () => is(keyBytes, content, 'hex'),
      'Computed correctly, but written in hexadecimal. webhook-signature is base64.',
    ],
    [
      'computed-without-id',
      () => is(keyBytes, `${timestamp}.${body}`),
      'Computed over <timestamp>.<body>. The signed text is <webhook-id>.<webhook-timestamp>.<body>.',
    ],
    [
      'computed-over-body-alone',
      () => is(keyBytes, body),
      'Computed over the body only. The signed text is <webhook-id>.<webhook-timestamp>.<body>.',
    ],
    [
      'computed-over-other-body',
      () =>
        [sent, ...variantsOf(body)].some((text) => text !== undefined && is(keyBytes, `${id}.${timestamp}.${text}`)),
      'Computed over a body that differs from the one given here. Verify the raw bytes, before anything parses, serializes or trims them.',
    ],
  ];
  // The right one says nothing new.
  if (is(keyBytes, content)) return undefined;
  const found = mistakes.find(([, made]) => made());
  return found && bad(found[0], found[2]);
}

function signaturesIn(header: string): string[] {
  return header.split(/\s+/).flatMap((entry) => (/^v1,[A-Za-z0-9+/]{43}=$/.test(entry) ? [entry.slice(3)] : []));
}

function sign(secret: string, content: string): string {
  return hmacSha256(keyBytes(secret), content).toString('base64');
}

function withoutPrefix(secret: string): string {
  return secret.replace(/^whsec_/, '');
}

function keyBytes(secret: string): Uint8Array {
  return Buffer.from(withoutPrefix(secret), 'base64');
}

function bad(cause: Verdict['cause'], detail: string): Verdict {
  return { valid: false, cause, detail };
}
