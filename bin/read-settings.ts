import { DEFAULTS, type Settings } from '../lib/settings.ts';

/** `retryDelays` → `POSTHORN_RETRY_DELAYS`. */
export function environmentName(setting: string): string {
  return `POSTHORN_${setting.replace(/([A-Z])/g, '_$1').toUpperCase()}`;
}

/** Makes a setting of a variable's text, or of what stands in a JSON file: a number, a list, an object. */
type Reader<T> = (given: unknown) => T | undefined;

/** What is written as one word or number, here and there alike. */
const scalar =
  <T>(read: (text: string) => T | undefined): Reader<T> =>
  (given) =>
    ['string', 'number', 'boolean'].includes(typeof given) ? read(String(given)) : undefined;

const wholeNumber = (least: number, most: number): Reader<number> =>
  scalar((text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
  });

const delays: Reader<number[]> = (given) => {
  const parts: unknown[] = typeof given === 'string' ? given.split(',').map((part) => part.trim()) : listOf(given);
  const values = parts.map(wholeNumber(0, 900));
  return values.length === 3 && values.every((value) => value !== undefined) ? values : undefined;
};

function listOf(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [];
}

const flag = scalar((text) =>
  new Map([
    ['true', true],
    ['false', false],
  ]).get(text),
);

const date = scalar((text) =>
  text === '' || (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) ? text : undefined,
);

const mail = scalar((text) => (text === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? text : undefined));

const codes: Reader<Record<string, string>> = (given) => {
  const value = typeof given === 'string' ? parsedJson(given) : given;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const table = Object.entries(value).map(([status, code]) => [status, String(code)] as const);
  return table.every(([, code]) => /^\d+$/.test(code)) ? Object.fromEntries(table) : undefined;
};

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const LOG_RETENTION_STEPS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653];

/** How each setting is written, and the words for what is expected. */
const READERS: { [K in keyof Settings]: [Reader<Settings[K]>, string] } = {
  retryDelays: [delays, 'three whole numbers of seconds from 0 to 900, comma-separated or a list'],
  circuitFailures: [wholeNumber(1, 10_000), 'a whole number from 1 to 10000'],
  circuitSeconds: [wholeNumber(0, 86_400), 'a whole number of seconds from 0 to 86400'],
  probeSeconds: [wholeNumber(1, 3600), 'a whole number of seconds from 1 to 3600'],
  downDays: [wholeNumber(1, 30), 'a whole number of days from 1 to 30'],
  reconcileSeconds: [wholeNumber(1, 86_400), 'a whole number of seconds from 1 to 86400'],
  stuckSeconds: [wholeNumber(1, 86_400), 'a whole number of seconds from 1 to 86400'],
  eventRetentionDays: [wholeNumber(1, 3650), 'a whole number of days from 1 to 3650'],
  attemptRetentionDays: [wholeNumber(1, 3650), 'a whole number of days from 1 to 3650'],
  auditRetentionDays: [wholeNumber(1, 36_500), 'a whole number of days from 1 to 36500'],
  logRetentionDays: [
    scalar((text) => LOG_RETENTION_STEPS.find((days) => String(days) === text)),
    `one of CloudWatch's steps: ${LOG_RETENTION_STEPS.join(', ')}`,
  ],
  fanOutConcurrency: [wholeNumber(2, 1000), 'a whole number from 2 to 1000'],
  senderConcurrency: [wholeNumber(2, 1000), 'a whole number from 2 to 1000'],
  slowSenderConcurrency: [wholeNumber(2, 1000), 'a whole number from 2 to 1000'],
  senderBatchSize: [wholeNumber(1, 100), 'a whole number from 1 to 100'],
  alarmEmail: [mail, 'an e-mail address, or nothing'],
  throttleRate: [wholeNumber(1, 1_000_000), 'a whole number from 1 to 1000000'],
  throttleBurst: [wholeNumber(1, 1_000_000), 'a whole number from 1 to 1000000'],
  requestsPerKey: [wholeNumber(1, 1_000_000), 'a whole number from 1 to 1000000'],
  publishesPerKey: [wholeNumber(1, 1_000_000), 'a whole number from 1 to 1000000'],
  subscriptionsPerOrganization: [wholeNumber(1, 1_000_000), 'a whole number from 1 to 1000000'],
  jobsPerOrganization: [wholeNumber(1, 100), 'a whole number from 1 to 100'],
  apiConcurrency: [wholeNumber(0, 10_000), 'a whole number from 0 to 10000'],
  allowHttp: [flag, 'true or false'],
  minify: [flag, 'true or false'],
  clinicV1Sunset: [date, 'a date YYYY-MM-DD, or nothing'],
  clinicV1StatusCodes: [codes, 'a JSON object of status words and codes made of digits'],
};

/**
 * Reads every setting from the CDK context (`-c retryDelays=1,1,1`, or `"retryDelays": [1, 1, 1]` in a file), else from the environment
 * (`POSTHORN_RETRY_DELAYS`), else its default.
 * @throws one error that names every setting that cannot be understood, what was expected and what came.
 */
export function readSettings(
  context: (name: string) => unknown,
  environment: Record<string, string | undefined>,
): Settings {
  const wrong: string[] = [];
  const read = <K extends keyof Settings>(name: K): Settings[K] => {
    const given = context(name) ?? environment[environmentName(name)];
    if (given === undefined) return DEFAULTS[name];
    const [reader, expected] = READERS[name];
    const value = reader(given);
    if (value === undefined) {
      const got = typeof given === 'string' ? `"${given}"` : JSON.stringify(given);
      wrong.push(`${environmentName(name)} (context ${name}): expected ${expected}, got ${got}`);
    }
    return value ?? DEFAULTS[name];
  };
  const names = Object.keys(DEFAULTS) as (keyof Settings)[];
  const settings = Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as Settings;
  if (wrong.length > 0) throw new Error(`Settings that cannot be understood:\n  ${wrong.join('\n  ')}`);
  return settings;
}
