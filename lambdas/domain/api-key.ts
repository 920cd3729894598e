/** What a key may do: publish events; everything; one organization's own subscriptions and log. */
export const SCOPES = ['events:write', 'admin', 'organization'] as const;
export type Scope = (typeof SCOPES)[number];

/** Starts every key, so that a leaked one is recognised in code, logs and by secret scanners. */
export const API_KEY_PREFIX = 'phk_';
/** Longest description of a key, characters. */
export const MAX_KEY_DESCRIPTION = 256;

/** Random bytes in a key: 256 bits, so that a plain SHA-256 is a safe way to store it. */
export const API_KEY_BYTES = 32;
const API_KEY_PATTERN = /^phk_[A-Za-z0-9_-]{43}$/;

/** The key made of {@link API_KEY_BYTES} random bytes: prefix and base64url. */
export function formatApiKey(random: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...random));
  return API_KEY_PREFIX + base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Whether a token can be a key at all; one that cannot is refused without a look into the store. */
export function isApiKey(token: string): boolean {
  return API_KEY_PATTERN.test(token);
}

/** Who makes a request: an API key and what it may do. */
export interface Principal {
  keyId: string;
  scopes: readonly Scope[];
  /** The only organization this key may see or publish for. Absent: every one. */
  organization?: string;
}

/**
 * Scopes that a key with these rights really has. No route and no command makes a key with `organization` that names
 * none, or with `admin` that is bound to one; a row edited by hand may be such a key. The first would see everything,
 * the second could make itself an unbound key: both scopes count for nothing then.
 */
export function effectiveScopes(scopes: readonly Scope[], organization: string | undefined): Scope[] {
  const without: Scope = organization === undefined ? 'organization' : 'admin';
  return scopes.filter((scope) => scope !== without);
}

/** Whether a key may do what `scope` covers; `admin` covers everything. */
export function hasScope(principal: Principal, scope: Scope): boolean {
  return principal.scopes.includes(scope) || principal.scopes.includes('admin');
}

/** Whether a key may act for an organization. */
export function mayActFor(principal: Principal, organization: string): boolean {
  return principal.organization === undefined || principal.organization === organization;
}
