/** One event to one subscription, as far as the model is concerned. */
export interface Delivery {
  subscription: string;
  /** When the event was accepted, milliseconds. */
  enqueuedMs: number;
  probe?: true;
  released?: true;
  /** One that was released goes out no sooner, milliseconds. */
  dueMs?: number;
  /** The step of a release that it went out with. */
  step?: ReleasedStep;
  /** Its latest line in the delivery log. */
  outcome?: string;
}

/** What a release looks at before its next step. */
export interface ReleasedStep {
  count: number;
  settled: number;
  failed: number;
}
