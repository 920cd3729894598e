import type { SigningSecret } from '../domain/secret-rotation.ts';

export type { SigningSecret };

/**
 * The table `SigningSecrets`. Its row also says which organization a subscription id belongs to, so that an id alone
 * finds its subscription with one strongly consistent read, and two organizations cannot share an id.
 */
export interface SecretStore {
  /** Newest first; expired ones are left out. Undefined when the subscription has no secrets. */
  get(subscription: string): Promise<{ organization: string; secrets: SigningSecret[] } | undefined>;
  /** @returns false when the id already has secrets; nothing is changed then. */
  create(subscription: string, organization: string, secret: SigningSecret): Promise<boolean>;
  /** Replaces the list if the stored one still starts with `expectedNewest`; false: somebody else rotated meanwhile. */
  replace(subscription: string, expectedNewest: string, secrets: SigningSecret[]): Promise<boolean>;
  delete(subscription: string): Promise<void>;
}
