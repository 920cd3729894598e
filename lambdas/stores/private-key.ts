import type { SigningSecret } from '../domain/secrets/rotation.ts';
import type { SecretStore } from './secrets.ts';

/** Somebody rotated meanwhile: so often is looked again. */
const TRIES = 3;

/**
 * Sees to it that a subscription can sign with Ed25519: its newest secret gets a private key, unless one that is valid has one.
 * @returns false when it has no secret of this organization, or others kept changing it.
 */
export async function ensurePrivateKey(
  { id, organization }: { id: string; organization: string },
  { secrets, newSecret }: { secrets: Pick<SecretStore, 'get' | 'replace'>; newSecret(): SigningSecret },
): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const stored = await secrets.get(id);
    const [newest, ...older] = stored?.secrets ?? [];
    if (stored?.organization !== organization || !newest) return false;
    if (stored.secrets.some(({ private_key }) => private_key !== undefined)) return true;
    const { private_key } = newSecret();
    if (await secrets.replace(id, newest.key, [{ ...newest, private_key }, ...older])) return true;
  }
  return false;
}
