import type { Delivery } from './delivery.ts';
import type { Endpoint } from './endpoints.ts';
import type { Received } from './queue.ts';

/** Connections of one sender to one endpoint (lambdas/sender/outgoing.ts). */
const CONNECTIONS = 20;

/** A request that was made. */
export interface Sent {
  message: Received<Delivery>;
  /** From the start of the batch's requests to its end. */
  ms: number;
  success: boolean;
  /** It ran into its deadline. */
  hung: boolean;
}

/**
 * Makes the requests of a batch: all at once, but no more to one endpoint than there are connections. The deadline counts
 * from the start, as in lambdas/sender/outgoing/: whoever waits too long for a connection has failed.
 */
export function makeRequests(
  due: readonly Received<Delivery>[],
  endpoints: (subscription: string) => Endpoint,
  nowMs: number,
  timeoutMs: number,
): Sent[] {
  const busyUntil = new Map<string, number[]>();
  return due.map((message) => {
    const { subscription } = message.body;
    let connections = busyUntil.get(subscription);
    if (!connections) busyUntil.set(subscription, (connections = []));
    const isFull = connections.length >= CONNECTIONS;
    const index = isFull ? connections.indexOf(Math.min(...connections)) : connections.length;
    const startMs = isFull ? connections[index]! : 0;
    const reply = endpoints(subscription)(nowMs + startMs);
    const hung = startMs + reply.ms > timeoutMs;
    const ms = hung ? timeoutMs : startMs + reply.ms;
    connections[index] = ms;
    return { message, ms, success: reply.success && !hung, hung };
  });
}
