import type { SubscriptionRow } from '../domain/subscription.ts';
import type { EndpointHealth } from '../domain/endpoint-health.ts';
import type { SigningSecret } from './secrets.ts';

/** All that the sender must know about the other end of a delivery. */
export interface Target {
  /** Undefined: deleted. */
  row?: SubscriptionRow;
  /** Newest first; never older than 60 s. Empty: none stored. */
  secrets: SigningSecret[];
  /** Undefined: no failures remembered. */
  health?: EndpointHealth;
}

/** Reads subscriptions, secrets and health of a whole batch in one call. */
export interface TargetStore {
  load(keys: { organization: string; subscription: string }[]): Promise<Map<string, Target>>;
}
