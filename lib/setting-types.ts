import { LONGEST_HEAL_HOURS } from '../lambdas/domain/limits.ts';
import { DEFAULTS, ENCRYPTIONS, ROLLOUTS, type Settings } from './settings.ts';
import { entriesOf, flag, number, oneOf, scalar, secondsEach, word, type SettingType } from './setting-readers.ts';
import { tableDefinitions } from './tables.ts';

/** A page's origin, as `frame-ancestors` of CSP takes it; `*` would let everybody in. */
const ORIGIN = /^https:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$|^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

const origins: SettingType<string[]> = {
  read: (given) => {
    const parts = typeof given === 'string' ? given.split(/[\s,]+/).filter((part) => part !== '') : given;
    const isList = Array.isArray(parts) && parts.length <= 20;
    return isList && parts.every((part): part is string => typeof part === 'string' && ORIGIN.test(part))
      ? parts
      : undefined;
  },
  expected: 'origins such as https://admin.example.com, comma-separated or a list, 20 at most',
  schema: { type: 'array', items: { type: 'string', pattern: ORIGIN.source }, maxItems: 20 },
};

const issuer = word(
  /^(https:\/\/[^\s?#]+|http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?[^\s?#]*)?$/,
  'an https URL without query, or nothing',
);

/**
 * Characters of a table that functions read from their environment, as JSON. Lambda takes 4 KB of variables a function, and refuses
 * more only while it deploys. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LARGEST_TABLE = 1000;
const ifItFits = <T extends object>(table: T | undefined): T | undefined =>
  table !== undefined && JSON.stringify(table).length <= LARGEST_TABLE ? table : undefined;

const STAFF_SCOPES = ['admin', 'support', 'payloads:read'];

const staffScopes: SettingType<Record<string, string>> = {
  read: (given) => {
    const entries = entriesOf(given);
    const isKnown = (scopes: unknown): scopes is string =>
      typeof scopes === 'string' && scopes.split(' ').every((scope) => STAFF_SCOPES.includes(scope));
    const isRight = entries?.every((entry): entry is [string, string] => isKnown(entry[1]));
    return ifItFits(isRight ? Object.fromEntries(entries) : undefined);
  },
  expected: `a JSON object of at most ${LARGEST_TABLE} characters: a value of the claim → its scopes, separated by spaces: admin, support, payloads:read`,
  schema: {
    type: 'object',
    additionalProperties: {
      type: 'string',
      pattern: '^(admin|support|payloads:read)( (admin|support|payloads:read))*$',
    },
  },
};

const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
const STREAM_ARN = /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[a-zA-Z0-9_.-]{3,255}\/stream\/[^/\s]+$/;

const adoptedTables: SettingType<Record<string, string>> = {
  read: (given) => {
    const entries = entriesOf(given);
    const known = new Map(tableDefinitions().map(([, table]) => [table.id, table]));
    const isRight = (entry: [string, unknown]): entry is [string, string] => {
      const [id, text] = entry;
      const table = known.get(id);
      if (table === undefined || typeof text !== 'string') return false;
      return (table.stream === undefined ? TABLE_NAME : STREAM_ARN).test(text);
    };
    return entries?.every(isRight) ? Object.fromEntries(entries) : undefined;
  },
  expected:
    'a JSON object: a table, as docs/architecture.md calls it → the name of the table to use; for Subscriptions and Attempts the ARN of its stream',
  schema: { type: 'object', additionalProperties: { type: 'string' } },
};

const date = word(
  /^(\d{4}-\d{2}-\d{2})?$/,
  'a date YYYY-MM-DD, or nothing',
  (text) => text === '' || !Number.isNaN(Date.parse(text)),
);

const mail = word(/^([^\s@]+@[^\s@]+\.[^\s@]+)?$/, 'an e-mail address, or nothing');

/** Stacks have this name, and in AWS a stack's name begins with a letter and has neither `_` nor `.`. */
const name = word(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'a letter and up to 39 letters, digits or hyphens after it');

const codes: SettingType<Record<string, string>> = {
  read: (given) => {
    const table = entriesOf(given)?.map(([status, code]) => [status, String(code)] as const);
    return ifItFits(table?.every(([, code]) => /^\d+$/.test(code)) ? Object.fromEntries(table) : undefined);
  },
  expected: `a JSON object of at most ${LARGEST_TABLE} characters: a status word → its code, made of digits`,
  schema: {
    type: 'object',
    additionalProperties: {
      anyOf: [
        { type: 'integer', minimum: 0 },
        { type: 'string', pattern: '^\\d+$' },
      ],
    },
  },
};

const domainName = word(
  /^((?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+)?$/,
  'a domain name in lower case such as hooks.example.com, or nothing',
);

const certificateArn = word(
  /^(arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+)?$/,
  'the ARN of a certificate such as arn:aws:acm:eu-central-1:123456789012:certificate/…, or nothing',
);

/** Characters that API Gateway accepts. The first part is none of our own, so that a path alone tells whether it has the base path. */
const basePath = word(
  /^((?!(v1|console|docs|webhook-events)(\/|$))[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+){0,4})?$/,
  'a path of up to five parts, such as webhooks or public/webhooks, whose first part is not v1, console, docs or webhook-events, or nothing',
);

const webAclArn = word(
  /^(arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]{1,128}\/[0-9a-f-]+)?$/,
  'the ARN of a web ACL of scope CLOUDFRONT such as arn:aws:wafv2:us-east-1:123456789012:global/webacl/…/…, or nothing',
);

/** AWS WAF accepts no number below 10. */
const requests: SettingType<number> = {
  read: scalar((text) => (/^(0|[1-9]\d{1,8})$/.test(text) ? Number(text) : undefined)),
  expected: '0, or a whole number from 10 to 999999999',
  schema: { anyOf: [{ const: 0 }, { type: 'integer', minimum: 10, maximum: 999_999_999 }] },
};

const permissionsBoundary = word(
  /^(arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}|[\w+=,.@-]{1,128})?$/,
  'the name or ARN of a managed policy, or nothing',
);

/** AWS's own rules: 50 tags at most, none whose name begins with `aws:`. */
const TAG_NAME = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u;

const tags: SettingType<Record<string, string>> = {
  read: (given) => {
    const entries = entriesOf(given);
    const isTag = (entry: [string, unknown]): entry is [string, string] => {
      const [name, text] = entry;
      return TAG_NAME.test(name) && typeof text === 'string' && TAG_VALUE.test(text);
    };
    return entries && entries.length <= 50 && entries.every(isTag) ? Object.fromEntries(entries) : undefined;
  },
  expected:
    'a JSON object of up to 50 tags: names of 1 to 128 and values of up to 256 letters, digits, spaces or any of _.:/=+-@, no name beginning with aws:',
  schema: { type: 'object', maxProperties: 50, additionalProperties: { type: 'string', maxLength: 256 } },
};

const LOG_RETENTION_STEPS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653];

