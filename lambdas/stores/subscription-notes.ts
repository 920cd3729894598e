import type { Subscription, SubscriptionRow } from '../domain/subscription/subscription.ts';

/** Attributes that the platform writes on people's rows. */
export type Note = 'problem' | 'created_at' | 'updated_at' | 'changed_by';

/** A row as it was read, to be judged and noted on. */
export interface RowSnapshot {
  readonly row: SubscriptionRow;
}

/** What to write on a row: text, or null to remove the attribute. */
export type Notes = Partial<Record<Note & keyof Subscription, string | null>>;

/** The table `Subscriptions`, as the guard uses it: it looks at rows and notes on them, and never overwrites an edit. */
export interface NotedRowStore {
  /** Strongly consistent. Undefined: deleted. */
  read(organization: string, id: string): Promise<RowSnapshot | undefined>;
  /**
   * Writes notes, if the row still is as it was read: every attribute that means something, and its notes; of lists and
   * maps only type and size. What is newer than the judgement comes by in the stream and is judged again.
   * @returns false when it has changed since, or is gone; nothing is written then.
   */
  note(snapshot: RowSnapshot, notes: Notes): Promise<boolean>;
}
