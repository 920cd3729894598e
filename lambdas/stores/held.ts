/** A delivery whose endpoint is down, kept until it recovers. */
export interface HeldDelivery {
  subscription: string;
  event_id: string;
  organization: string;
  /** When it was put here, milliseconds. */
  held_ms: number;
  /** The whole delivery message, as it will be queued again. */
  message: string;
}

/** The table `HeldDeliveries`: by subscription, then event, so that they go out in event order. */
export interface HeldStore {
  /**
   * Keeps deliveries; one that is there already is replaced by its newer copy.
   * @returns those that could not be written after all tries; never throws for them.
   */
  put(deliveries: HeldDelivery[]): Promise<HeldDelivery[]>;
}