/** How each setting is written. */
export const SETTING_TYPES: { [K in keyof Settings]: SettingType<Settings[K]> } = {
  name,
  retryDelays: secondsEach([3, 3], [0, 900], 'three'),
  circuitFailures: number(1, 10_000),
  circuitSeconds: number(0, 86_400, 'seconds'),
  probeSeconds: number(1, 3600, 'seconds'),
  downDays: number(1, 30, 'days'),
  healHours: number(0, LONGEST_HEAL_HOURS, 'hours'),
  healSeconds: secondsEach([1, 10], [1, 86_400], '1 to 10'),
  reconcileSeconds: number(1, 86_400, 'seconds'),
  stuckSeconds: number(1, 86_400, 'seconds'),
  statisticsSeconds: number(0, 300, 'seconds'),
  purgeSeconds: number(1, 3600, 'seconds'),
  eventRetentionDays: number(1, 3650, 'days'),
  attemptRetentionDays: number(1, 3650, 'days'),
  auditRetentionDays: number(1, 36_500, 'days'),
  logRetentionDays: {
    read: scalar((text) => LOG_RETENTION_STEPS.find((days) => String(days) === text)),
    expected: `one of CloudWatch's steps: ${LOG_RETENTION_STEPS.join(', ')}`,
    schema: { enum: LOG_RETENTION_STEPS },
  },
  fanOutConcurrency: number(2, 1000),
  senderConcurrency: number(2, 1000),
  slowSenderConcurrency: number(2, 1000),
  senderBatchSize: number(1, 100),
  rollout: oneOf(ROLLOUTS),
  adoptedTables,
  alarmEmail: mail,
  throttleRate: number(1, 1_000_000),
  throttleBurst: number(1, 1_000_000),
  requestsPerKey: number(1, 1_000_000),
  requestsPerKeyADay: number(1, 1_000_000_000),
  repeatsPerOrganizationADay: number(1, 1_000_000_000),
  publishesPerKey: number(1, 1_000_000),
  subscriptionsPerOrganization: number(1, 1_000_000),
  jobsPerOrganization: number(1, 100),
  apiConcurrency: number(0, 10_000),
  oidcIssuer: issuer,
  oidcClientId: word(/^[\x21-\x7e]{0,256}$/, 'up to 256 visible ASCII characters'),
  oidcClaim: word(/^[\x21-\x7e]{1,256}$/, 'the name of a claim'),
  oidcScopes: staffScopes,
  frameAncestors: origins,
  encryption: oneOf(ENCRYPTIONS),
  egressZones: number(0, 3),
  domainName,
  certificateArn,
  basePath,
  webAclArn,
  edgeOnly: flag,
  edgeSecretNumber: number(1, 1_000_000),
  firewallRate: requests,
  permissionsBoundary,
  tags,
  allowHttp: flag,
  minify: flag,
  clinicV1Sunset: date,
  clinicV1StatusCodes: codes,
};

