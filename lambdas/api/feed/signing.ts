import { privateKeys, signingKeys } from '../../domain/delivery/request.ts';
import type { KeyObject } from '../../domain/secrets/signature.ts';
import { needsPrivateKey, type Subscription } from '../../domain/subscription/subscription.ts';
import type { SecretStore } from '../../stores/secrets.ts';

/** What a subscription's deliveries are signed with. */
export interface FeedKeys {
  keys: readonly KeyObject[];
  /** Absent: not wanted. */
  asymmetric?: readonly KeyObject[];
}

/** The keys that were valid then. Of an id that belongs to another organization: none. */
export async function keysOf(
  subscription: Subscription,
  atMs: number,
  { secrets }: { secrets: Pick<SecretStore, 'get'> },
): Promise<FeedKeys> {
  const stored = await secrets.get(subscription.id);
  const own = stored?.organization === subscription.organization ? stored.secrets : [];
  const keys = signingKeys(own, atMs);
  return needsPrivateKey(subscription) ? { keys, asymmetric: privateKeys(own, atMs) } : { keys };
}
