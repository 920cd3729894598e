import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import Provider, { type Adapter, type AdapterFactory, type AdapterPayload, type JWK } from 'oidc-provider';

/** A new key that a server signs with. @param kid its name. */
export function signingJwk(kid: string): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

/** What a server of `oidc-provider` keeps, in memory: the library's own says with every start that it is for development. */
export function memoryAdapter(): AdapterFactory {
  const kept = new Map<string, AdapterPayload>();
  return (kind): Adapter => {
    const name = (id: string): string => `${kind}:${id}`;
    const by = (member: 'uid' | 'userCode', value: string): AdapterPayload | undefined =>
      [...kept].find(([key, one]) => key.startsWith(`${kind}:`) && one[member] === value)?.[1];
    return {
      upsert: async (id, payload) => void kept.set(name(id), payload),
      find: async (id) => kept.get(name(id)),
      findByUid: async (uid) => by('uid', uid),
      findByUserCode: async (code) => by('userCode', code),
      consume: async (id) => void Object.assign(kept.get(name(id)) ?? {}, { consumed: Math.floor(Date.now() / 1000) }),
      destroy: async (id) => void kept.delete(name(id)),
      revokeByGrantId: async (grant) => {
        for (const [key, { grantId }] of kept) if (grantId === grant) kept.delete(key);
      },
    };
  };
}

export interface StaffProviderOptions {
  issuer: string;
  clientId: string;
  /** Where browsers are sent back to. */
  callback: string;
  /** What its tokens are signed with. */
  key: JWK;
  /** Of whoever signs in, asked each time. */
  groups: () => unknown;
}

/** A real OpenID Connect provider as an organization has one for its staff. Its sign-in page is `/interaction/<uid>`. */
export function staffProvider({ issuer, clientId, callback, key, groups }: StaffProviderOptions): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        redirect_uris: [callback],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    adapter: memoryAdapter(),
    jwks: { keys: [key] },
    claims: { openid: ['sub', 'groups'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['test'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, groups: groups() }) }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client!.clientId,
        accountId: context.oidc.session!.accountId!,
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
}

/** Has what the provider answers at `/token` read by somebody on its way. */
export function overhear(response: ServerResponse, tokens: (answer: Record<string, string | undefined>) => void): void {
  const end = response.end.bind(response) as (...of: unknown[]) => ServerResponse;
  response.end = ((body: unknown, ...rest: unknown[]) => {
    if (typeof body === 'string' || body instanceof Buffer)
      tokens(JSON.parse(String(body)) as Record<string, string | undefined>);
    return end(body, ...rest);
  }) as typeof response.end;
}

/** Follows the provider's own pages until it sends the browser back. @returns that address, whole. */
export async function throughProvider(location: string, base: string): Promise<string> {
  const jar = new Map<string, string>();
  let next = location;
  while (!next.startsWith(base)) {
    const answer: Response = await fetch(next, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const one of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      jar.set(name!, value!);
    }
    const to = answer.headers.get('location');
    if (to === null) throw new Error(`The provider answered ${answer.status}: ${await answer.text()}`);
    next = new URL(to, next).href;
  }
  return next;
}
