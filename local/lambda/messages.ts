import type { InvocationResult } from './result.ts';

// What the platform and an execution environment tell each other. Lambda's Runtime API has the same in HTTP, four
// messages with their heads where these are two: a third of what an event cost on one machine.

/** The platform's: run this event. It comes after {@link Answer} `loaded`, or after the answer to the one before. */
export interface Order {
  id: string;
  /** The event as JSON. */
  payload: string;
  /** How long it may take. */
  timeoutMs: number;
  functionArn: string;
  traceId: string;
}

/** The environment's: ready for events, or how the event ended; before `loaded`, why the function cannot be loaded. */
export type Answer = { loaded: true } | InvocationResult;

/** To the process whose threads are environments: start one with this environment, end it. Events go to the thread itself. */
export type ToHost =
  | {
      thread: number;
      start: {
        variables: Record<string, string>;
        heapMb: number;
        givesWay: boolean;
        line: { path: string; name: string };
      };
    }
  | { thread: number; kill: true };

/** From there: what the environment wrote by itself, its end. */
export type FromHost = { thread: number; text: string } | { thread: number; exit: number; killed: boolean };
