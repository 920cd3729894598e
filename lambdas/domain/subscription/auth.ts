import { asTextMap, describe, isBlank } from './hand-typed.ts';
import { HEADER_NAME_LIMIT } from './custom-headers.ts';

// Credentials that a customer's endpoint asks for. They lie with the signing secrets; the subscription's row only says
// which there are, and for which origin (scheme, host and port) they were given: whoever may change a URL must not be able
// to have them sent to another host.

export const AUTH_TYPES = ['basic', 'bearer', 'header', 'oauth2'] as const;
export type AuthType = (typeof AUTH_TYPES)[number];

/** What a caller sends, secrets included. */
export type Credentials =
  | { type: 'basic'; username: string; password: string }
  | { type: 'bearer'; token: string }
  | { type: 'header'; name: string; value: string }
  /** Client credentials of OAuth 2.0 (RFC 6749 §4.4). */
  | { type: 'oauth2'; token_url: string; client_id: string; client_secret: string; scope?: string | undefined };

/** Credentials as they are stored, by their {@link AuthMark.ref}. */
export type StoredCredentials = Credentials & {
  /** Where they may be sent: an origin as of `new URL(url).origin`. */
  origin: string;
};
/** All that are stored of one subscription. More than one only while they are being changed. */
export type CredentialsByRef = Readonly<Record<string, StoredCredentials>>;

/** What a row says about its credentials: no secret. */
export interface AuthMark {
  type: AuthType;
  /** Names the stored ones. New with each change, so that a row and its credentials change at one stroke. */
  ref: string;
  origin: string;
  /** ISO 8601. */
  set_at: string;
  username?: string;
  /** Of a header. */
  name?: string;
  token_url?: string;
  client_id?: string;
  scope?: string;
}

/** Members of credentials that answers show. */
const SHOWN = ['username', 'name', 'token_url', 'client_id', 'scope'] as const;
const SECRET = ['password', 'token', 'value', 'client_secret', 'access_token', 'secret', 'api_key'];
const REF = /^crd_[0-9A-HJKMNP-TV-Z]{26}$/;

/** Scheme, host and port of a URL that was checked. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

/** What the row says about these credentials. @param setAt ISO 8601. */
export function markOf(credentials: StoredCredentials, ref: string, setAt: string): AuthMark {
  const shown = credentials as Partial<Record<(typeof SHOWN)[number], string>>;
  const names = SHOWN.flatMap((name) => (shown[name] === undefined ? [] : [[name, shown[name]] as const]));
  const { type, origin } = credentials;
  return { type, ref, origin, set_at: setAt, ...Object.fromEntries(names) };
}

/** A mark without what only the platform needs. */
export function viewMark({ ref: _ref, origin: _origin, ...shown }: AuthMark): Omit<AuthMark, 'ref' | 'origin'> {
  return shown;
}

/** The header that credentials go into. */
export function headerNameOf({ type, name }: Pick<AuthMark, 'type' | 'name'>): string {
  return type === 'header' && name !== undefined ? name : 'authorization';
}

/**
 * Reads a row's `auth`, which nobody can type: without the stored ones it says nothing.
 * @returns `wrong` in words for the person who edits the row, never with a value; undefined when there is none.
 */
export function readMark(value: unknown): { mark: AuthMark } | { wrong: string } | undefined {
  if (value === undefined || isBlank(value)) return undefined;
  const map = asTextMap(value);
  const hasSecret = map && Object.keys(map).some((name) => SECRET.includes(name.toLowerCase()));
  if (hasSecret) {
    return {
      wrong:
        'auth: expected no credentials in this table, which many people can read; remove the attribute, change the credentials, and send the new ones with PATCH /v1/subscriptions/{id}.',
    };
  }
  const mark = map && toMark(map);
  if (mark) return { mark };
  // Text may be a credential: it is not quoted.
  const got = typeof value === 'string' ? 'text' : describe(value);
  return {
    wrong: `auth: expected the value that PATCH /v1/subscriptions/{id} wrote here, got ${got}; remove the attribute, and send the credentials with PATCH.`,
  };
}

function toMark(map: Record<string, string>): AuthMark | undefined {
  const { type, ref = '', origin, set_at, ...names } = map;
  const known = AUTH_TYPES.find((one) => one === type);
  if (known === undefined || !REF.test(ref) || origin === undefined || set_at === undefined) return undefined;
  if (!Object.keys(names).every((name) => (SHOWN as readonly string[]).includes(name))) return undefined;
  const isHeader = known === 'header';
  if (isHeader !== (names.name !== undefined) || (names.name ?? '').length > HEADER_NAME_LIMIT) return undefined;
  return { ...names, type: known, ref, origin, set_at };
}

/** Which credentials a row names; undefined: none. */
export function refOf({ auth }: { auth?: unknown }): string | undefined {
  const read = readMark(auth);
  return read && 'mark' in read ? read.mark.ref : undefined;
}

/** Why credentials are not sent to a URL, in words for the person who changed it; undefined: they are for it. */
export function wrongOrigin({ origin }: Pick<AuthMark, 'origin'>, url: string): string | undefined {
  if (originOf(url) === origin) return undefined;
  return `auth: expected a URL of ${origin.slice(0, 300)}, for which the credentials were set; they are never sent elsewhere, so send them again with PATCH /v1/subscriptions/{id}, or null for none.`;
}

/** Of a row whose credentials are not there: they were removed when the URL led elsewhere, or the row was copied. */
export const NO_CREDENTIALS =
  'auth: expected stored credentials, found none for this row; send them again with PATCH /v1/subscriptions/{id}, or null for none.';

/** The credentials that a row means, if they may be sent to its URL. */
export function credentialsFor(
  mark: AuthMark,
  stored: CredentialsByRef | undefined,
  url: string,
): StoredCredentials | undefined {
  const found = stored && Object.hasOwn(stored, mark.ref) ? stored[mark.ref] : undefined;
  return found?.origin === originOf(url) && found.type === mark.type ? found : undefined;
}

const MEMBERS: Record<AuthType, readonly string[]> = {
  basic: ['username', 'password'],
  bearer: ['token'],
  header: ['name', 'value'],
  oauth2: ['token_url', 'client_id', 'client_secret'],
};

/** Stored credentials of a subscription, as far as they can be used. */
export function readCredentials(stored: unknown): CredentialsByRef | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const usable = Object.entries(stored).filter(([ref, one]) => REF.test(ref) && isUsable(one));
  return usable.length === 0 ? undefined : Object.fromEntries(usable);
}

function isUsable(stored: unknown): boolean {
  if (typeof stored !== 'object' || stored === null) return false;
  const members = stored as Record<string, unknown>;
  const type = AUTH_TYPES.find((one) => one === members.type);
  return type !== undefined && ['origin', ...MEMBERS[type]].every((name) => typeof members[name] === 'string');
}
