import type { SigningSecret } from '../domain/secrets/rotation.ts';
import type { CredentialsByRef, StoredCredentials } from '../domain/subscription/auth.ts';

export type { SigningSecret };

/** Days for which the secrets of a deleted subscription are kept. */
export const KEPT_DAYS = 7;

/** What is stored of one subscription. */
export interface StoredSecrets {
  organization: string;
  secrets: SigningSecret[];
  /** What its requests carry for its endpoint to know them by; undefined: none, or none that can be used. */
  credentials?: CredentialsByRef | undefined;
}

/** Credentials on their way into the table. */
export interface NamedCredentials {
  /** {@link AuthMark.ref} of the row. */
  ref: string;
  credentials: StoredCredentials;
}

/**
 * The table `SigningSecrets`. Its row also says which organization a subscription id belongs to, so that an id alone
 * finds its subscription with one strongly consistent read, and two organizations cannot share an id.
 */
export interface SecretStore {
  /** Newest first; expired ones are left out. Undefined when the subscription has no secrets, or is deleted. */
  get(subscription: string): Promise<StoredSecrets | undefined>;
  /**
   * @returns false when the id already has secrets, if only expired ones, or may still get those of a deleted subscription
   * back; nothing is changed then.
   */
  create(
    subscription: string,
    organization: string,
    secret: SigningSecret,
    credentials?: NamedCredentials,
  ): Promise<boolean>;
  /** Replaces the list if the stored one still starts with `expectedNewest`; false: somebody else rotated meanwhile. */
  replace(subscription: string, expectedNewest: string, secrets: SigningSecret[]): Promise<boolean>;
  /**
   * Adds credentials beside those that are there, which go on being used until the row names these.
   * @returns false when the id is not this organization's, or is deleted; nothing is changed then.
   */
  addCredentials(subscription: string, organization: string, added: NamedCredentials): Promise<boolean>;
  /** Removes credentials for good; those that are not there, or are another organization's, are left as they are. */
  dropCredentials(subscription: string, organization: string, refs: readonly string[]): Promise<void>;
  /**
   * Deletes the secrets of this organization's subscription: nothing is signed with them any more. They are kept for
   * {@link KEPT_DAYS} days, because a deletion may be a mistake, and its customer would verify with them.
   * @returns false when the id belongs to another organization; nothing is changed then.
   */
  delete(subscription: string, organization: string): Promise<boolean>;
  /**
   * Hands the secrets of a deleted subscription back, to the organization that it was of.
   * @returns `foreign`: they are kept for another organization · `none`: there is nothing to hand back.
   */
  handBack(subscription: string, organization: string): Promise<'done' | 'foreign' | 'none'>;
}
