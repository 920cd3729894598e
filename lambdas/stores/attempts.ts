import type { Attempt, Outcome } from '../domain/attempt.ts';
import type { Page, PageRequest } from './page.ts';

export interface AttemptFilter {
  organization?: string;
  subscription?: string;
  type?: string;
  outcome?: Outcome[];
  /** On `attempted_ms`. */
  since_ms?: number;
  until_ms?: number;
}

/** The table `Attempts`: the delivery log, by subscription, newest event first, then newest attempt. */
export interface AttemptStore {
  /**
   * Appends in batches and tries again what DynamoDB left unprocessed.
   * @returns the attempts that could not be written after all tries; never throws for them.
   */
  append(attempts: Attempt[]): Promise<Attempt[]>;
  get(id: string): Promise<Attempt | undefined>;
  /** All attempts of one delivery, oldest first. */
  ofDelivery(subscription: string, eventId: string): Promise<Attempt[]>;
  /** The newest attempt of a delivery, strongly consistent. */
  latest(subscription: string, eventId: string): Promise<Attempt | undefined>;
  list(filter: AttemptFilter, page: PageRequest): Promise<Page<Attempt>>;
}
