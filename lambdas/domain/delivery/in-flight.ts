import { IN_FLIGHT_PER_ENDPOINT, IN_FLIGHT_PER_ORGANIZATION } from '../limits.ts';

/** How many senders run at the same time, at most, and how many messages each receives at once. */
export interface Senders {
  senders: number;
  batchSize: number;
}

/** Retries that one sender may have wait in flight: of one endpoint, and of one organization. */
export interface WaitsInFlight {
  endpoint: number;
  organization: number;
}

/**
 * The share of the limits that each sender has if all of them work for the same endpoint. Senders do not know of each
 * other, and a shared count would cost a write per retry. By default the shares are 6 and 73. With large batches
 * nothing is left; then every retry waits in a new, delayed message.
 */
export function waitsInFlight({ senders, batchSize }: Senders): WaitsInFlight {
  const share = (limit: number): number => Math.max(Math.floor((limit - senders * batchSize) / senders), 0);
  return { endpoint: share(IN_FLIGHT_PER_ENDPOINT), organization: share(IN_FLIGHT_PER_ORGANIZATION) };
}
