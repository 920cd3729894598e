/** How traffic may be moved to a new version of a function. */
export const ROLLOUTS = [
  'at-once',
  'canary-10-percent-5-minutes',
  'canary-10-percent-10-minutes',
  'canary-10-percent-15-minutes',
  'canary-10-percent-30-minutes',
  'linear-10-percent-every-minute',
  'linear-10-percent-every-2-minutes',
  'linear-10-percent-every-3-minutes',
  'linear-10-percent-every-10-minutes',
] as const;
export type RolloutName = (typeof ROLLOUTS)[number];

/** Everything that can be chosen at deploy time. Only bin/ reads it; the functions get it through the template. */
export interface Settings {
  /**
   * Name of this Posthorn: the name of its stacks, and the prefix of its alarms, dashboard, metrics and exports. Two in
   * one account and region need two names, which differ in more than upper and lower case. @default Posthorn
   */
  name: string;
  /** Seconds before the 2nd, 3rd and 4th attempt of a delivery. @default [10, 60, 180] */
  retryDelays: number[];
  /** Failed attempts in a row that open an endpoint's circuit. @default 20 */
  circuitFailures: number;
  /** Seconds that those failures must span, at least. @default 60 */
  circuitSeconds: number;
  /** Seconds between two probes of an endpoint that is down. Below 60 works locally only. @default 60 */
  probeSeconds: number;
  /** Days for which an endpoint may be down before its subscription is deactivated. @default 5 */
  downDays: number;
  /**
   * Hours for which exhausted deliveries are tried again, unless the subscription sets `heal_hours`; 0: not at all.
   * Always 0 with format `resource`. @default 24
   */
  healHours: number;
  /** Seconds before the 1st, 2nd, … of these tries; the last value repeats. @default [900, 1800, 3600, 7200] */
  healSeconds: number[];
  /** Seconds between two searches for stuck deliveries. Below 60 works locally only. @default 120 */
  reconcileSeconds: number;
  /**
   * Seconds after which a delivery that has not ended counts as stuck and is queued again. Longer than all its tries
   * can take, with `Retry-After` (3 × 15 minutes) and a crash at each (4 × visibility timeout). @default 5400
   */
  stuckSeconds: number;
  /**
   * Seconds for which lines of the delivery log are gathered before they are counted. A larger value means fewer writes
   * and cheaper reads of statistics (below 30, a read takes megabytes). Up to 90, statistics are at most two minutes
   * old. @default 90
   */
  statisticsSeconds: number;
  /**
   * Seconds for which a purge keeps looking for rows that functions started before it still write. It must exceed the
   * longest function, 120 s, plus a tenth of this setting, for which a function may use what it has read. Below 300
   * works locally only. @default 300
   */
  purgeSeconds: number;
  /** Days for which an event and its matches can be looked up and replayed. @default 30 */
  eventRetentionDays: number;
  /** Days for which an attempt stays in the delivery log. @default 90 */
  attemptRetentionDays: number;
  /** Days for which a record stays in the audit trail. @default 2192, six years */
  auditRetentionDays: number;
  /** Days for which CloudWatch keeps the functions' log lines; one of the values that CloudWatch allows. @default 30 */
  logRetentionDays: number;
  /** Largest number of fan-out functions that run at the same time. 2 to 1000. @default 10 */
  fanOutConcurrency: number;
  /** Largest number of senders that serve the fast lane at the same time. 2 to 1000. @default 50 */
  senderConcurrency: number;
  /** Largest number of senders that serve the slow lane at the same time. 2 to 1000. @default 10 */
  slowSenderConcurrency: number;
  /** Deliveries that one sender gets at once: 10 (lowest latency), or up to 100 with a window of 1 s. @default 10 */
  senderBatchSize: number;
  /**
   * How traffic moves to a new version of each function: `at-once`, or by CodeDeploy with this percentage of the calls,
   * at first (canary) or at each step (linear). If a run fails meanwhile, the function and the deployment are rolled
   * back. @default at-once
   */
  rollout: RolloutName;
  /**
   * Existing tables, restored or retained, to use instead of new ones, as an object: `Events` → the table's name.
   * Subscriptions and Attempts, whose streams are read, take the ARN of the stream instead. See docs/runbook.md.
   * @default none
   */
  adoptedTables: Record<string, string>;
  /** E-mail address that gets alarms and notices, after confirming a mail from AWS. @default nobody */
  alarmEmail: string;
  /** Requests a second that the API accepts, on average. @default 1000 */
  throttleRate: number;
  /** Requests that the API accepts at once (burst). @default 2000 */
  throttleBurst: number;
  /** Requests a second that one API key may make of the management API. @default 100 */
  requestsPerKey: number;
  /** Requests a day, UTC, that one API key of an organization may make of the management API. @default 30000 */
  requestsPerKeyADay: number;
  /**
   * Extra deliveries a day, UTC, that keys of one organization may ask for: replays, redeliveries and pings. Keys of
   * staff are not counted. @default 10000
   */
  repeatsPerOrganizationADay: number;
  /** Requests a second that one producer's key may make; a batch counts as one. @default 1000 */
  publishesPerKey: number;
  /** Largest number of subscriptions of one organization. @default 10000 */
  subscriptionsPerOrganization: number;
  /** Largest number of replays of one organization that run at the same time. @default 3 */
  jobsPerOrganization: number;
  /**
   * Reserved concurrency of the api function: its largest number of runs at the same time, taken out of the account's
   * concurrency, so that the API and the pipeline cannot use up each other's share. 0: none reserved, for accounts
   * whose whole limit is 10. @default 100
   */
  apiConcurrency: number;
  /** Issuer of the OpenID Connect provider that staff sign in with, as its tokens name it. @default none */
  oidcIssuer: string;
  /** Id of the console at that provider: a public client, whose redirect URI is `<ApiUrl>/v1/sign-in/callback`. @default none */
  oidcClientId: string;
  /** Claim of the provider's id token that says what a person may do. @default groups */
  oidcClaim: string;
  /**
   * Value of that claim → scopes, separated by spaces: `admin`, `support`, `payloads:read`. A person with none of the
   * values may not sign in. @default none
   */
  oidcScopes: Record<string, string>;
  /**
   * Origins of your own pages that may show the console in a frame, for portal links. Example:
   * `https://admin.example.com`.
   * @default none
   */
  frameAncestors: string[];
  /**
   * Key that encrypts tables and queues. `aws-managed`: AWS's key for DynamoDB in this account for tables, a key that
   * SQS owns for queues. `own`: keys of this Posthorn for tables and for queues with payloads, $2 a month plus KMS
   * calls. `aws-owned`: keys that AWS owns for all, which its HIPAA rules flag. @default aws-managed
   */
  encryption: Encryption;
  /**
   * Number of zones of the sender's own network, which has one fixed address in each, for customers' allow-lists. 0: no
   * network; requests come from any AWS address. Each costs $37 a month. Changing the number later keeps the addresses.
   * Not more than the region has for your account: some have two, and CloudFormation then refuses a third with `Fn::Select cannot select
   * nonexistent value`.
   * @default 0
   */
  egressZones: number;
  /**
   * Domain name of the API and the console; AWS's own address is then disabled. Its DNS record must point to the output
   * `DomainTarget`. @default none
   */
  domainName: string;
  /**
   * ARN of the domain's certificate, in Certificate Manager of the same region, or of us-east-1 behind a firewall
   * (`webAclArn`).
   * @default none
   */
  certificateArn: string;
  /**
   * Path below the domain name for the API and the console, such as `webhooks`, when other APIs share the name. Without
   * `certificateArn` the name must already exist in API Gateway, in this account and region. @default none
   */
  basePath: string;
  /**
   * ARN of a web ACL (AWS WAF, scope CLOUDFRONT, us-east-1), your own or the one that `firewallRate` creates. A
   * CloudFront distribution with the domain name and this web ACL is then put in front of the API; it caches nothing.
   * @default none
   */
  webAclArn: string;
  /**
   * Whether the API refuses requests that did not come through the firewall. Set `false` while callers move to its
   * address. @default true
   */
  edgeOnly: boolean;
  /**
   * Number of the secret by which the API recognizes requests from the firewall; the next number creates a new secret.
   * @default 1
   */
  edgeSecretNumber: number;
  /**
   * Creates a third stack, in us-east-1, with a web ACL: AWS's managed rules, and at most this many requests from one
   * address in five minutes. Use its output `WebAclArn` for `webAclArn`. 0: no such stack. @default 0
   */
  firewallRate: number;
  /** Name or ARN of a managed policy that is the permissions boundary of every role. @default none */
  permissionsBoundary: string;
  /** Tags, as names and values, of every resource that can have tags. @default none */
  tags: Record<string, string>;
  /** Allows `http:` URLs, for development. @default false */
  allowHttp: boolean;
  /**
   * Minifies the functions' code, which halves the bytes to load. The local run never does, for debugging. @default
   * true
   */
  minify: boolean;
  /** Date on which the format clinic-v1 ends, `YYYY-MM-DD`. @default none */
  clinicV1Sunset: string;
  /**
   * Status word of a visit → its code in clinic-v1. Replaces the whole default table; an all-digit status is its own
   * code. @default scheduled 10, in_progress 20, completed 30, cancelled 40, no_show 50
   */
  clinicV1StatusCodes: Record<string, string>;
}

