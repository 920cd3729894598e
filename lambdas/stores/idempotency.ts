/** What a request with an `Idempotency-Key` was answered, or is about to be. */
export interface IdempotencyRecord {
  /** SHA-256 of the body's bytes, hex. */
  body_hash: string;
  /** The answer's body: ids and times are fixed before anything is queued, so that a second try queues the same event. */
  answer: string;
  /** True once SQS has every event of the answer. */
  done: boolean;
}

/** The table `Idempotency`: answers of the last 24 hours. */
export interface IdempotencyStore {
  /** Claims the key. @returns undefined when claimed now, or the record of whoever came first. */
  claim(key: string, record: IdempotencyRecord): Promise<IdempotencyRecord | undefined>;
  get(key: string): Promise<IdempotencyRecord | undefined>;
  /** Says that SQS has the events. */
  finish(key: string): Promise<void>;
}
