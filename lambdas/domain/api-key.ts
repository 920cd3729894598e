/**
 * What a key may do: publish events; everything; one organization's own subscriptions and log; every organization's
 * subscriptions and log without payloads, secrets, keys and audit trail; beside that one, payloads too.
 */
export const SCOPES = ['events:write', 'admin', 'organization', 'support', 'payloads:read'] as const;
export type Scope = (typeof SCOPES)[number];

/** Starts every key, so that a leaked one is recognised in code, logs and by secret scanners. */
export const API_KEY_PREFIX = 'phk_';
/** Longest description of a key, characters. */
export const MAX_KEY_DESCRIPTION = 256;

/** Random bytes in a key: 256 bits, so that a plain SHA-256 is a safe way to store it. */
export const API_KEY_BYTES = 32;
const API_KEY_PATTERN = /^phk_[A-Za-z0-9_-]{43}$/;

/** The key made of {@link API_KEY_BYTES} random bytes: prefix and base64url. */
export function formatApiKey(random: Uint8Array, prefix = API_KEY_PREFIX): string {
  const base64 = btoa(String.fromCharCode(...random));
  return prefix + base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Starts every token of a session or of a portal link. */
export const SESSION_PREFIX = 'phs_';
const SESSION_PATTERN = /^phs_[A-Za-z0-9_-]{43}$/;

/** Whether a token can be that of a session. */
export function isSessionToken(token: string): boolean {
  return SESSION_PATTERN.test(token);
}

/** Whether a token can be a key at all; one that cannot is refused without a look into the store. */
export function isApiKey(token: string): boolean {
  return API_KEY_PATTERN.test(token);
}

/** What a key is made for, as a caller, an operator or a row says it (docs/design.md §13). */
export interface KeyRights {
  scopes: readonly Scope[];
  /** Bound to one organization; the scope `organization` needs it. */
  organization?: string | undefined;
  /** Bound to one account of it: sees what is that account's, and nothing else. */
  account?: string | undefined;
  /** True: may look, and change nothing. */
  read_only?: boolean | undefined;
  /** False: sees no bodies of its own events and calls. */
  payloads?: boolean | undefined;
  /** When it ends, ISO 8601. */
  expires_at?: string | undefined;
}

/** Why a key cannot be made so: the member that is wrong, and what was expected. */
export interface KeyFault {
  field: keyof KeyRights;
  detail: string;
}

/** A key lives for a year at most, milliseconds: 366 days, so that the same day of the next year is within. */
const LONGEST_LIFE_MS = 366 * 86_400_000;
/** UTC alone: an offset would leave it to the reader which day the key ends. */
const EXPIRY_FORM = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/**
 * Which rights go together, and when a new key may end. What no route and no command makes has no effect either, should
 * somebody type it in a row.
 */
export function keyFaults(rights: KeyRights, nowMs: number): KeyFault[] {
  const { scopes, organization, account, read_only, payloads, expires_at } = rights;
  const has = (scope: Scope): boolean => scopes.includes(scope);
  const faults: KeyFault[] = [];
  const complain = (field: keyof KeyRights, detail: string): void => void faults.push({ field, detail });
  if (has('organization') && organization === undefined) {
    complain('organization', 'is required with the scope organization');
  }
  if ((has('admin') || has('support')) && organization !== undefined) {
    const scope = has('admin') ? 'admin' : 'support';
    complain('organization', `must be left out with the scope ${scope}, which covers every organization`);
  }
  if (has('payloads:read') && !has('support')) {
    complain(
      'scopes',
      'expected payloads:read only together with support; a key of an organization has `payloads` instead',
    );
  }
  if (has('support') && scopes.some((scope) => scope !== 'support' && scope !== 'payloads:read')) {
    complain('scopes', 'expected support alone or with payloads:read; create another key for anything else');
  }
  const ofOrganization: ['account' | 'read_only' | 'payloads', boolean][] = [
    ['account', account !== undefined],
    ['read_only', read_only === true],
    ['payloads', payloads === false],
  ];
  const isOnlyOfOrganization = has('organization') && !has('events:write');
  for (const [field, isGiven] of ofOrganization) {
    if (isGiven && !isOnlyOfOrganization) complain(field, 'expected only with the scope organization');
  }
  const expiry = expires_at === undefined ? undefined : expiryFault(expires_at, nowMs);
  if (expiry !== undefined) complain('expires_at', expiry);
  return faults;
}

/** What is wrong with the end of a new key, or undefined. */
function expiryFault(expiresAt: string, nowMs: number): string | undefined {
  const ms = expiryMs(expiresAt);
  if (ms === undefined) return 'expected a time in UTC, such as 2026-12-31T23:59:59.000Z';
  if (ms <= nowMs) return 'expected a time in the future';
  if (ms - nowMs > LONGEST_LIFE_MS) return 'expected a time within a year from now';
  return undefined;
}

/** When a key ends, milliseconds; undefined when the text is no such time, or a day that there is not. */
function expiryMs(expiresAt: unknown): number | undefined {
  const day = typeof expiresAt === 'string' ? EXPIRY_FORM.exec(expiresAt)?.[1] : undefined;
  const ms = day === undefined ? NaN : Date.parse(expiresAt as string);
  // `Date.parse` takes the 30th of February for a day in March.
  return Number.isNaN(ms) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day ? undefined : ms;
}

/** Who makes a request: an API key and what it may do. */
export interface Principal {
  keyId: string;
  /** What people call the key: its description. */
  name?: string | undefined;
  scopes: readonly Scope[];
  /** The only organization this key may see or publish for. Absent: every one. */
  organization?: string | undefined;
  /** The only account of it that this key may see. Absent: every one. */
  account?: string | undefined;
  /** May change nothing. */
  readOnly?: boolean | undefined;
  /** Sees bodies of events and calls; see {@link maySeePayloads}. Absent: as its scopes say. */
  payloads?: boolean | undefined;
  /** From then on the key is as good as revoked, milliseconds since the epoch. */
  expiresMs?: number | undefined;
}

/**
 * Who a stored key is. A row edited by hand may say anything: a scope that {@link keyFaults} would refuse beside the rest
 * counts for nothing, and what cannot be understood as the lesser right, as an end that has come, or `read_only` with
 * anything but false.
 */
export function principalOf(key: KeyRights & { id: string; description?: string | undefined }): Principal {
  const { id: keyId, description: name, organization, account, expires_at } = key;
  const isReadOnly = key.read_only !== undefined && key.read_only !== false;
  return {
    keyId,
    name,
    scopes: effectiveScopes({ ...key, read_only: isReadOnly }),
    organization,
    account,
    readOnly: isReadOnly || undefined,
    payloads: key.payloads === undefined || key.payloads === true ? undefined : false,
    expiresMs: expires_at === undefined ? undefined : (expiryMs(expires_at) ?? 0),
  };
}

/**
 * Of a customer's key without an organization every organization would be seen; an administrator's that is bound to one
 * could make itself an unbound key.
 */
function effectiveScopes({ scopes, organization, account, read_only }: KeyRights): Scope[] {
  const isBound = organization !== undefined || account !== undefined;
  const isSupport = !isBound && scopes.every((scope) => scope === 'support' || scope === 'payloads:read');
  const counts: Record<Scope, boolean> = {
    'events:write': account === undefined && read_only !== true,
    admin: !isBound,
    organization: organization !== undefined,
    support: isSupport,
    'payloads:read': isSupport && scopes.includes('support'),
  };
  return scopes.filter((scope) => counts[scope]);
}

/** Whether a key may do what `scope` covers; `admin` covers everything. */
export function hasScope(principal: Principal, scope: Scope): boolean {
  return principal.scopes.includes(scope) || principal.scopes.includes('admin');
}

/** Whether a key may see the bodies of events and calls: what may be about a patient. */
export function maySeePayloads(principal: Principal): boolean {
  if (principal.payloads === false) return false;
  return hasScope(principal, 'payloads:read') || principal.scopes.includes('organization');
}

/** Whether a key may act for an organization. */
export function mayActFor(principal: Principal, organization: string): boolean {
  return principal.organization === undefined || principal.organization === organization;
}

/** Whether a key may see what belongs to this organization and, where it belongs to one, to this account. */
export function maySee(principal: Principal, owner: { organization: string; account?: string | undefined }): boolean {
  if (!mayActFor(principal, owner.organization)) return false;
  return principal.account === undefined || principal.account === owner.account;
}
