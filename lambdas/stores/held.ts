/** A delivery whose endpoint is down, kept until it recovers. */
export interface HeldDelivery {
  subscription: string;
  event_id: string;
  organization: string;
  /** When it was put here, milliseconds. */
  held_ms: number;
  /** The whole delivery message, as JSON; any accepted event's fits, whatever script it is written in. */
  message: string;
}

/**
 * The table `HeldDeliveries`: by subscription, then event, so that they go out in event order. They hold payloads, so
 * they end with the events' retention.
 */
export interface HeldStore {
  /**
   * Keeps deliveries; one that is there already is replaced by its newer copy.
   * @returns those that could not be written after all tries; never throws for them.
   */
  put(deliveries: HeldDelivery[]): Promise<HeldDelivery[]>;
  /**
   * What is held for a subscription, oldest event first, strongly consistent.
   * @param after only events behind this one.
   */
  oldest(subscription: string, limit: number, after?: string): Promise<HeldDelivery[]>;
  /**
   * The same as {@link oldest}, but only as much as one read brings, 1 MB: for those who need not have all.
   * @returns `next`: the last event looked at, when more follow.
   */
  page(subscription: string, limit: number, after?: string): Promise<{ items: HeldDelivery[]; next?: string }>;
  /** What is held for a subscription of these events, in any order, strongly consistent. */
  read(subscription: string, eventIds: readonly string[]): Promise<HeldDelivery[]>;
  /**
   * How many are held for a subscription of this organization, as far as a few pages tell. May be a moment old.
   * @returns `at_least` when there is more than that.
   */
  count(subscription: string, organization: string): Promise<{ count: number; at_least?: boolean }>;
  /** Which of these events are held for a subscription, strongly consistent. */
  among(subscription: string, eventIds: string[]): Promise<Set<string>>;
  /**
   * Deletes what has been queued again, each only as it was read: the circuit may have opened meanwhile, and a sender may
   * have put it back before this call. Its row is then the only copy.
   * @throws when some could not be deleted; calling it again goes on with those.
   */
  removeRead(deliveries: readonly HeldDelivery[]): Promise<void>;
  /** @throws when some could not be deleted after all tries. */
  remove(deliveries: Pick<HeldDelivery, 'subscription' | 'event_id'>[]): Promise<void>;
  /**
   * Deletes all that is held for a subscription of this organization.
   * @returns how many were deleted.
   * @throws when some could not be deleted after all tries; calling it again goes on with those.
   */
  forget(subscription: string, organization: string): Promise<number>;
}
