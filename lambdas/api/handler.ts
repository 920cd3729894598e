import { createHash, randomBytes } from 'node:crypto';
import { CloudWatchClient } from '#aws-sdk/client-cloudwatch';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { catalogue } from '../domain/catalogue/index.ts';
import type { PosthornEvent } from '../domain/event.ts';
import { render } from '../domain/formats/index.ts';
import type { FormatName } from '../domain/formats/names.ts';
import { createIds } from '../domain/ids.ts';
import { encodeDeliveryMessage, encodeEvent, encodeEventMessage } from '../domain/messages/codec.ts';
import { lookJob, purgeJob, releaseJob, replayJob } from '../domain/messages/jobs.ts';
import { formatPrivateKey, formatSecret } from '../domain/secrets/signature.ts';
import { createApiKey, createSessionToken, hashApiKey } from '../runtime/api-key.ts';
import { createDynamoDb, createSqs } from '../aws/clients.ts';
import { ENV, readEnv } from '../runtime/env.ts';
import { createLogger, errorFields } from '../runtime/logger.ts';
import { noteFailedCalls } from '../aws/failed-calls.ts';
import { createQueueOverview } from '../queues/overview.ts';
import { createOidc } from '../runtime/oidc.ts';
import { createQueue } from '../queues/send.ts';
import { randomFraction } from '../runtime/random.ts';
import { sendRecoveryJob } from '../queues/recovery-jobs.ts';
import { createStaticFiles } from './console/static-files.ts';
import { readUrlPolicy, subscriptionRules } from '../runtime/url-policy.ts';
import { createApiKeyStore } from '../stores/dynamodb/api-keys.ts';
import { createAttemptStore } from '../stores/dynamodb/attempts.ts';
import { createAuditStore } from '../stores/dynamodb/audit.ts';
import { createCircuitStore } from '../stores/dynamodb/endpoint-health/circuits.ts';
import { createDeliveryStore } from '../stores/dynamodb/deliveries.ts';
import { createEndpointHealthStore } from '../stores/dynamodb/endpoint-health/health.ts';
import { createEventStore } from '../stores/dynamodb/events.ts';
import { createOrganizationStore } from '../stores/dynamodb/organizations.ts';
import { createHeldStore } from '../stores/dynamodb/held.ts';
import { createOnceStore } from '../stores/dynamodb/once.ts';
import { createQuotaStore } from '../stores/dynamodb/quotas.ts';
import { createReplayableManyStore } from '../stores/dynamodb/replayable-many.ts';
import { createReplayableStore } from '../stores/dynamodb/replayable.ts';
import { createReplayStore } from '../stores/dynamodb/replays.ts';
import { createPurgeCountStore } from '../stores/dynamodb/purge-counts.ts';
import { createPurgeStore } from '../stores/dynamodb/purges.ts';
import { createRunStore } from '../stores/dynamodb/runs.ts';
import { createSessionStore } from '../stores/dynamodb/sessions.ts';
import { createSecretStore } from '../stores/dynamodb/secrets.ts';
import { createStatisticsStore } from '../stores/dynamodb/statistics.ts';
import { createSubscriptionStore } from '../stores/dynamodb/subscriptions.ts';
import { createTriedEventStore } from '../stores/dynamodb/events-by-attempt.ts';
import { createWatch } from '../runtime/watch.ts';
import { createHandler } from './http/dispatch.ts';
import { createRoutes } from './routes.ts';

