import type { Scope } from './api-key.ts';

/** How staff sign in with the organization's own OpenID Connect provider. */
export interface SignInSettings {
  /** As the provider writes it, in its tokens too. */
  issuer: string;
  clientId: string;
  /** Name of the claim that says what somebody may do. */
  claim: string;
  /** Value of that claim → scopes, separated by blanks. */
  scopes: Readonly<Record<string, string>>;
}

/** Who a provider says somebody is. */
export interface Identity {
  /** Unique at this provider: the claim `sub`. */
  subject: string;
  /** None: may do nothing here. */
  scopes: Scope[];
}

/** The provider, as the api function talks to it. */
export interface IdentityProvider {
  /** Where somebody is sent to sign in. @throws SignInError when the provider cannot be asked. */
  signInUrl(flow: { state: string; nonce: string; challenge: string; redirectUri: string }): Promise<string>;
  /**
   * Exchanges a code for the identity of who signed in.
   * @throws SignInError when the provider refuses, or its token does not hold.
   */
  identify(answer: { code: string; verifier: string; nonce: string; redirectUri: string }): Promise<Identity>;
}

/** Why somebody could not be signed in, in words that hold nothing of a token. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

/** Scopes of staff: everything, or support, which may also see payloads. */
export const STAFF_SCOPES: readonly Scope[] = ['admin', 'support', 'payloads:read'];
/** OpenID Connect Core §2: at most 255 ASCII characters. Blanks part an actor from its record, see changedBy. */
const SUBJECT = /^[\x21-\x7e]{1,255}$/;

/** What a token's claims say, under the settings. @throws SignInError for a subject that is none. */
export function identityOf(claims: Record<string, unknown>, { claim, scopes }: SignInSettings): Identity {
  const { sub: subject } = claims;
  if (typeof subject !== 'string' || !SUBJECT.test(subject))
    throw new SignInError('expected a subject of 1 to 255 visible ASCII characters');
  const values = [claims[claim]].flat().filter((value) => typeof value === 'string');
  const given = values.flatMap((value) => (Object.hasOwn(scopes, value) ? scopes[value]!.split(' ') : []));
  const known = STAFF_SCOPES.filter((scope) => given.includes(scope));
  // Everything is more than support; payloads alone are nothing.
  if (known.includes('admin')) return { subject, scopes: ['admin'] };
  return { subject, scopes: known.includes('support') ? known : [] };
}
