import { Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ENV } from '../lambdas/runtime/env.ts';
import { PosthornTable } from './constructs/table.ts';

/** What must survive everything: the tables. Keys and why they are so: docs/adr/0004-delivery-log-keys.md. */
export class DataStack extends Stack {
  readonly subscriptions: PosthornTable;
  readonly signingSecrets: PosthornTable;
  readonly endpointHealth: PosthornTable;
  readonly events: PosthornTable;
  readonly attempts: PosthornTable;
  readonly heldDeliveries: PosthornTable;
  readonly apiKeys: PosthornTable;
  readonly idempotency: PosthornTable;
  readonly replays: PosthornTable;
  readonly auditTrail: PosthornTable;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    this.subscriptions = new PosthornTable(this, 'Subscriptions', {
      partitionKey: 'organization',
      sortKey: 'id',
      stream: true,
      env: ENV.subscriptionsTable,
    });

    // Apart from the subscriptions, so that who may edit those sees no secret; under a key of its own, so that
    // reading them needs a second permission and leaves a trace in CloudTrail.
    this.signingSecrets = new PosthornTable(this, 'SigningSecrets', {
      partitionKey: 'subscription',
      env: ENV.signingSecretsTable,
      encryptionKey: new Key(this, 'SigningSecretsKey', {
        description: 'Posthorn: signing secrets at rest',
        enableKeyRotation: true,
      }),
    });

    this.endpointHealth = new PosthornTable(this, 'EndpointHealth', {
      partitionKey: 'subscription',
      env: ENV.endpointHealthTable,
    });

    this.events = new PosthornTable(this, 'Events', {
      partitionKey: 'organization',
      sortKey: 'id',
      expires: true,
      env: ENV.eventsTable,
      indexes: [{ name: 'by-time', partitionKey: 'bucket', sortKey: 'id' }],
    });

    this.attempts = new PosthornTable(this, 'Attempts', {
      partitionKey: 'subscription',
      sortKey: 'event_attempt',
      expires: true,
      env: ENV.attemptsTable,
      // Sparse: only failures carry `failed_organization`, so successes cost one write, not two.
      indexes: [{ name: 'failures', partitionKey: 'failed_organization', sortKey: 'event_attempt', projectAll: true }],
    });

    this.heldDeliveries = new PosthornTable(this, 'HeldDeliveries', {
      partitionKey: 'subscription',
      sortKey: 'event_id',
      // They hold payloads, so they must not outlast the events.
      expires: true,
      env: ENV.heldDeliveriesTable,
    });

    this.apiKeys = new PosthornTable(this, 'ApiKeys', {
      partitionKey: 'hash',
      env: ENV.apiKeysTable,
      indexes: [{ name: 'by-id', partitionKey: 'id' }],
    });

    this.idempotency = new PosthornTable(this, 'Idempotency', {
      partitionKey: 'id',
      expires: true,
      env: ENV.idempotencyTable,
    });

    this.replays = new PosthornTable(this, 'Replays', {
      partitionKey: 'id',
      expires: true,
      env: ENV.replaysTable,
      indexes: [{ name: 'by-organization', partitionKey: 'organization', sortKey: 'id', projectAll: true }],
    });

    this.auditTrail = new PosthornTable(this, 'AuditTrail', {
      partitionKey: 'month',
      sortKey: 'id',
      expires: true,
      env: ENV.auditTrailTable,
    });
  }
}
