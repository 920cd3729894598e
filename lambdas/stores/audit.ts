import type { AuditAction, AuditRecord } from '../domain/audit.ts';
import type { Page, PageRequest } from './page.ts';

export interface AuditFilter {
  organization?: string;
  /** Id of what something was done to. */
  object?: string;
  /** Who did it. */
  actor?: string;
  /** Any of these. */
  actions?: readonly AuditAction[];
  /** Not before this time, milliseconds since the epoch. */
  since_ms?: number;
  /** Before this time. */
  until_ms?: number;
}

/** The table `AuditTrail`: append-only. There is no way to change or delete a record before it expires. */
export interface AuditStore {
  /**
   * Appends a record once.
   * @returns false when one with this id is there already; it stays as it is.
   * @throws when the id is no `aud_` + ULID.
   */
  append(record: AuditRecord): Promise<boolean>;
  /**
   * Lets a record be the proof of one change alone: the first that claims it has it for good.
   * @param change names the change, the same each time that it is looked at.
   * @returns whether the record is this change's.
   */
  claim(id: string, change: string): Promise<boolean>;
  /** Strongly consistent. */
  get(id: string): Promise<AuditRecord | undefined>;
  /** Newest first. What one page reads is bounded, so it may be short, even empty, although `next` says that more follow. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>>;
}
