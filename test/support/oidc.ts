import { generateKeyPairSync } from 'node:crypto';
import type { Adapter, AdapterFactory, AdapterPayload, JWK } from 'oidc-provider';

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
