import type { Logger, LogFields, Metrics } from '../domain/telemetry.ts';
import type { DeadLetter, ReleasePace } from '../domain/messages/messages.ts';
import type { TakeInHand } from '../domain/messages/in-hand.ts';
import type { ReceivedMessage as Received, ToDeadLetters } from '../domain/messages/received.ts';
import type { Credentials } from '../domain/subscription/auth.ts';
import type { CircuitSettings } from '../domain/endpoint/circuit.ts';
import type { HealSettings } from '../domain/endpoint/healing.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import type { WaitsInFlight } from '../domain/delivery/in-flight.ts';
import type { RetryDelays } from '../domain/delivery/retry-schedule.ts';
import type { AttemptStore } from '../stores/attempts.ts';
import type { EndpointHealthStore } from '../stores/endpoint-health.ts';
import type { HealingStore } from '../stores/healing.ts';
import type { HeldStore } from '../stores/held.ts';
import type { Graves } from '../stores/purges.ts';
import type { ReplayStore } from '../stores/replays.ts';
import type { ToldStore } from '../stores/told.ts';
import type { TargetKey, TargetStore } from '../stores/delivery-targets.ts';
import type { Answer } from './outgoing/answer.ts';

export type { Answer, DeadLetter, Logger, LogFields, Metrics };

// What the sender needs from outside; handler.ts fills it with AWS, tests with plain objects.

/** `fast`: the queue `deliveries`; `slow`: `deliveries-slow`. */
export type Lane = 'fast' | 'slow';

/** A message as Lambda hands it over, as far as the sender looks at it. */
export interface ReceivedMessage extends Received {
  receiptHandle: string;
  attributes: { ApproximateReceiveCount: string; ApproximateFirstReceiveTimestamp: string; SentTimestamp: string };
}

/** Sends one request to a customer and never rejects. */
export interface Customers {
  post(request: {
    url: string;
    headers: Record<string, string>;
    body: Uint8Array;
    timeoutMs: number;
    /** How much longer it may take where the sender itself was late, milliseconds. @default no longer */
    graceMs?: number;
    /** Told when the request begins to wait for a name server (true) and when that is over (false). */
    onNames?: (waiting: boolean) => void;
  }): Promise<Answer>;
  /** For how long the sender itself was late while requests were open, milliseconds, in all. */
  ownLagMs(): number;
}

export type ClientCredentials = Extract<Credentials, { type: 'oauth2' }>;
/** An access token, or what the log says of the attempt that could not get one. */
export type Token = { ok: true; value: string } | { ok: false; failure: Answer };

/** Fetches access tokens from customers' token endpoints and keeps them. Never rejects. */
export interface Tokens {
  /**
   * @param ref names the credentials: a token is kept for these alone.
   * @param timeoutMs for all requests that it takes.
   */
  get(ref: string, client: ClientCredentials, timeoutMs: number): Promise<Token>;
  /** One that is not `refused`: of several attempts that are told so at the same time, only one fetches it. */
  renew(ref: string, client: ClientCredentials, timeoutMs: number, refused: string): Promise<Token>;
}

/** What the sender does to its queues. Nothing here throws. */
export interface DeliveryQueues {
  /** Takes messages of a lane in hand: they come again soon should this function die. */
  take: Record<Lane, TakeInHand>;
  /** Puts new messages into a lane. @returns the indexes of those that were not taken. */
  send(lane: Lane, messages: { body: string; group: string; delaySeconds?: number }[]): Promise<Set<number>>;
  toDeadLetters: ToDeadLetters;
}

export interface SenderSettings {
  delays: RetryDelays;
  circuit: CircuitSettings;
  /** Retries that this sender may have wait in flight. */
  waits: WaitsInFlight;
  heal: HealSettings;
  /** For the header `user-agent`. */
  version: string;
  clinicV1StatusCodes: Record<string, string>;
  /** `YYYY-MM-DD`; empty: none set. */
  clinicV1Sunset: string;
}

export interface SenderDeps {
  customers: Customers;
  /** Access tokens for endpoints behind OAuth 2.0. */
  tokens: Tokens;
  targets: TargetStore;
  /** What is purged: its deliveries are not sent, and leave no line. */
  graves: Graves;
  attempts: Pick<AttemptStore, 'append' | 'latest'>;
  held: Pick<HeldStore, 'put' | 'remove' | 'removeRead'>;
  health: Pick<EndpointHealthStore, 'apply' | 'open' | 'throttle' | 'letOut' | 'takeTurns'>;
  healing: Pick<HealingStore, 'note' | 'askReplay'>;
  told: Pick<ToldStore, 'countExhausted'>;
  replays: Pick<ReplayStore, 'count'>;
  queues: DeliveryQueues;
  /**
   * Asks recovery to send what is held for an endpoint. Never throws: recovery finds it by itself some minutes later.
   * @param run when it answered again, milliseconds, as written in its health.
   * @param pace at which it begins, where that is known.
   */
  release: (key: TargetKey, run: number, pace?: ReleasePace) => Promise<void>;
  /** Has recovery look at an endpoint so many seconds later. Never throws: it looks once a minute by itself. */
  look: (key: TargetKey, delaySeconds: number) => Promise<void>;
  /** Has recovery begin an automatic replay. Never throws: recovery finds it by itself within a minute. */
  heal: (key: TargetKey) => Promise<void>;
  logger: Logger;
  metrics: Metrics;
  /** What may be said of an unexpected error in a log line. */
  errorFields: (error: unknown) => LogFields;
  rules: SubscriptionRules;
  /** The catalogue's noun of an event type; null if it has none. */
  resourceOf: (type: string) => string | null;
  settings: SenderSettings;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Calls back once, so many milliseconds later. @returns takes the call back. */
  after: (ms: number, happen: () => void) => () => void;
  /** From 0 up to 1: jitter. */
  random: () => number;
  /** A ULID greater than all before. */
  newUlid: () => string;
  newReplayId: () => string;
}
