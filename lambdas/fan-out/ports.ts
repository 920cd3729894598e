import type { ComeBack } from '../domain/delivery/trouble.ts';
import type { TakeInHand } from '../domain/messages/in-hand.ts';
import type { ToDeadLetters } from '../domain/messages/received.ts';
import type { Logger, LogFields, Metrics } from '../domain/telemetry.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import type { EventStore } from '../stores/events.ts';
import type { Graves } from '../stores/purges.ts';
import type { LaneStore } from '../stores/lanes.ts';
import type { SubscriptionStore } from '../stores/subscriptions.ts';

export type { Logger, LogFields, Metrics };

// What fan-out needs from outside; handler.ts fills it with AWS, tests with plain objects.

/** `fast`: the queue `deliveries`; `slow`: `deliveries-slow`. */
export type Lane = 'fast' | 'slow';

/** Sends deliveries. */
export interface DeliveryQueue {
  /** @returns the indexes of those that SQS did not take. */
  send(entries: readonly { body: string; group: string }[]): Promise<Set<number>>;
}

export interface FanOutDeps {
  subscriptions: Pick<SubscriptionStore, 'pages' | 'get'>;
  events: Pick<EventStore, 'record'>;
  lanes: LaneStore;
  /** What is purged: its events leave no trace. */
  graves: Graves;
  queues: Record<Lane, DeliveryQueue>;
  /** Moves messages that can never be processed. @returns the indexes of those that were not taken. */
  toDeadLetters: ToDeadLetters;
  /** Takes a batch in hand: its events come again soon should this function die. */
  take: TakeInHand;
  /** Has events come back that could not be fanned out for a reason of ours. */
  comeBack: ComeBack;
  rules: SubscriptionRules;
  logger: Logger;
  metrics: Metrics;
  /** What may be said of an unexpected error in a log line. */
  errorFields: (error: unknown) => LogFields;
  /** Whether a store took no more for the moment. */
  isThrottled: (error: unknown) => boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Waits so many milliseconds. */
  sleep: (ms: number) => Promise<unknown>;
  /** From 0 up to 1: jitter. */
  random: () => number;
}
