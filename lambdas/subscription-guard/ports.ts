import type { Logger, LogFields } from '../domain/telemetry.ts';
import type { DeactivatedJob } from '../domain/messages/messages.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';
import type { AuditStore } from '../stores/audit.ts';
import type { TargetKey } from '../stores/delivery-targets.ts';
import type { EndpointHealthStore } from '../stores/endpoint-health.ts';
import type { Graves } from '../stores/purges.ts';
import type { HeldStore } from '../stores/held.ts';
import type { NotedRowStore } from '../stores/subscription-notes.ts';
import type { SecretStore, SigningSecret } from '../stores/secrets.ts';

export type { Logger, LogFields };

// What the guard needs from outside; handler.ts fills it with AWS, tests with plain objects.

/** One change of a row, as the table's stream tells it. */
export interface RowChange {
  /** The stream's own number, which only grows. */
  sequence: string;
  /** When, milliseconds since the epoch, whole seconds. */
  at_ms: number;
  organization: string;
  id: string;
  /** Absent: the row is new. */
  before?: SubscriptionRow;
  /** Absent: the row was deleted. */
  after?: SubscriptionRow;
}

export interface GuardDeps {
  rows: NotedRowStore;
  health: Pick<EndpointHealthStore, 'forget' | 'renew' | 'pause' | 'resume'>;
  secrets: Pick<SecretStore, 'get' | 'create' | 'replace' | 'delete' | 'handBack' | 'dropCredentials'>;
  held: Pick<HeldStore, 'forget'>;
  audit: Pick<AuditStore, 'append' | 'get' | 'claim'>;
  /** What is purged: that its rows went is said by the record of the purge. */
  graves: Graves;
  rules: SubscriptionRules;
  newSecret(): SigningSecret;
  /** Asks recovery to tell of a deactivation. @throws when SQS does not take it. */
  announce(job: DeactivatedJob): Promise<void>;
  /** Asks recovery to send what is held for an endpoint. Never throws: recovery finds it by itself some minutes later. */
  release(key: TargetKey, run: number): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
  logger: Logger;
  metrics: { count(name: string, n: number): void };
  /** What may be said of an unexpected error in a log line. */
  errorFields(error: unknown): LogFields;
}
