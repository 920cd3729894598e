import { tableDefinitions } from '../../lib/tables.ts';

const ACCOUNT = '123456789012';
const EVERY_TABLE = Object.fromEntries(
  tableDefinitions().map(([, { id, stream }]) => {
    const arn = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/restored-${id}/stream/2026-11-30T09:00:00.000`;
    return [id, stream === undefined ? `restored-${id}` : arn];
  }),
);

/**
 * Settings under which linters read the templates, by name. Together they change every setting there is, and each towards what adds
 * or changes most resources; several, because some exclude others.
 */
export const LINTED: Record<string, Record<string, string>> = {
  default: {},
  // All numbers at an end of their range.
  extreme: {
    POSTHORN_NAME: 'Clinic',
    POSTHORN_RETRY_DELAYS: '900,900,900',
    POSTHORN_CIRCUIT_FAILURES: '1',
    POSTHORN_CIRCUIT_SECONDS: '86400',
    POSTHORN_PROBE_SECONDS: '3600',
    POSTHORN_DOWN_DAYS: '30',
    POSTHORN_HEAL_HOURS: '120',
    POSTHORN_HEAL_SECONDS: '86400',
    POSTHORN_RECONCILE_SECONDS: '86400',
    POSTHORN_STUCK_SECONDS: '86400',
    POSTHORN_STATISTICS_SECONDS: '300',
    POSTHORN_PURGE_SECONDS: '3600',
    POSTHORN_EVENT_RETENTION_DAYS: '3650',
    POSTHORN_ATTEMPT_RETENTION_DAYS: '3650',
    POSTHORN_AUDIT_RETENTION_DAYS: '36500',
    POSTHORN_LOG_RETENTION_DAYS: '3653',
    POSTHORN_FAN_OUT_CONCURRENCY: '1000',
    POSTHORN_SENDER_CONCURRENCY: '1000',
    POSTHORN_SLOW_SENDER_CONCURRENCY: '1000',
    POSTHORN_SENDER_BATCH_SIZE: '100',
    POSTHORN_THROTTLE_RATE: '1000000',
    POSTHORN_THROTTLE_BURST: '1000000',
    POSTHORN_REQUESTS_PER_KEY: '1000000',
    POSTHORN_REQUESTS_PER_KEY_A_DAY: '1000000000',
    POSTHORN_REPEATS_PER_ORGANIZATION_A_DAY: '1000000000',
    POSTHORN_PUBLISHES_PER_KEY: '1000000',
    POSTHORN_SUBSCRIPTIONS_PER_ORGANIZATION: '1000000',
    POSTHORN_JOBS_PER_ORGANIZATION: '100',
    POSTHORN_API_CONCURRENCY: '0',
    POSTHORN_CLINIC_V1_SUNSET: '2027-06-30',
    POSTHORN_CLINIC_V1_STATUS_CODES: '{"done":"60"}',
    POSTHORN_ALLOW_HTTP: 'true',
    POSTHORN_MINIFY: 'false',
  },
  // Whatever AWS has more of: keys, networks, names, ways to roll out, signing in.
  everything: {
    POSTHORN_ROLLOUT: 'canary-10-percent-5-minutes',
    POSTHORN_ENCRYPTION: 'own',
    POSTHORN_EGRESS_ZONES: '3',
    POSTHORN_DOMAIN_NAME: 'api.example.com',
    POSTHORN_CERTIFICATE_ARN: `arn:aws:acm:eu-central-1:${ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000`,
    POSTHORN_BASE_PATH: 'public/webhooks',
    POSTHORN_ALARM_EMAIL: 'ops@example.org',
    POSTHORN_PERMISSIONS_BOUNDARY: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    POSTHORN_TAGS: '{"cost center":"42"}',
    POSTHORN_OIDC_ISSUER: 'https://login.example.com',
    POSTHORN_OIDC_CLIENT_ID: 'posthorn',
    POSTHORN_OIDC_CLAIM: 'roles',
    POSTHORN_OIDC_SCOPES: '{"ops":"admin"}',
    POSTHORN_FRAME_ANCESTORS: 'https://admin.example.com',
  },
  firewall: {
    POSTHORN_DOMAIN_NAME: 'hooks.example.com',
    POSTHORN_CERTIFICATE_ARN: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000`,
    POSTHORN_WEB_ACL_ARN: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/firewall/00000000-0000-0000-0000-000000000000`,
    POSTHORN_EDGE_ONLY: 'false',
    POSTHORN_EDGE_SECRET_NUMBER: '2',
    POSTHORN_FIREWALL_RATE: '2000',
  },
  // Tables, and a domain name that API Gateway has already.
  adopting: {
    POSTHORN_ADOPTED_TABLES: JSON.stringify(EVERY_TABLE),
    POSTHORN_DOMAIN_NAME: 'api.example.com',
    POSTHORN_BASE_PATH: 'webhooks',
  },
};
