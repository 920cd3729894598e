// What the platform and an execution environment tell each other. Lambda's Runtime API has the same in HTTP, four
// messages with their heads where these are two: a third of what an event cost on one machine.

/** The platform's: run this event. It comes after {@link Answer} `loaded`, or after the answer to the one before. */
export interface Order {
  id: string;
  /** The event as JSON. */
  payload: string;
  /** When it must be done, milliseconds since the epoch. */
  deadlineMs: number;
  functionArn: string;
  traceId: string;
}

/** The environment's: ready for events, the event's result as JSON, or what went wrong with it or with loading. */
export type Answer =
  { loaded: true } | { payload: string } | { error: { errorType: string; errorMessage: string; trace: string[] } };
