import type { KeyRights } from '../domain/api-key.ts';

/** Somebody signed in without an API key of their own. */
export interface Session {
  /** `user:<sub>` or the id of a portal link: who acts, for the audit trail. */
  actor: string;
  rights: KeyRights;
  /** It ends then, whatever is done meanwhile, milliseconds. */
  ends_ms: number;
  /** It ends when it has not been used for so long, milliseconds. Absent: only then. */
  idle_ms?: number;
  /** How its token comes with a request: one that comes otherwise is not believed. */
  by: 'cookie' | 'bearer';
}

/** A session as it was found. */
export interface FoundSession extends Session {
  /** When it was used last, as far as anybody wrote that down, milliseconds. */
  seen_ms: number;
}

/** An address that signs in whoever opens it first. */
export interface PortalLink {
  /** `lnk_` + ULID */
  id: string;
  rights: KeyRights;
  ends_ms: number;
  return_url?: string | undefined;
}

/** Sessions and links by the SHA-256 of their tokens, which nobody keeps. They live in the table `Idempotency`, where rows end. */
export interface SessionStore {
  start(hash: string, session: Session): Promise<void>;
  /** Strongly consistent. Undefined: there is none, or it has ended. */
  find(hash: string): Promise<FoundSession | undefined>;
  /** Notes that it is used; one that has ended meanwhile stays so. */
  touch(hash: string): Promise<void>;
  end(hash: string): Promise<void>;
  keepLink(hash: string, link: PortalLink): Promise<void>;
  getLink(hash: string): Promise<PortalLink | undefined>;
  /** @returns false when it was taken before, or has ended: one caller alone gets true. */
  takeLink(hash: string): Promise<boolean>;
}