const env = readEnv([
  ENV.subscriptionsTable,
  ENV.signingSecretsTable,
  ENV.endpointHealthTable,
  ENV.eventsTable,
  ENV.attemptsTable,
  ENV.apiKeysTable,
  ENV.auditTrailTable,
  ENV.replaysTable,
  ENV.statisticsTable,
  ENV.idempotencyTable,
  ENV.requestsPerKey,
  ENV.requestsPerKeyADay,
  ENV.repeatsADay,
  ENV.subscriptionsPerOrganization,
  ENV.jobsPerOrganization,
  ENV.eventsQueueUrl,
  ENV.deliveriesQueueUrl,
  ENV.recoveryQueueUrl,
  ENV.slowDeliveriesQueueUrl,
  ENV.eventsDeadLetterQueueUrl,
  ENV.deliveriesDeadLetterQueueUrl,
  ENV.recoveryDeadLetterQueueUrl,
  ENV.subscriptionChangesDeadLetterQueueUrl,
  ENV.loggedAttemptsDeadLetterQueueUrl,
  ENV.heldDeliveriesTable,
  ENV.alarmPrefix,
  ENV.probeSeconds,
  ENV.downDays,
  ENV.eventRetentionDays,
  ENV.attemptRetentionDays,
  ENV.auditRetentionDays,
  ENV.allowHttp,
  ENV.frameAncestors,
  ENV.publicDomain,
  ENV.basePath,
  ENV.edgeSecrets,
  ENV.sourceIps,
  ENV.oidcIssuer,
  ENV.oidcClientId,
  ENV.oidcClaim,
  ENV.oidcScopes,
  ENV.clinicV1Sunset,
  ENV.clinicV1StatusCodes,
  ENV.version,
]);
const DAY_MS = 86_400_000;
/** A replay is written down milliseconds behind its message: recovery would look for it in vain before. */
const AHEAD_SECONDS = 1;
const logger = createLogger('api');
const dynamoDb = createDynamoDb();
const now = Date.now;
const ids = createIds({ now, random: randomFraction });
const sqs = createSqs();
const eventsQueue = createQueue(sqs, env[ENV.eventsQueueUrl], logger);
const deliveriesQueue = createQueue(sqs, env[ENV.deliveriesQueueUrl], logger);
const recoveryQueue = createQueue(sqs, env[ENV.recoveryQueueUrl], logger);
const apiKeys = createApiKeyStore(dynamoDb, env[ENV.apiKeysTable]);
const events = createEventStore(dynamoDb, env[ENV.eventsTable], { retentionDays: Number(env[ENV.eventRetentionDays]) });
const attemptDays = Number(env[ENV.attemptRetentionDays]);
const secrets = createSecretStore(dynamoDb, env[ENV.signingSecretsTable]);
const attempts = createAttemptStore(dynamoDb, env[ENV.attemptsTable], { retentionDays: attemptDays, events, secrets });
const once = createOnceStore(dynamoDb, env[ENV.idempotencyTable]);
const organizations = createOrganizationStore(dynamoDb, {
  tables: { subscriptions: env[ENV.subscriptionsTable], events: env[ENV.eventsTable] },
});
const logMs = attemptDays * DAY_MS;
const replayable = createReplayableStore(events, attempts, now, logMs);
const quotas = createQuotaStore(dynamoDb, env[ENV.idempotencyTable]);
const sessions = createSessionStore(dynamoDb, env[ENV.idempotencyTable]);
const formats = {
  clinicV1StatusCodes: JSON.parse(env[ENV.clinicV1StatusCodes]) as Record<string, string>,
  clinicV1Sunset: env[ENV.clinicV1Sunset],
};
const renderRequest = (event: PosthornEvent, format: FormatName): ReturnType<typeof render> =>
  render(event, format, { resource: catalogue.get(event.type)?.resource ?? null, ...formats });
const triedEvents = createTriedEventStore(dynamoDb, env[ENV.attemptsTable], events, attempts, { secrets });

const watch = createWatch({ cloudWatch: noteFailedCalls(new CloudWatchClient({})), prefix: env[ENV.alarmPrefix], now });
const overview = createQueueOverview(sqs, {
  queues: [
    { name: 'events', url: env[ENV.eventsQueueUrl] },
    { name: 'deliveries', url: env[ENV.deliveriesQueueUrl] },
    { name: 'deliveries-slow', url: env[ENV.slowDeliveriesQueueUrl] },
    { name: 'recovery', url: env[ENV.recoveryQueueUrl] },
  ],
  mixed: { name: 'deliveries', url: env[ENV.deliveriesDeadLetterQueueUrl] },
  deadLetters: [
    { name: 'events', url: env[ENV.eventsDeadLetterQueueUrl] },
    { name: 'recovery', url: env[ENV.recoveryDeadLetterQueueUrl] },
    { name: 'subscription-changes', url: env[ENV.subscriptionChangesDeadLetterQueueUrl] },
    { name: 'logged-attempts', url: env[ENV.loggedAttemptsDeadLetterQueueUrl] },
  ],
  ages: (names) => watch.ages(names),
});

