import type { Deactivation } from '../domain/subscription/deactivation.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import type { CredentialsByRef } from '../domain/subscription/auth.ts';
import type { SigningSecret } from './secrets.ts';

/** All that the sender must know about the other end of a delivery. */
export interface DeliveryTarget {
  /** Undefined: deleted. */
  row?: SubscriptionRow | undefined;
  /**
   * The organization that the id belongs to, as its secrets say. A row typed by hand may have an id of another
   * organization; nothing is sent for it, and nothing is written under that id. Undefined: nobody's yet.
   */
  owner?: string | undefined;
  /** Its own organization's, newest first; never older than 60 s, so look at `expires_ms` before use. Empty: none stored. */
  secrets: readonly SigningSecret[];
  /** Its own organization's, with those that its row names, if they are there at all. */
  credentials?: CredentialsByRef | undefined;
  /** Its own organization's; undefined: no failures remembered. */
  health?: EndpointHealth | undefined;
}

/** Where a delivery goes. */
export interface TargetKey {
  organization: string;
  subscription: string;
}

/** How a target is named in the map that {@link TargetStore.load} returns. */
export function targetName({ organization, subscription }: TargetKey): string {
  return `${organization}/${subscription}`;
}

/** Reads subscriptions, secrets and health of a whole batch in one call. */
export interface TargetStore {
  /**
   * Subscriptions are read anew each time, strongly consistent: a deactivated one gets nothing more.
   * @returns by {@link targetName}; one that could not be read after all tries is missing.
   *   A key that cannot be read costs no other key its target.
   * @throws when DynamoDB can be asked for nothing at all.
   */
  load(keys: TargetKey[]): Promise<Map<string, DeliveryTarget>>;
  /**
   * Deactivates a subscription and writes down why, unless its URL is no longer the one that was called. Leaves its
   * record in the audit trail first.
   * @param url as it stands in the row.
   * @param updatedAt ISO 8601.
   * @returns false when the subscription has another URL by now, or is gone.
   * @throws when the record could not be written; nothing is changed then.
   */
  deactivate(key: TargetKey, url: unknown, why: Deactivation, updatedAt: string): Promise<boolean>;
}
