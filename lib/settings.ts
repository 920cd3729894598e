/** How a new version of a function may take over. */
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

/** Everything that can be chosen at deploy time. Read in bin/ alone; reaches the functions through the template. */
export interface Settings {
  /**
   * Name of this Posthorn: of its stacks, and the beginning of the names of alarms, dashboard, metrics and exports. Two in one
   * account and region need two names, which differ by more than upper and lower case. @default Posthorn
   */
  name: string;
  /** Seconds before the 2nd, 3rd and 4th attempt of a delivery. @default [10, 60, 180] */
  retryDelays: number[];
  /** Failed attempts in a row that open an endpoint's circuit. @default 20 */
  circuitFailures: number;
  /** Seconds that those failures must span at least. @default 60 */
  circuitSeconds: number;
  /** Seconds between two probes of an endpoint that is down. Below 60 works locally only. @default 60 */
  probeSeconds: number;
  /** Days an endpoint may be down before its subscription is deactivated. @default 5 */
  downDays: number;
  /**
   * Hours for which exhausted deliveries are tried again where their subscription does not say it (`heal_hours`); 0: not at
   * all. Always 0 with format `resource`. @default 24
   */
  healHours: number;
  /** Seconds before the 1st, 2nd, … of these tries; the last one repeats. @default [900, 1800, 3600, 7200] */
  healSeconds: number[];
  /** Seconds between two looks for deliveries that got stuck. Below 60 works locally only. @default 120 */
  reconcileSeconds: number;
  /**
   * Seconds after which a delivery must be over, else it counts as stuck and is queued again. Longer than all its tries
   * take with `Retry-After` (3 × 15 minutes) and a crash at each (4 × visibility timeout). @default 5400
   */
  stuckSeconds: number;
  /**
   * Seconds for which lines of the delivery log are gathered before they are counted: the more, the fewer writes, and the less
   * reading statistics costs (megabytes below 30). Statistics are at most two minutes old up to 90. @default 90
   */
  statisticsSeconds: number;
  /**
   * Seconds for which a purge goes on looking for what functions that began before it still write: longer than the longest of
   * them, 120 s, and a tenth of it, for which each may go by what it knew. Below 300 works locally only. @default 300
   */
  purgeSeconds: number;
  /** Days an event, and what it matched, can be looked up and replayed. @default 30 */
  eventRetentionDays: number;
  /** Days an attempt stays in the delivery log. @default 90 */
  attemptRetentionDays: number;
  /** Days a record stays in the audit trail. @default 2192, six years */
  auditRetentionDays: number;
  /** Days CloudWatch keeps the functions' log lines; one of CloudWatch's own steps. @default 30 */
  logRetentionDays: number;
  /** Functions that fan out events at the same time, at most. 2 to 1000. @default 10 */
  fanOutConcurrency: number;
  /** Functions that serve the fast lane at the same time, at most. 2 to 1000. @default 50 */
  senderConcurrency: number;
  /** Functions that serve the slow lane at the same time, at most. 2 to 1000. @default 10 */
  slowSenderConcurrency: number;
  /** Deliveries handed to one sender at once: 10 (lowest latency), or up to 100 with a window of 1 s. @default 10 */
  senderBatchSize: number;
  /**
   * How a new version of each function takes over: `at-once`, or so many percent of the calls at first or at each step, by
   * CodeDeploy; when a run fails meanwhile the new version is taken back, and the deployment with it. @default at-once
   */
  rollout: RolloutName;
  /**
   * Tables that exist already and are used instead of new ones, restored or retained: `Subscriptions` → the table's name; of
   * Subscriptions and Attempts, whose changes are followed, the ARN of its stream. See docs/runbook.md. @default none
   */
  adoptedTables: Record<string, string>;
  /** Who gets alarms and notices by mail, after confirming a mail from AWS. @default nobody */
  alarmEmail: string;
  /** Requests a second that the API accepts on average. @default 1000 */
  throttleRate: number;
  /** Requests that the API accepts at once. @default 2000 */
  throttleBurst: number;
  /** Requests a second that one API key may make of the management API. @default 100 */
  requestsPerKey: number;
  /** Requests a day, UTC, that one API key of an organization may make of the management API. @default 30000 */
  requestsPerKeyADay: number;
  /**
   * Deliveries a day, UTC, that keys of one organization may ask for beyond its events: replayed, redelivered, and pings. Keys of
   * staff are not counted. @default 10000
   */
  repeatsPerOrganizationADay: number;
  /** Requests a second that one producer's key may make; a batch is one. @default 1000 */
  publishesPerKey: number;
  /** Subscriptions of one organization, at most. @default 10000 */
  subscriptionsPerOrganization: number;
  /** Replays of one organization that run at the same time, at most. @default 3 */
  jobsPerOrganization: number;
  /**
   * Runs of the api function at the same time, at most: taken out of the account's concurrency, so that neither it nor the
   * pipeline can use up the other's. 0: none, for accounts whose whole limit is 10. @default 100
   */
  apiConcurrency: number;
  /** Issuer of the OpenID Connect provider that staff sign in with, as its tokens name it. @default none */
  oidcIssuer: string;
  /** Id of the console at that provider: a public client, whose redirect URI is `<ApiUrl>/v1/sign-in/callback`. @default none */
  oidcClientId: string;
  /** Claim of the provider's id token that says what somebody may do. @default groups */
  oidcClaim: string;
  /**
   * Value of that claim → scopes, separated by blanks: `admin`, `support`, `payloads:read`. Who has none of the values may not
   * sign in. @default none
   */
  oidcScopes: Record<string, string>;
  /**
   * Origins of the platform's own pages that may show the console in a frame, as `https://admin.example.com`, for portal links.
   * @default none
   */
  frameAncestors: string[];
  /**
   * Key that tables and queues are encrypted under: `aws-managed`, tables under AWS's key for DynamoDB in this account, queues
   * under one that SQS owns; `own`, tables and the queues that hold payloads under keys of this Posthorn, $2 a month and what
   * KMS asks for calls; `aws-owned`, all under keys that AWS owns, which its HIPAA rules flag. @default aws-managed
   */
  encryption: Encryption;
  /**
   * Zones in which the sender gets a network of its own with a fixed address in each, for customers' allow-lists; 0: none, it
   * comes from any address of AWS. One costs $37 a month. A later change of the number keeps the addresses. @default 0
   */
  egressZones: number;
  /**
   * Domain name of the API and the console; the address of AWS's own is then closed. Its DNS record points to the output
   * `DomainTarget`. @default none
   */
  domainName: string;
  /**
   * ARN of the certificate for it, in Certificate Manager of the same region; behind a firewall (`webAclArn`) of us-east-1.
   * @default none
   */
  certificateArn: string;
  /**
   * Path below the domain name at which the API and the console are, as `webhooks`, for a name that has other APIs as well.
   * Without `certificateArn` the name is one that API Gateway has already, in this account and region. @default none
   */
  basePath: string;
  /**
   * Firewall before the API: a CloudFront distribution with the domain name, and this web ACL of AWS WAF, of scope CLOUDFRONT in
   * us-east-1, your own or that of `firewallRate`. The distribution keeps nothing. @default none
   */
  webAclArn: string;
  /**
   * Whether the API refuses whoever does not come through the firewall. `false` for the time in which callers move to its
   * address. @default true
   */
  edgeOnly: boolean;
  /** Number of the secret by which the API knows what came through the firewall; the next number makes a new one. @default 1 */
  edgeSecretNumber: number;
  /**
   * Makes a third stack, in us-east-1, with a web ACL: AWS's managed rules, and this many requests of one address in five
   * minutes. Its output `WebAclArn` is for `webAclArn`. 0: none is made. @default 0
   */
  firewallRate: number;
  /** Name or ARN of a managed policy that bounds what every role may do. @default none */
  permissionsBoundary: string;
  /** Tags of everything that takes tags, names and values. @default none */
  tags: Record<string, string>;
  /** Allows `http:` URLs, for development. @default false */
  allowHttp: boolean;
  /** Minifies the functions' code: half the bytes to load. The local run does not, for debugging. @default true */
  minify: boolean;
  /** Date on which clinic-v1 ends, `YYYY-MM-DD`. @default none */
  clinicV1Sunset: string;
  /**
   * Status word of a visit → its code in clinic-v1. Takes the place of the whole default table; an all-digit status is its
   * own code. @default scheduled 10, in_progress 20, completed 30, cancelled 40, no_show 50
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
