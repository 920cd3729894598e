import type { KeyRights, Scope } from '../domain/api-key.ts';
import type { Page, PageRequest } from './page.ts';

/** An API key as stored: never the key itself. */
export interface ApiKey extends KeyRights {
  /** `key_` + ULID, to name it in lists and to revoke it. */
  id: string;
  /** SHA-256 of the key, hex: the table's partition key. */
  hash: string;
  scopes: Scope[];
  description?: string;
  created_at: string;
  revoked_at?: string;
}

/** The table `ApiKeys`. */
export interface ApiKeyStore {
  byHash(hash: string): Promise<ApiKey | undefined>;
  create(key: ApiKey): Promise<void>;
  list(page: PageRequest): Promise<Page<ApiKey>>;
  /** @returns false when no key has this id. */
  revoke(id: string, revokedAt: string): Promise<boolean>;
}
