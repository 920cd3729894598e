import type { Chance } from '../simulation/random.ts';
import type { Endpoint } from './endpoints.ts';

/** What can be turned. The names of the deploy-time settings where there is one. */
export interface ModelOptions {
  seed: number;
  /** Server of a subscription. */
  endpoints: (subscription: string, chance: Chance) => Endpoint;
  /** Whose ages count: endpoints that are well. @default all */
  isHealthy?: (subscription: string) => boolean;
  senderConcurrency?: number;
  slowSenderConcurrency?: number;
  fanOutConcurrency?: number;
  senderBatchSize?: number;
  /** Concurrency of the AWS account. @default 1000 */
  accountConcurrency?: number;
  /** Write units a second that the tables Attempts and Events take at once. @default those of new tables */
  warmUnits?: number;
  /** Seconds. @default 10 */
  timeoutSeconds?: number;
  /** @default true */
  lanes?: boolean;
  /** @default as the code does it */
  flagAtOnce?: boolean;
  /** @default true; without, a failure is the end */
  retries?: boolean;
  /** Name of the server that an endpoint is at. @default each at one of its own */
  serverOf?: (subscription: string) => string;
  /** CPU of a new connection, milliseconds of a whole processor. @default with TLS */
  connectionMs?: number;
  /** Told of each delivery that is made: when its event was accepted, and when its endpoint answered. @default nobody */
  onDelivered?: (subscription: string, acceptedMs: number, answeredMs: number) => void;
}
