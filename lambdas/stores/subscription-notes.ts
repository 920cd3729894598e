import type { Subscription, SubscriptionRow } from '../domain/subscription/subscription.ts';

/** Attributes that the platform writes on people's rows. */
export type Note =
  | 'problem'
  | 'created_at'
  | 'updated_at'
  | 'inactive_since'
  | 'missed_since'
  | 'missed_until'
  | 'changed_by';

/** A row as it was read, to be judged and noted on. */
export interface RowSnapshot {
  readonly row: SubscriptionRow;
}

/** What to write on a row: text, or null to remove the attribute. */
export type Notes = Partial<Record<Note & keyof Subscription, string | null>>;

/**
 * `done` · `changed`: the row is not as it was read any more, or is gone, and nothing was written · `refused`: DynamoDB
 * will never take it, e.g. because the row would be larger than its 400 KB.
 */
export type Noted = 'done' | 'changed' | 'refused';

/** The table `Subscriptions`, as the platform writes on people's rows: it never overwrites an edit. */
export interface NotedRowStore {
  /** Strongly consistent. Undefined: deleted. */
  read(organization: string, id: string): Promise<RowSnapshot | undefined>;
  /**
   * Writes notes, if the row still is as it was read: every attribute that means something, and its notes; of lists and
   * maps only type and size. What is newer than the judgement comes by in the stream and is judged again.
   */
  note(snapshot: RowSnapshot, notes: Notes): Promise<Noted>;
  /** As {@link note}, and switches the subscription off. */
  switchOff(snapshot: RowSnapshot, notes: Notes): Promise<Noted>;
}
