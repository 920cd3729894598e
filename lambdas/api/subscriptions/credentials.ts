import type { z } from 'zod';
import { escapePointer } from '../../domain/json/pointer.ts';
import { Problem } from '../../domain/problem.ts';
import { markOf, originOf, readMark, type AuthMark, type Credentials } from '../../domain/subscription/auth.ts';
import { isCredentialHeader, MASKED } from '../../domain/subscription/custom-headers.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { NamedCredentials, SecretStore } from '../../stores/secrets.ts';
import type { authInput } from './auth-schema.ts';

export interface CredentialsDeps {
  secrets: Pick<SecretStore, 'dropCredentials'>;
  rules: Pick<SubscriptionRules, 'checkUrl'>;
  newRef(): string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Credentials that a caller sent: what is stored, and what the row says of it. */
export interface Prepared {
  named: NamedCredentials;
  mark: AuthMark;
}

/**
 * Credentials of subscriptions. A change writes the new ones beside the old, then the row, which names the ones that are
 * used, then takes the others away: wherever it breaks off, the row and what it names belong together.
 */
export function createCredentials({ secrets, rules, newRef, now }: CredentialsDeps) {
  return {
    /** @param url that was checked: credentials are for its origin alone. */
    prepare(given: z.output<typeof authInput>, url: string): Prepared {
      const credentials = { ...checked(given), origin: originOf(url) };
      const ref = newRef();
      return { named: { ref, credentials }, mark: markOf(credentials, ref, new Date(now()).toISOString()) };
    },

    /** Takes those away that no row names any more. What remains after a failure harms nobody, and the guard removes it. */
    async drop({ id, organization }: { id: string; organization: string }, ref: string | undefined): Promise<void> {
      // The change itself is made.
      if (ref !== undefined) await secrets.dropCredentials(id, organization, [ref]).catch(() => undefined);
    },
  };

  function checked(given: z.output<typeof authInput>): Credentials {
    if (given.type !== 'oauth2') return given;
    const url = rules.checkUrl(given.token_url);
    if (url.ok) return { ...given, token_url: url.url };
    throw refused('/auth/token_url', url.detail);
  }
}

export type CredentialsOf = ReturnType<typeof createCredentials>;

/**
 * Refuses to take credentials along to another origin: whoever may change a URL could have them sent to a host of his own.
 * @param row before the change. @param url after it, checked. @param headers of the row after it.
 * @throws Problem invalid-request
 */
export function refuseTaking(row: SubscriptionRow, url: string, change: { auth?: unknown; headers?: unknown }): void {
  const read = readMark(row.auth);
  if (change.auth === undefined && read && 'mark' in read && read.mark.origin !== originOf(url)) {
    throw refused('/auth', `the credentials were for ${read.mark.origin}: send them again, or null`);
  }
  const before = typeof row.url === 'string' && URL.canParse(row.url) ? originOf(row.url) : undefined;
  const taken = before === originOf(url) ? undefined : Object.keys(change.headers ?? {}).find(isCredentialHeader);
  if (taken !== undefined) {
    const pointer = `/headers/${escapePointer(taken)}`;
    throw refused(pointer, `was for ${before ?? 'another URL'}: send headers without it, and what it held as auth`);
  }
}

/**
 * Headers of a change with the values that answers mask: a caller who sends one back as it was shown means the one that
 * is there.
 * @throws Problem invalid-request when there is none.
 */
export function unmasked(headers: Record<string, string>, row: SubscriptionRow): Record<string, string> {
  const stored = (row.headers ?? {}) as Record<string, unknown>;
  const entries = Object.entries(headers).map(([name, value]) => {
    if (value !== MASKED || !isCredentialHeader(name)) return [name, value] as const;
    const kept = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (typeof kept !== 'string') throw refused(`/headers/${name}`, USE_AUTH);
    return [name, kept] as const;
  });
  return Object.fromEntries(entries);
}

export const USE_AUTH = 'holds a credential: use auth, which is stored with the secrets';

function refused(pointer: string, detail: string): Problem {
  return new Problem('invalid-request', 'The body is not valid. See errors.', [{ pointer, detail }]);
}
