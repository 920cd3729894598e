/** What a request with an `Idempotency-Key` led to, or is about to. */
export interface IdempotencyRecord {
  /** SHA-256 of the body's bytes, hex. */
  body_hash: string;
  /**
   * An event id for each event of the body, fixed before anything is queued, so that a second try queues the same
   * events. The time of acceptance is in the id. Everything else of the answer follows from the body.
   */
  ids: string[];
  /** Whose events these are: with them the record goes. Absent: of a version before this one. */
  organizations?: string[] | undefined;
  /** True once SQS has every event. */
  done: boolean;
}

/** The table `Idempotency`: requests of the last 24 hours. */
export interface IdempotencyStore {
  /** Claims the key. @returns undefined when claimed now, or the record of whoever came first. */
  claim(key: string, record: IdempotencyRecord): Promise<IdempotencyRecord | undefined>;
  /** Strongly consistent. */
  get(key: string): Promise<IdempotencyRecord | undefined>;
  /** Says that SQS has the events. */
  finish(key: string): Promise<void>;
}
