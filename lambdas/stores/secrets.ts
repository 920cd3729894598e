import type { SigningSecret } from '../domain/secrets/rotation.ts';

export type { SigningSecret };

/**
 * The table `SigningSecrets`. Its row also says which organization a subscription id belongs to, so that an id alone
 * finds its subscription with one strongly consistent read, and two organizations cannot share an id.
 */
export interface SecretStore {
  /** Newest first; expired ones are left out. Undefined when the subscription has no secrets. */
  get(subscription: string): Promise<{ organization: string; secrets: SigningSecret[] } | undefined>;
  /** @returns false when the id already has secrets, if only expired ones; nothing is changed then. */
  create(subscription: string, organization: string, secret: SigningSecret): Promise<boolean>;
  /** Replaces the list if the stored one still starts with `expectedNewest`; false: somebody else rotated meanwhile. */
  replace(subscription: string, expectedNewest: string, secrets: SigningSecret[]): Promise<boolean>;
  /**
   * Deletes the secrets of this organization's subscription.
   * @returns false when the id belongs to another organization; nothing is changed then.
   */
  delete(subscription: string, organization: string): Promise<boolean>;
}
