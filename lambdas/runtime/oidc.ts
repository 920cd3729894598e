import { createRemoteJWKSet, customFetch, jwtVerify, type JWTVerifyGetKey } from 'jose';
import {
  identityOf,
  SignInError,
  type Identity,
  type IdentityProvider,
  type SignInSettings,
} from '../domain/sign-in.ts';

/** Signatures that a public key verifies; `none` and shared secrets are never taken. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** What is asked for: who somebody is. The claim that gives the scopes must come with it. */
const SCOPE = 'openid profile email';
/** Clocks of the provider and of a function may differ by so much, seconds. */
const CLOCK_SECONDS = 60;
/** A token is made for this very sign-in, seconds. */
const OLDEST_TOKEN_SECONDS = 600;
const TIMEOUT_MS = 5000;
/** How long the provider's own description is believed, milliseconds. */
const DESCRIPTION_MS = 3_600_000;
/** Keys are asked for anew when a token names one that is not known, but so often at most, milliseconds. */
const KEYS_COOLDOWN_MS = 5000;

/** What differs in tests. */
export interface OidcOptions {
  fetch?: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  now?: () => number;
  keysCooldownMs?: number;
}

interface Description {
  authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
}

interface Known {
  description: Description;
  keys: JWTVerifyGetKey;
  untilMs: number;
}

/** OpenID Connect with authorization code and PKCE (RFC 7636), as a public client: there is no secret to keep. */
export function createOidc(settings: SignInSettings, options: OidcOptions = {}): IdentityProvider {
  // The operator's own provider, whose address is a setting: not a customer's, so there is nothing to guard.
  // oxlint-disable-next-line no-restricted-globals
  const { fetch: ask = fetch, now = Date.now, keysCooldownMs = KEYS_COOLDOWN_MS } = options;
  let known: Known | undefined;

  const describe = async (): Promise<Known> => {
    if (known && known.untilMs > now()) return known;
    const url = `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const said = await askJson(url, {}, 'description');
    // OpenID Connect Discovery §4.3: otherwise anybody's description could stand for another's.
    if (said.issuer !== settings.issuer) throw new SignInError('the provider describes another issuer');
    const description = Object.fromEntries(
      (['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const).map((name) => [
        name,
        endpoint(said[name], name),
      ]),
    ) as unknown as Description;
    const keys = createRemoteJWKSet(new URL(description.jwks_uri), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: keysCooldownMs,
      [customFetch]: ask,
    });
    return (known = { description, keys, untilMs: now() + DESCRIPTION_MS });
  };

  const askJson = async (url: string, init: RequestInit, what: string): Promise<Record<string, unknown>> => {
    try {
      const answer = await ask(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!answer.ok) throw new SignInError(`the provider answered ${answer.status} when asked for its ${what}`);
      return (await answer.json()) as Record<string, unknown>;
    } catch (error) {
      if (error instanceof SignInError) throw error;
      throw new SignInError(`the provider could not be asked for its ${what}`);
    }
  };

  /** As secure as the issuer: its settings admit http on this machine alone. */
  const endpoint = (url: unknown, name: string): string => {
    const isUrl = typeof url === 'string' && URL.canParse(url);
    if (isUrl && (url.startsWith('https://') || settings.issuer.startsWith('http://'))) return url;
    throw new SignInError(`the provider describes no ${name}`);
  };

  const verified = async (token: unknown, nonce: string, { keys }: Known): Promise<Record<string, unknown>> => {
    if (typeof token !== 'string') throw new SignInError('the provider gave no id_token');
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: settings.issuer,
        audience: settings.clientId,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SECONDS,
        maxTokenAge: OLDEST_TOKEN_SECONDS,
        requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
        currentDate: new Date(now()),
      });
      if (payload.nonce !== nonce) throw new SignInError('the id_token is of another sign-in');
      // OpenID Connect Core §3.1.3.7: of several audiences one must have been meant.
      const isShared = Array.isArray(payload.aud) && payload.aud.length > 1;
      if ((isShared || payload.azp !== undefined) && payload.azp !== settings.clientId)
        throw new SignInError('the id_token is for another client');
      return payload;
    } catch (error) {
      if (error instanceof SignInError) throw error;
      // jose's codes name the check, and hold nothing of the token.
      const code = (error as { code?: unknown }).code;
      throw new SignInError(`the id_token does not hold: ${typeof code === 'string' ? code : 'unreadable'}`);
    }
  };

  return {
    async signInUrl({ state, nonce, challenge, redirectUri }) {
      const { description } = await describe();
      const url = new URL(description.authorization_endpoint);
      const parameters = {
        response_type: 'code',
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },

    async identify({ code, verifier, nonce, redirectUri }): Promise<Identity> {
      const provider = await describe();
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        code,
        code_verifier: verifier,
      });
      const said = await askJson(provider.description.token_endpoint, { method: 'POST', body }, 'token');
      return identityOf(await verified(said.id_token, nonce, provider), settings);
    },
  };
}
