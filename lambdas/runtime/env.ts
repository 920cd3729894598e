/**
 * Names of all environment variables that the stack sets and the functions read. A grant in lib/ sets the variable,
 * so a function that has no permission has no name either.
 */
export const ENV = {
  eventsQueueUrl: 'EVENTS_QUEUE_URL',
  eventsDeadLetterQueueUrl: 'EVENTS_DEAD_LETTER_QUEUE_URL',
  deliveriesQueueUrl: 'DELIVERIES_QUEUE_URL',
  slowDeliveriesQueueUrl: 'SLOW_DELIVERIES_QUEUE_URL',
  deliveriesDeadLetterQueueUrl: 'DELIVERIES_DEAD_LETTER_QUEUE_URL',
  recoveryQueueUrl: 'RECOVERY_QUEUE_URL',
  recoveryDeadLetterQueueUrl: 'RECOVERY_DEAD_LETTER_QUEUE_URL',
  subscriptionChangesDeadLetterQueueUrl: 'SUBSCRIPTION_CHANGES_DEAD_LETTER_QUEUE_URL',
  loggedAttemptsDeadLetterQueueUrl: 'LOGGED_ATTEMPTS_DEAD_LETTER_QUEUE_URL',
  subscriptionsTable: 'SUBSCRIPTIONS_TABLE',
  signingSecretsTable: 'SIGNING_SECRETS_TABLE',
  endpointHealthTable: 'ENDPOINT_HEALTH_TABLE',
  eventsTable: 'EVENTS_TABLE',
  attemptsTable: 'ATTEMPTS_TABLE',
  heldDeliveriesTable: 'HELD_DELIVERIES_TABLE',
  apiKeysTable: 'API_KEYS_TABLE',
  idempotencyTable: 'IDEMPOTENCY_TABLE',
  replaysTable: 'REPLAYS_TABLE',
  auditTrailTable: 'AUDIT_TRAIL_TABLE',
  statisticsTable: 'STATISTICS_TABLE',
  /** How the names of this Posthorn's alarms begin. */
  alarmPrefix: 'ALARM_PREFIX',
  noticesTopicArn: 'NOTICES_TOPIC_ARN',
  eventBusName: 'EVENT_BUS_NAME',
  /** Seconds before the 2nd, 3rd and 4th attempt, comma-separated. */
  retryDelays: 'RETRY_DELAYS',
  senders: 'SENDERS',
  senderBatchSize: 'SENDER_BATCH_SIZE',
  /** Failed attempts in a row that open a circuit. */
  circuitFailures: 'CIRCUIT_FAILURES',
  /** Seconds those failures must span at least. */
  circuitSeconds: 'CIRCUIT_SECONDS',
  /** Seconds between two probes of an endpoint that is down. */
  probeSeconds: 'PROBE_SECONDS',
  /** Days an endpoint may be down before its subscription is deactivated. */
  downDays: 'DOWN_DAYS',
  /** Hours for which exhausted deliveries are tried again where the subscription does not say it. */
  healHours: 'HEAL_HOURS',
  /** Seconds before each of these tries, comma-separated; the last repeats. */
  healSeconds: 'HEAL_SECONDS',
  /** Seconds after which a delivery must be over. */
  stuckSeconds: 'STUCK_SECONDS',
  /** Seconds for which a purge goes on looking; lists of purges may be a tenth of that old. */
  purgeSeconds: 'PURGE_SECONDS',
  eventRetentionDays: 'EVENT_RETENTION_DAYS',
  attemptRetentionDays: 'ATTEMPT_RETENTION_DAYS',
  auditRetentionDays: 'AUDIT_RETENTION_DAYS',
  /** Requests a second that one API key may make of this function. */
  requestsPerKey: 'REQUESTS_PER_KEY',
  /** Requests a day that one API key of an organization may make of the api function. */
  requestsPerKeyADay: 'REQUESTS_PER_KEY_A_DAY',
  /** Deliveries a day that keys of one organization may have sent again, pings among them. */
  repeatsADay: 'REPEATS_PER_ORGANIZATION_A_DAY',
  subscriptionsPerOrganization: 'SUBSCRIPTIONS_PER_ORGANIZATION',
  jobsPerOrganization: 'JOBS_PER_ORGANIZATION',
  /** Issuer of the OpenID Connect provider that staff sign in with; empty: none. */
  oidcIssuer: 'OIDC_ISSUER',
  oidcClientId: 'OIDC_CLIENT_ID',
  /** Name of the claim that says what somebody may do. */
  oidcClaim: 'OIDC_CLAIM',
  /** JSON object: value of that claim → scopes. */
  oidcScopes: 'OIDC_SCOPES',
  /** Domain name by which callers reach the API where API Gateway does not know it; empty: it does. */
  publicDomain: 'PUBLIC_DOMAIN',
  /** Path below which callers reach the API, with its first slash; empty: none. */
  basePath: 'BASE_PATH',
  /** Secrets of the distribution before the API, any of which a request must carry, comma-separated; empty: there is none. */
  edgeSecrets: 'EDGE_SECRETS',
  /** Fixed addresses that the sender comes from, comma-separated; empty: none. */
  sourceIps: 'SOURCE_IPS',
  /** Origins of pages that may show the console in a frame, separated by blanks; empty: none. */
  frameAncestors: 'FRAME_ANCESTORS',
  /** `true`: http URLs are allowed, for development. */
  allowHttp: 'ALLOW_HTTP',
  /** Date from which clinic-v1 is gone, `YYYY-MM-DD`; empty: none set. */
  clinicV1Sunset: 'CLINIC_V1_SUNSET',
  /** JSON object: status word → clinic-v1 code. */
  clinicV1StatusCodes: 'CLINIC_V1_STATUS_CODES',
  version: 'POSTHORN_VERSION',
  /** CloudWatch namespace of the functions' own metrics. */
  metricsNamespace: 'METRICS_NAMESPACE',
} as const;

export type EnvName = (typeof ENV)[keyof typeof ENV];

/** By this header the distribution before the API says that a request came through it; it overwrites a caller's own. */
export const EDGE_HEADER = 'x-posthorn-edge';

/**
 * Set by the local platform alone, never by a template (a test looks): `allow` lets customers' URLs be
 * `http://127.0.0.1:<port>` and `http://localhost:<port>`.
 */
export const LOCAL_RECEIVERS = 'POSTHORN_LOCAL_RECEIVERS';

/**
 * Reads environment variables once at start.
 * @throws one error that names every missing variable.
 */
export function readEnv<T extends EnvName>(names: readonly T[], source = process.env): Record<T, string> {
  const missing = names.filter((name) => source[name] === undefined);
  if (missing.length > 0) {
    throw new Error(
      `Missing environment variables: ${missing.join(', ')}. The stack sets them together with the grant that needs them (lib/); tests in test/support/.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Record<T, string>;
}
