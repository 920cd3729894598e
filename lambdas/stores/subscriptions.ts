import type { GivenSubscription, Subscription, SubscriptionRow } from '../domain/subscription/subscription.ts';
import type { Page, PageRequest } from './page.ts';

/** Which of some rows a list keeps. */
export type WantedRows = (rows: SubscriptionRow[]) => Promise<ReadonlySet<SubscriptionRow>>;

/** The table `Subscriptions`: people edit it by hand, so rows come back as they are (read them with readSubscription). */
export interface SubscriptionStore {
  /** Every row of an organization, page by page, strongly consistent. @param attributes only these of each; by default all. */
  pages(organization: string, attributes?: readonly (keyof Subscription)[]): AsyncIterable<SubscriptionRow[]>;
  get(organization: string, id: string): Promise<SubscriptionRow | undefined>;
  /**
   * A page of one organization's rows, or of all organizations' when undefined.
   * @param wanted keeps only these. A page then may be short, even empty, although more follow: it looks at 5,000 rows at
   *   most.
   */
  list(organization: string | undefined, page: PageRequest, wanted?: WantedRows): Promise<Page<SubscriptionRow>>;
  /** @returns false when the id is taken. */
  create(row: GivenSubscription): Promise<boolean>;
  /**
   * Sets and removes single attributes, leaving the others as they are.
   * @param change.as a row whose URL and credentials the one in the table must still have.
   * @returns the row after the change, or undefined when it does not exist, or is not as it must be.
   */
  update(
    organization: string,
    id: string,
    change: { set: Partial<Subscription>; remove: (keyof Subscription)[]; as?: SubscriptionRow | undefined },
  ): Promise<SubscriptionRow | undefined>;
  /** @returns the row that was deleted, or undefined when there was none. */
  delete(organization: string, id: string): Promise<SubscriptionRow | undefined>;
}
