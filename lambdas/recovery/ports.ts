import type { Logger, LogFields, Metrics } from '../domain/telemetry.ts';
import type { PosthornEvent } from '../domain/event.ts';
import type { HealSettings } from '../domain/endpoint/healing.ts';
import type { ComeBack } from '../domain/delivery/trouble.ts';
import type { TakeInHand } from '../domain/messages/in-hand.ts';
import type { ToDeadLetters } from '../domain/messages/received.ts';
import type { RecoveryMessage } from '../domain/messages/messages.ts';
import type { AttemptStore } from '../stores/attempts.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import type { CircuitStore } from '../stores/circuits.ts';
import type { EndpointHealthStore } from '../stores/endpoint-health.ts';
import type { EventStore } from '../stores/events.ts';
import type { HealingStore } from '../stores/healing.ts';
import type { MissedSent } from '../stores/missed-sent.ts';
import type { HeldStore } from '../stores/held.ts';
import type { ReplayableManyStore, ReplayableStore } from '../stores/replayable.ts';
import type { PurgeableStore, PurgeStore } from '../stores/purges.ts';
import type { ReplayStore } from '../stores/replays.ts';
import type { SubscriptionStore } from '../stores/subscriptions.ts';
import type { ToldStore } from '../stores/told.ts';
import type { TargetStore } from '../stores/delivery-targets.ts';

export type { Logger, LogFields, Metrics };

// What recovery needs from outside; handler.ts fills it with AWS, tests with plain objects.

/** Sends deliveries. */
export interface DeliveryQueue {
  /** @returns the indexes of those that SQS did not take. */
  send(entries: readonly { body: string; group: string; delaySeconds?: number }[]): Promise<Set<number>>;
}

/** Tells operators and other systems. @returns false when not everybody could be told; never throws. */
export type Tell = (notice: {
  kind: 'endpoint.down' | 'endpoint.recovered' | 'subscription.paused' | 'subscription.deactivated';
  subject: string;
  text: string;
  detail: Record<string, string | number>;
}) => Promise<boolean>;

export interface RecoverySettings {
  /** Milliseconds between two probes of an endpoint. */
  probeMs: number;
  /** Milliseconds that an endpoint may be down before its subscription is deactivated, or paused before operators are told. */
  downMs: number;
  /** How long events are kept, milliseconds, and with them what is held. */
  keptMs: number;
  heal: Pick<HealSettings, 'delaysMs'>;
  /**
   * Milliseconds after which a replay counts as done though some of its deliveries have not ended: they are held for an endpoint
   * that is down, or their ends could not be counted. Longer than an endpoint may be down.
   */
  replayMs: number;
  /** Milliseconds for which a purge goes on looking for what functions that began before it still write. */
  purgeMs: number;
}

export interface RecoveryDeps {
  circuits: CircuitStore;
  health: Pick<EndpointHealthStore, 'pause' | 'resume' | 'letOut' | 'renew'>;
  held: Pick<HeldStore, 'oldest' | 'removeRead'>;
  healing: Omit<HealingStore, 'note' | 'askReplay'>;
  attempts: Pick<AttemptStore, 'append' | 'latest' | 'latestBetween' | 'exhausted'>;
  subscriptions: Pick<SubscriptionStore, 'get'>;
  replays: Pick<ReplayStore, 'create' | 'get' | 'advance' | 'end' | 'chosen'>;
  replayable: Pick<ReplayableStore, 'page' | 'one'>;
  /** For replays of many subscriptions' deliveries. */
  replayableMany: ReplayableManyStore;
  purges: Pick<PurgeStore, 'get' | 'add' | 'advance' | 'end' | 'tombstones'>;
  purgeable: PurgeableStore;
  /** Notes in the subscription's row that all that it missed in some time is queued. */
  missedSent: MissedSent;
  /** For what a subscription has missed. */
  events: Pick<EventStore, 'addMatch'>;
  rules: SubscriptionRules;
  targets: Pick<TargetStore, 'deactivate'>;
  /** The slow lane: whoever has just been down must not hold up those who never were. */
  slowLane: DeliveryQueue;
  /** For replays: a sender that meets a slow endpoint hands over by itself. */
  fastLane: DeliveryQueue;
  /** Queues the next step of a job. @throws when SQS does not take it. */
  next: (message: RecoveryMessage, delaySeconds: number) => Promise<void>;
  tell: Tell;
  told: Omit<ToldStore, 'countExhausted'>;
  /** Queues an event that tells an organization of an endpoint of its own. @throws when SQS does not take it. */
  publish: (event: PosthornEvent) => Promise<void>;
  /** Moves jobs that can never be done. */
  toDeadLetters: ToDeadLetters;
  /** Takes a batch in hand: its jobs come again soon should this function die. */
  take: TakeInHand;
  /** Has jobs come back that failed for a reason of ours. */
  comeBack: ComeBack;
  logger: Logger;
  metrics: Metrics;
  /** What may be said of an unexpected error in a log line. */
  errorFields: (error: unknown) => LogFields;
  settings: RecoverySettings;
  /** Milliseconds since the epoch. */
  now: () => number;
}
