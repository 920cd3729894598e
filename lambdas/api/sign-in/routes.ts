import { z } from 'zod';
import { SignInError, type Identity, type IdentityProvider } from '../../domain/sign-in.ts';
import type { SessionStore } from '../../stores/sessions.ts';
import type { Auditor } from '../audit/audit.ts';
import type { Logger } from '../../domain/telemetry.ts';
import { notFound } from '../http/access.ts';
import { route, type ApiAnswer, type Route } from '../http/route.ts';

/** A session that nobody uses ends after so long, and any after so long, milliseconds. */
export const IDLE_MS = 15 * 60_000;
export const LONGEST_MS = 12 * 3_600_000;
/** Between being sent to the provider and coming back, milliseconds. */
const FLOW_MS = 10 * 60_000;
const CALLBACK = '/v1/sign-in/callback';
const CONSOLE_PATH = /^\/console\/[\w\-./?=&%:]{0,500}$/;

export interface SignInDeps {
  /** Undefined: staff sign in with keys alone. */
  provider: IdentityProvider | undefined;
  sessions: Pick<SessionStore, 'start' | 'find' | 'end'>;
  record: Auditor;
  newToken(): { key: string; hash: string };
  hash(token: string): string;
  /** A text that nobody can guess, of letters, digits, `-` and `_`. */
  newSecretText(): string;
  /** SHA-256, base64url (RFC 7636 §4.2). */
  challengeOf(verifier: string): string;
  logger: Pick<Logger, 'warn'>;
  now(): number;
}

/** What is remembered of a sign-in under way, in a cookie of the browser that began it. */
const flow = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  at: z.number(),
  back: z.string().regex(CONSOLE_PATH),
});
type Flow = z.output<typeof flow>;

/** Sign-in of staff with OpenID Connect: authorization code with PKCE, and a session in a cookie. */
export function signInRoutes(deps: SignInDeps): Route[] {
  const { provider, sessions, now } = deps;
  return [
    route({
      operation: 'getSignInMethods',
      method: 'GET',
      path: '/v1/sign-in/methods',
      summary: 'How people may sign in to the console',
      access: 'public',
      success: { status: 200, description: 'The ways', schema: z.object({ oidc: z.boolean() }) },
      handle: async () => ({ status: 200, body: { oidc: provider !== undefined } }),
    }),
    route({
      operation: 'signIn',
      method: 'GET',
      path: '/v1/sign-in',
      summary: "Sends a browser to the organization's own OpenID Connect provider",
      access: 'public',
      query: z.strictObject({
        back: z.string().regex(CONSOLE_PATH, 'expected a path below /console/').default('/console/overview'),
      }),
      success: { status: 303, description: 'To the provider' },
      handle: async ({ query, baseUrl }) => {
        if (!provider) throw notFound();
        const begun: Flow = {
          state: deps.newSecretText(),
          nonce: deps.newSecretText(),
          verifier: deps.newSecretText(),
          at: now(),
          back: query.back,
        };
        try {
          const location = await provider.signInUrl({
            state: begun.state,
            nonce: begun.nonce,
            challenge: deps.challengeOf(begun.verifier),
            redirectUri: baseUrl + CALLBACK,
          });
          const kept = Buffer.from(JSON.stringify(begun)).toString('base64url');
          // Lax: the provider sends the browser back from another site.
          return { status: 303, location, cookies: [cookie('sign-in', kept, baseUrl, FLOW_MS, 'Lax')] };
        } catch (error) {
          return failed(error, deps, baseUrl);
        }
      },
    }),
    route({
      operation: 'finishSignIn',
      method: 'GET',
      path: CALLBACK,
      summary: 'Where the provider sends the browser back to',
      access: 'public',
      // A provider adds what it likes (RFC 6749 §4.1.2).
      query: z.looseObject({ code: z.string().max(4096).optional(), state: z.string().max(200).optional() }),
      success: { status: 303, description: 'To the console' },
      handle: async ({ query: { code, state }, cookies, baseUrl }) => {
        if (!provider) throw notFound();
        try {
          const begun = readFlow(cookies['sign-in']);
          if (!begun || state !== begun.state || now() - begun.at > FLOW_MS)
            throw new SignInError('the answer belongs to no sign-in that this browser began');
          if (code === undefined) throw new SignInError('the provider signed nobody in');
          const { nonce, verifier, back } = begun;
          const identity = await provider.identify({ code, nonce, verifier, redirectUri: baseUrl + CALLBACK });
          if (identity.scopes.length === 0) return ended('refused', baseUrl);
          return await begin(identity, back, baseUrl);
        } catch (error) {
          return failed(error, deps, baseUrl);
        }
      },
    }),
    route({
      operation: 'signOut',
      method: 'POST',
      path: '/v1/sign-out',
      summary: 'End the session of the cookie that comes with this request',
      access: 'any-key',
      success: { status: 204, description: 'Ended' },
      handle: async ({ cookies, baseUrl }) => {
        const hash = cookies.session === undefined ? undefined : deps.hash(cookies.session);
        const session = hash === undefined ? undefined : await sessions.find(hash);
        // The other way round than elsewhere: a session must end even while no record can be written.
        if (hash !== undefined) await sessions.end(hash);
        if (session) {
          const { actor } = session;
          await deps.record(
            { keyId: actor, scopes: [] },
            { action: 'user.signed_out', type: 'user', id: actor, changed: [] },
          );
        }
        return { status: 204, cookies: [cookie('session', '', baseUrl, 0, 'Strict')] };
      },
    }),
  ];

  async function begin({ subject, scopes }: Identity, back: string, baseUrl: string): Promise<ApiAnswer> {
    const actor = `user:${subject}`;
    const { key, hash } = deps.newToken();
    await deps.record({ keyId: actor, scopes: [] }, { action: 'user.signed_in', type: 'user', id: actor, changed: [] });
    await sessions.start(hash, {
      actor,
      rights: { scopes },
      ends_ms: now() + LONGEST_MS,
      idle_ms: IDLE_MS,
      by: 'cookie',
    });
    const cookies = [cookie('session', key, baseUrl, LONGEST_MS, 'Strict'), cookie('sign-in', '', baseUrl, 0, 'Lax')];
    return { status: 303, location: baseUrl + back, cookies };
  }
}

function readFlow(kept: string | undefined): Flow | undefined {
  try {
    return flow.parse(JSON.parse(Buffer.from(kept ?? '', 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** @throws what is no failure of a sign-in. */
function failed(error: unknown, { logger }: SignInDeps, baseUrl: string): ApiAnswer {
  if (!(error instanceof SignInError)) throw error;
  logger.warn('sign-in failed', { reason: error.message });
  return ended('failed', baseUrl);
}

/** Back to the page that asks who somebody is, which says why. */
function ended(why: 'refused' | 'failed', baseUrl: string): ApiAnswer {
  return { status: 303, location: `${baseUrl}/?sign_in=${why}`, cookies: [cookie('sign-in', '', baseUrl, 0, 'Lax')] };
}

function cookie(
  name: 'session' | 'sign-in',
  value: string,
  baseUrl: string,
  ms: number,
  site: 'Strict' | 'Lax',
): string {
  const isSecure = baseUrl.startsWith('https:');
  // https://www.rfc-editor.org/rfc/rfc6265bis: no other host, and nothing without TLS, can set one with this prefix.
  const full = `${isSecure ? '__Host-' : ''}posthorn-${name}`;
  return `${full}=${value}; Path=/; Max-Age=${ms / 1000}; HttpOnly; SameSite=${site}${isSecure ? '; Secure' : ''}`;
}
