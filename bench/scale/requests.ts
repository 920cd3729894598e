import type { Delivery } from './delivery.ts';
import type { Endpoint } from './endpoints.ts';
import { CONNECTIONS } from './environments.ts';
import type { Received } from './queue.ts';

const LONGEST_EARLY_MS = 1000;

/** A request that was made. */
export interface Sent {
  message: Received<Delivery>;
  /** From the start of the batch's requests to its end. */
  ms: number;
  /** From its own start. */
  ownMs: number;
  success: boolean;
  /** It ran into its deadline. */
  hung: boolean;
}

interface Way {
  nowMs: number;
  timeoutMs: number;
  /** One begins after the other as the processor comes to it: so long between two, milliseconds. @default 0 */
  paceMs?: number;
}

/**
 * Makes the requests of a batch: one right after the other, but no more at a time to one endpoint than there are connections.
 * The deadline counts from a request's own start, as in lambdas/sender/outgoing/: whoever waits too long for a connection
 * has failed.
 */
export function makeRequests(
  due: readonly Received<Delivery>[],
  endpoints: (subscription: string) => Endpoint,
  { nowMs, timeoutMs, paceMs = 0 }: Way,
): Sent[] {
  const busyUntil = new Map<string, number[]>();
  return due.map((message, n) => {
    const { subscription } = message.body;
    let connections = busyUntil.get(subscription);
    if (!connections) busyUntil.set(subscription, (connections = []));
    const beganMs = Math.max(n * paceMs, earlyMs(message.body, nowMs));
    const isFull = connections.length >= CONNECTIONS;
    const index = isFull ? connections.indexOf(Math.min(...connections)) : connections.length;
    const startMs = isFull ? Math.max(connections[index]!, beganMs) : beganMs;
    const reply = endpoints(subscription)(nowMs + startMs);
    const hung = startMs - beganMs + reply.ms > timeoutMs;
    const ms = hung ? beganMs + timeoutMs : startMs + reply.ms;
    connections[index] = ms;
    return { message, ms, ownMs: ms - beganMs, success: reply.success && !hung, hung };
  });
}

/** What is released has its moment in a second, which the sender waits for (lambdas/sender/carry-out.ts). */
function earlyMs({ dueMs = 0 }: Delivery, nowMs: number): number {
  const early = dueMs - nowMs;
  return early > 0 && early <= LONGEST_EARLY_MS ? early : 0;
}