/** JSON Schema of an environment's file. */
export function settingsSchema(descriptions: ReadonlyMap<string, string>): Record<string, unknown> {
  const properties = Object.fromEntries(
    SETTING_NAMES.map((name) => [
      name,
      { description: descriptions.get(name), ...SETTING_TYPES[name].schema, default: DEFAULTS[name] },
    ]),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of a Posthorn',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...properties },
    additionalProperties: false,
  };
}

/** Names of all settings, in the order of lib/settings.ts. */
export const SETTING_NAMES = Object.keys(DEFAULTS) as (keyof Settings)[];

/** A setting that was given: its value, and the name under which it was given. */
export interface Given {
  value: unknown;
  called: string;
}

/** Settings that are valid one by one but make no sense together. */
function contradictions({ domainName, certificateArn, basePath, webAclArn }: Settings): string[] {
  if (basePath !== '' && (domainName === '' || webAclArn !== '')) {
    return [
      `basePath: expected domainName as well, and no webAclArn, because its distribution needs a name of its own; got domainName "${domainName}" and webAclArn "${webAclArn}"`,
    ];
  }
  if ((domainName === '') !== (certificateArn === '') && basePath === '') {
    return [
      `domainName and certificateArn: expected both or neither, got domainName "${domainName}" and certificateArn "${certificateArn}"`,
    ];
  }
  if (webAclArn === '' || certificateArn.includes(':acm:us-east-1:')) return [];
  return [
    `webAclArn: expected domainName and a certificateArn of us-east-1 as well, because CloudFront takes certificates from there; got certificateArn "${certificateArn}"`,
  ];
}

/**
 * All settings: each as given, otherwise its default.
 * @param given the value of a setting; undefined if it was not given.
 * @throws one error that names every setting that cannot be understood, what was expected and what came.
 */
export function settingsFrom(given: (name: keyof Settings) => Given | undefined): Settings {
  const wrong: string[] = [];
  const read = (name: keyof Settings): unknown => {
    const found = given(name);
    if (found === undefined) return DEFAULTS[name];
    const { read, expected } = SETTING_TYPES[name];
    const value = read(found.value);
    if (value !== undefined) return value;
    const got = typeof found.value === 'string' ? `"${found.value}"` : JSON.stringify(found.value);
    wrong.push(`${found.called}: expected ${expected}, got ${got}`);
    return DEFAULTS[name];
  };
  const settings = Object.fromEntries(SETTING_NAMES.map((name) => [name, read(name)])) as unknown as Settings;
  wrong.push(...contradictions(settings));
  if (wrong.length > 0) throw new Error(`Settings that cannot be understood:\n  ${wrong.join('\n  ')}`);
  return settings;
}
