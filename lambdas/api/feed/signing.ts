import { keysFor, type DeliveryKeys } from '../../domain/delivery/request.ts';
import type { Subscription } from '../../domain/subscription/subscription.ts';
import type { SecretStore } from '../../stores/secrets.ts';

/** The keys that were valid then. Of an id that belongs to another organization: none. */
export async function keysOf(
  subscription: Subscription,
  atMs: number,
  { secrets }: { secrets: Pick<SecretStore, 'get'> },
): Promise<DeliveryKeys> {
  const stored = await secrets.get(subscription.id);
  return keysFor(subscription, stored?.organization === subscription.organization ? stored.secrets : [], atMs);
}
