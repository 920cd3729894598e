import { ENV, type EnvName } from '../lambdas/runtime/env.ts';
import type { PosthornTable, PosthornTableProps } from './constructs/table.ts';

/** A table as the list below names it. */
interface TableDefinition extends Omit<PosthornTableProps, 'encryptionKey' | 'env'> {
  /** Id of the construct, and so the beginning of the name in AWS. Changing it makes a new, empty table. */
  id: string;
  env: EnvName;
  /** What a person sees: its name in alarms and in the runbook. */
  name: string;
  /** Its name is an output of the stack, for the operators' commands. @default true */
  output?: boolean;
  /** Encrypted under a key of its own, so that reading it needs a second permission and leaves a trace in CloudTrail. */
  ownKey?: boolean;
}

/**
 * Every table, once: the tables' stack, their alarms, outputs and the functions' variables all come from here. Why the
 * keys are like this: docs/adr/0004-delivery-log-keys.md. Who reads and writes which: docs/architecture.md.
 */
export const TABLES = {
  subscriptions: {
    id: 'Subscriptions',
    name: 'subscriptions',
    env: ENV.subscriptionsTable,
    partitionKey: 'organization',
    sortKey: 'id',
    stream: 'both',
  },
  // Apart from the subscriptions, so that who may edit those sees no secret.
  signingSecrets: {
    id: 'SigningSecrets',
    name: 'signing-secrets',
    env: ENV.signingSecretsTable,
    partitionKey: 'subscription',
    // Those of deleted subscriptions, which are kept for some days.
    expires: true,
    ownKey: true,
  },
  endpointHealth: {
    id: 'EndpointHealth',
    name: 'endpoint-health',
    env: ENV.endpointHealthTable,
    partitionKey: 'subscription',
  },
  events: {
    id: 'Events',
    name: 'events',
    env: ENV.eventsTable,
    partitionKey: 'organization',
    sortKey: 'id',
    expires: true,
    indexes: [
      { name: 'by-time', partitionKey: 'bucket', sortKey: 'id' },
      // Sparse: only events with a `resource_id` carry its keys, so the others cost no third write. By the resource's id alone,
      // then by organization: one index finds a number of a known organization, and whose it may be (ADR 34).
      { name: 'by-resource', partitionKey: 'resource', sortKey: 'resource_place' },
    ],
  },
  attempts: {
    id: 'Attempts',
    name: 'attempts',
    env: ENV.attemptsTable,
    partitionKey: 'subscription',
    sortKey: 'event_attempt',
    expires: true,
    // What is counted. Lines are only ever added, and expire.
    stream: 'new',
    // Sparse: only failures carry `failed_organization`, so successes cost one write, not two.
    indexes: [{ name: 'failures', partitionKey: 'failed_organization', sortKey: 'event_attempt', projectAll: true }],
  },
  heldDeliveries: {
    id: 'HeldDeliveries',
    name: 'held-deliveries',
    env: ENV.heldDeliveriesTable,
    partitionKey: 'subscription',
    sortKey: 'event_id',
    // They hold payloads, so they must not outlast the events.
    expires: true,
  },
  apiKeys: {
    id: 'ApiKeys',
    name: 'api-keys',
    env: ENV.apiKeysTable,
    partitionKey: 'hash',
    indexes: [{ name: 'by-id', partitionKey: 'id' }],
  },
  idempotency: {
    id: 'Idempotency',
    name: 'idempotency',
    env: ENV.idempotencyTable,
    partitionKey: 'id',
    expires: true,
    output: false,
  },
  replays: {
    id: 'Replays',
    name: 'replays',
    env: ENV.replaysTable,
    partitionKey: 'id',
    expires: true,
    indexes: [{ name: 'by-organization', partitionKey: 'organization', sortKey: 'id', projectAll: true }],
  },
  auditTrail: {
    id: 'AuditTrail',
    name: 'audit-trail',
    env: ENV.auditTrailTable,
    partitionKey: 'month',
    sortKey: 'id',
    expires: true,
  },
  // Under one partition key for each organization, so that it can be deleted with everything else of that one.
  statistics: {
    id: 'Statistics',
    name: 'statistics',
    env: ENV.statisticsTable,
    partitionKey: 'organization',
    sortKey: 'scope_hour',
    expires: true,
  },
} as const satisfies Record<string, TableDefinition>;

export type TableName = keyof typeof TABLES;

/** The tables as constructs. */
export type Tables = Record<TableName, PosthornTable>;

/** Name and definition of each table, in the order of the list. */
export function tableDefinitions(): [TableName, TableDefinition][] {
  return Object.entries(TABLES) as [TableName, TableDefinition][];
}