/** Behind every route of API Gateway that is not a producer's. */
export const handler = createHandler(
  createRoutes({
    apiKeys,
    events,
    attempts,
    triedEvents,
    organizations,
    deliveries: createDeliveryStore({ events, attempts, triedEvents, organizations }),
    audit: createAuditStore(dynamoDb, env[ENV.auditTrailTable], {
      retentionDays: Number(env[ENV.auditRetentionDays]),
    }),
    subscriptions: createSubscriptionStore(dynamoDb, env[ENV.subscriptionsTable]),
    secrets,
    status: {
      ...overview,
      alarms: () => watch.ringing(),
      circuits: createCircuitStore(dynamoDb, env[ENV.endpointHealthTable]),
      runs: createRunStore(dynamoDb, env[ENV.replaysTable]),
      settings: { probeMs: Number(env[ENV.probeSeconds]) * 1000, downMs: Number(env[ENV.downDays]) * DAY_MS },
      logger,
      errorFields,
    },
    statistics: createStatisticsStore(dynamoDb, env[ENV.statisticsTable]),
    health: createEndpointHealthStore(dynamoDb, env[ENV.endpointHealthTable]),
    held: createHeldStore(dynamoDb, env[ENV.heldDeliveriesTable]),
    rules: subscriptionRules(readUrlPolicy(env[ENV.allowHttp])),
    render: (event, format) => {
      const rendered = renderRequest(event, format);
      return rendered.sent ? rendered.body : undefined;
    },
    renderRequest,
    sendEvent: async (message) =>
      (await eventsQueue.send([{ body: encodeEventMessage(message), group: message.event.organization }])).size === 0,
    purges: createPurgeStore(dynamoDb, env[ENV.replaysTable]),
    purgeCounts: createPurgeCountStore(dynamoDb, {
      subscriptions: env[ENV.subscriptionsTable],
      keys: env[ENV.apiKeysTable],
      events: env[ENV.eventsTable],
    }),
    startPurge: (id, organization) => sendRecoveryJob(recoveryQueue, purgeJob(id, organization)),
    replays: createReplayStore(dynamoDb, env[ENV.replaysTable]),
    replayable,
    replayableMany: createReplayableManyStore({ events, attempts, replayable, organizations, now, logMs }),
    oldestKeptMs: () => now() - Number(env[ENV.eventRetentionDays]) * DAY_MS,
    startReplay: (id, organization, askedMs) =>
      sendRecoveryJob(recoveryQueue, replayJob(id, organization, askedMs), AHEAD_SECONDS),
    quotas,
    once,
    limits: {
      subscriptions: Number(env[ENV.subscriptionsPerOrganization]),
      jobs: Number(env[ENV.jobsPerOrganization]),
      repeatsADay: Number(env[ENV.repeatsADay]),
    },
    sendDelivery: async (event, fields) => {
      const body = encodeDeliveryMessage(encodeEvent(event), fields);
      return (await deliveriesQueue.send([{ body, group: fields.subscription_id }])).size === 0;
    },
    release: async (key, run) => {
      await sendRecoveryJob(recoveryQueue, releaseJob(key, run));
    },
    lookAfter: async ({ organization, id }) => {
      await sendRecoveryJob(recoveryQueue, lookJob({ organization, subscription: id }));
    },
    ids,
    newSecret: () => ({
      key: formatSecret(randomBytes(32)),
      private_key: formatPrivateKey(randomBytes(32)),
      created_ms: now(),
    }),
    newKey: createApiKey,
    sessions,
    signIn: {
      newToken: createSessionToken,
      hash: hashApiKey,
      newSecretText: () => randomBytes(32).toString('base64url'),
      challengeOf: (verifier) => createHash('sha256').update(verifier).digest('base64url'),
      logger,
    },
    sourceIps: env[ENV.sourceIps].split(',').filter(Boolean),
    identityProvider: env[ENV.oidcIssuer] === '' ? undefined : createOidc(oidcSettings()),
    logger,
    errorFields,
    now,
    sleep: (ms) => setTimeout(ms),
    version: env[ENV.version],
  }),
  // The stack puts the built console beside the bundle.
  {
    apiKeys,
    sessions,
    quotas,
    requestsPerKey: Number(env[ENV.requestsPerKey]),
    requestsPerKeyADay: Number(env[ENV.requestsPerKeyADay]),
    console: createStaticFiles(join(import.meta.dirname, 'console')),
    frameAncestors: env[ENV.frameAncestors],
    publicDomain: env[ENV.publicDomain],
    basePath: env[ENV.basePath],
    edgeSecrets: env[ENV.edgeSecrets],
    logger,
    now,
  },
);

function oidcSettings() {
  return {
    issuer: env[ENV.oidcIssuer],
    clientId: env[ENV.oidcClientId],
    claim: env[ENV.oidcClaim],
    scopes: JSON.parse(env[ENV.oidcScopes]) as Record<string, string>,
  };
}
