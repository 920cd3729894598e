import type { Answer, ClientCredentials, Customers, Token, Tokens } from './ports.ts';

/** A token is not used in its last minute: clocks differ, and the attempt takes its time. */
const MARGIN_MS = 60_000;
/** Of a token whose answer says nothing of its end (RFC 6749 §5.1 only recommends that), milliseconds. */
const UNTOLD_MS = 5 * 60_000;
/** The longest that one is kept, whatever its answer says: a revoked one is found by a 401 anyway. */
const LONGEST_MS = 24 * 3_600_000;
/** Credentials whose tokens one process keeps, at most. */
const KEPT = 1000;
/** Characters of a token at most, as of the value of any other header. */
const LONGEST_TOKEN = 8000;
/** RFC 6749 §5.2: the only words of an answer that are repeated; all else in it may be anything. */
const UNKNOWN_CLIENT = ['invalid_request', 'invalid_client'];
const KNOWN_CLIENT = ['invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'];

/** Where the client says who it is: in the header, which every server must take, or in the body, which some ask for (RFC 6749 §2.3.1). */
type Style = 'header' | 'body';

interface Kept {
  value: string;
  untilMs: number;
}

type Read =
  | { ok: true; value: string; keepMs: number }
  /** `word`: what of RFC 6749 §5.2 the server said. */
  | { ok: false; failure: Answer; status?: number; word?: string | undefined };

/** @param now milliseconds since the epoch. */
export function createTokens({ customers, now }: { customers: Pick<Customers, 'post'>; now: () => number }): Tokens {
  const kept = new Map<string, Kept>();
  const styles = new Map<string, Style>();
  const underWay = new Map<string, Promise<Read>>();

  const fetchOne = async (ref: string, client: ClientCredentials, timeoutMs: number): Promise<Read> => {
    const until = now() + timeoutMs;
    const known = styles.get(ref);
    const first = readToken(await ask(client, known ?? 'header', timeoutMs));
    const leftMs = until - now();
    if (first.ok || known !== undefined || !isUnknownClient(first) || leftMs <= 0) return first;
    const second = readToken(await ask(client, 'body', leftMs));
    if (second.ok) styles.set(ref, 'body');
    // Every server must understand the header, so what it said to that counts, unless it knew the client from the body.
    return second.ok || KNOWN_CLIENT.includes(second.word ?? '') ? second : first;
  };

  const ask = ({ token_url, ...client }: ClientCredentials, style: Style, timeoutMs: number): Promise<Answer> => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (client.scope !== undefined) form.set('scope', client.scope);
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    if (style === 'body') {
      form.set('client_id', client.client_id);
      form.set('client_secret', client.client_secret);
    } else headers.authorization = basic(client.client_id, client.client_secret);
    return customers.post({ url: token_url, headers, body: Buffer.from(form.toString()), timeoutMs });
  };

  const fetchShared = async (ref: string, client: ClientCredentials, timeoutMs: number): Promise<Token> => {
    let fetching = underWay.get(ref);
    if (!fetching) {
      fetching = fetchOne(ref, client, timeoutMs).finally(() => underWay.delete(ref));
      underWay.set(ref, fetching);
    }
    const fetched = await fetching;
    if (!fetched.ok) return fetched;
    if (kept.size >= KEPT) for (const map of [kept, styles]) map.clear();
    kept.set(ref, { value: fetched.value, untilMs: now() + fetched.keepMs });
    return { ok: true, value: fetched.value };
  };

  const keptOf = (ref: string): string | undefined => {
    const one = kept.get(ref);
    return one && one.untilMs > now() ? one.value : undefined;
  };

  return {
    get: async (ref, client, timeoutMs) => {
      const value = keptOf(ref);
      return value === undefined ? fetchShared(ref, client, timeoutMs) : { ok: true, value };
    },
    renew: async (ref, client, timeoutMs, refused) => {
      const value = keptOf(ref);
      return value === undefined || value === refused ? fetchShared(ref, client, timeoutMs) : { ok: true, value };
    },
  };
}

/** Both parts are form-encoded before they are put together (RFC 6749 §2.3.1, appendix B). */
function basic(id: string, secret: string): string {
  const encode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}

/** It did not accept who asks, or did not see it. */
function isUnknownClient({ status, word }: Extract<Read, { ok: false }>): boolean {
  return status === 401 || (status === 400 && !KNOWN_CLIENT.includes(word ?? ''));
}

function readToken(answer: Answer): Read {
  const failed = (reason: string, more: { status?: number; word?: string | undefined } = {}): Read => ({
    ok: false,
    failure: {
      kind: 'error',
      class: 'token_error',
      reason,
      timings: answer.timings,
      ...(answer.kind === 'error' && answer.ours && { ours: true }),
    },
    ...more,
  });
  if (answer.kind === 'error') return failed(`token endpoint: ${answer.reason}`);
  const { status, body } = answer;
  const said = parse(body);
  if (status !== 200) {
    const word = [...UNKNOWN_CLIENT, ...KNOWN_CLIENT].find((one) => one === said?.error);
    return failed(`token endpoint answered ${status}${word === undefined ? '' : `: ${word}`}`, { status, word });
  }
  const { access_token: value, token_type: type = 'Bearer', expires_in: expiresIn } = said ?? {};
  if (typeof value !== 'string' || value.length > LONGEST_TOKEN || !/^[\x21-\x7e]+$/.test(value))
    return failed('token endpoint answered 200 without an access_token that can be sent');
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    return failed('token endpoint answered 200 with a token_type that is not Bearer');
  return { ok: true, value, keepMs: keepMs(expiresIn) };
}

/** @param expiresIn seconds; some servers write them as text. */
function keepMs(expiresIn: unknown): number {
  const seconds = typeof expiresIn === 'string' && expiresIn.trim() !== '' ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return UNTOLD_MS;
  return Math.min(Math.max(seconds * 1000 - MARGIN_MS, 0), LONGEST_MS);
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
