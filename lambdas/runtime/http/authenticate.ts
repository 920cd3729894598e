import type { MiddlewareObj } from '@middy/core';
import { hasScope, isApiKey, isSessionToken, principalOf, type Principal, type Scope } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import type { ApiKeyStore } from '../../stores/api-keys.ts';
import type { FoundSession, SessionStore } from '../../stores/sessions.ts';
import { hashApiKey } from '../api-key.ts';
import { header, ownCookies, type HttpAnswer, type HttpContext, type HttpEvent } from './event.ts';

type HttpMiddleware = MiddlewareObj<HttpEvent, HttpAnswer, Error, HttpContext>;

export interface AuthenticateOptions {
  /** Milliseconds since the epoch. */
  now: () => number;
  /**
   * How long a key that was found is trusted without asking again, seconds. A revoked key works on for at most that
   * long; docs/design.md §13 allows 60.
   * @default 30
   */
  cacheSeconds?: number;
  /** Where sessions are looked up. @default none is known here */
  sessions?: Pick<SessionStore, 'find' | 'touch'>;
}

/** Keys remembered per process: far more than a platform has; a full cache is emptied. */
const MAX_KNOWN = 1000;
/** Wrong keys remembered, so that a client stuck with one costs one read in {@link UNKNOWN_SECONDS}. */
const MAX_UNKNOWN = 100;
const UNKNOWN_SECONDS = 5;

/**
 * Finds out who makes the request, by `Authorization: Bearer <key>`, where the key may be the token of a session, and puts it on
 * the context as `principal`.
 * The scheme's letter case does not matter; there must be exactly one header with exactly one token (API Gateway joins
 * two headers by a comma, which no key contains).
 * Without that header the session of a cookie counts, if the console asks: another site can have a browser send a cookie, but
 * no header of its own.
 * @throws Problem `unauthenticated`; it never says whether a key exists, was revoked or has expired.
 */
export function authenticate(store: Pick<ApiKeyStore, 'byHash'>, options: AuthenticateOptions): HttpMiddleware {
  const find = cachedLookup(store, options.now, (options.cacheSeconds ?? 30) * 1000);
  const findSession = options.sessions && sessionLookup(options.sessions, options.now);
  return {
    before: async (request) => {
      const token = bearerToken(request.event);
      const principal =
        token !== undefined && isApiKey(token)
          ? await find(hashApiKey(token))
          : await findSession?.(...sessionTokenOf(request.event, token));
      // Also a key that is remembered ends when it ends.
      if (!principal || (principal.expiresMs ?? Infinity) <= options.now()) {
        throw new Problem('unauthenticated', 'Expected one header Authorization: Bearer <API key> with a valid key.');
      }
      request.context.principal = principal;
      request.context.logFields = { ...request.context.logFields, key_id: principal.keyId };
    },
  };
}

/** The one token of `Authorization: Bearer <token>`, however the scheme is spelt; undefined for anything else. */
export function bearerToken(event: HttpEvent | null): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header(event, 'authorization')?.trim() ?? '')?.[1];
}

/** The console says so: a ping then tells where it was asked for, and the session of a cookie is believed. */
export const CONSOLE_HEADER = 'posthorn-client';

/** What may be the token of a session, and how it came. */
function sessionTokenOf(event: HttpEvent, bearer: string | undefined): [string | undefined, FoundSession['by']] {
  return bearer === undefined ? [cookieToken(event), 'cookie'] : [bearer, 'bearer'];
}

function cookieToken(event: HttpEvent): string | undefined {
  const isConsole = header(event, CONSOLE_HEADER) === 'console';
  // https://www.w3.org/TR/fetch-metadata/: browsers say where a request comes from; older ones say nothing.
  const isOwnPage = ['same-origin', undefined].includes(header(event, 'sec-fetch-site'));
  const hasOther = header(event, 'authorization') !== undefined;
  return isConsole && isOwnPage && !hasOther ? ownCookies(event)['session'] : undefined;
}

/** What identifies the caller: its key, or the token of its session. */
export function credentialOf(event: HttpEvent): string {
  return bearerToken(event) ?? cookieToken(event) ?? '';
}

function cachedLookup(store: Pick<ApiKeyStore, 'byHash'>, now: () => number, cacheMs: number) {
  const known = createCache<Principal>(MAX_KNOWN, cacheMs, now);
  const unknown = createCache<true>(MAX_UNKNOWN, Math.min(UNKNOWN_SECONDS * 1000, cacheMs), now);
  return async (hash: string): Promise<Principal | undefined> => {
    const cached = known.get(hash);
    if (cached || unknown.get(hash)) return cached;
    const key = await store.byHash(hash);
    if (!key || key.revoked_at !== undefined) {
      unknown.set(hash, true);
      return undefined;
    }
    const principal = principalOf(key);
    known.set(hash, principal);
    return principal;
  };
}

/** A session that is used is noted so often, milliseconds: a minute of its idle time is not told exactly. */
const TOUCH_MS = 60_000;

/** Sessions are read anew for each request: whoever signs out is out at once. */
function sessionLookup(sessions: Pick<SessionStore, 'find' | 'touch'>, now: () => number) {
  return async (token: string | undefined, by: FoundSession['by']): Promise<Principal | undefined> => {
    if (token === undefined || !isSessionToken(token)) return undefined;
    const hash = hashApiKey(token);
    const found = await sessions.find(hash);
    if (found?.by !== by) return undefined;
    if (found.idle_ms !== undefined && now() - found.seen_ms > TOUCH_MS) await sessions.touch(hash);
    return { ...principalOf({ ...found.rights, id: found.actor }), expiresMs: found.ends_ms };
  };
}

/** Remembers at most `max` values, each for `ttlMs` from when it was set. */
function createCache<T>(max: number, ttlMs: number, now: () => number) {
  const entries = new Map<string, { value: T; until: number }>();
  return {
    get(key: string): T | undefined {
      const entry = entries.get(key);
      return entry && now() < entry.until ? entry.value : undefined;
    },
    set(key: string, value: T): void {
      if (entries.size >= max) entries.clear();
      entries.set(key, { value, until: now() + ttlMs });
    },
  };
}

/**
 * Lets only keys with this scope pass (or with `admin`). Use it after {@link authenticate}.
 * @throws Problem `forbidden`
 */
export function requireScope(scope: Scope): HttpMiddleware {
  return {
    before: (request) => {
      if (!hasScope(request.context.principal, scope)) {
        throw new Problem('forbidden', `Expected an API key with the scope ${scope}; this one does not have it.`);
      }
    },
  };
}