/** Choices of {@link Settings.encryption}. */
export const ENCRYPTIONS = ['aws-managed', 'own', 'aws-owned'] as const;
export type Encryption = (typeof ENCRYPTIONS)[number];

export const DEFAULTS: Settings = {
  name: 'Posthorn',
  retryDelays: [10, 60, 180],
  circuitFailures: 20,
  circuitSeconds: 60,
  probeSeconds: 60,
  downDays: 5,
  healHours: 24,
  healSeconds: [900, 1800, 3600, 7200],
  reconcileSeconds: 120,
  stuckSeconds: 5400,
  statisticsSeconds: 90,
  purgeSeconds: 300,
  eventRetentionDays: 30,
  attemptRetentionDays: 90,
  auditRetentionDays: 2192,
  logRetentionDays: 30,
  fanOutConcurrency: 10,
  senderConcurrency: 50,
  slowSenderConcurrency: 10,
  senderBatchSize: 10,
  rollout: 'at-once',
  adoptedTables: {},
  alarmEmail: '',
  throttleRate: 1000,
  throttleBurst: 2000,
  requestsPerKey: 100,
  requestsPerKeyADay: 30_000,
  repeatsPerOrganizationADay: 10_000,
  publishesPerKey: 1000,
  subscriptionsPerOrganization: 10_000,
  jobsPerOrganization: 3,
  apiConcurrency: 100,
  oidcIssuer: '',
  oidcClientId: '',
  oidcClaim: 'groups',
  oidcScopes: {},
  frameAncestors: [],
  encryption: 'aws-managed',
  egressZones: 0,
  domainName: '',
  certificateArn: '',
  basePath: '',
  webAclArn: '',
  edgeOnly: true,
  edgeSecretNumber: 1,
  firewallRate: 0,
  permissionsBoundary: '',
  tags: {},
  allowHttp: false,
  minify: true,
  clinicV1Sunset: '',
  clinicV1StatusCodes: { scheduled: '10', in_progress: '20', completed: '30', cancelled: '40', no_show: '50' },
};
