/** A limit of AWS that an engine on one machine lacks, as a number. */
interface Definition {
  /** Unless it is set otherwise. */
  value: number;
  unit: string;
  /** What it does here. */
  says: string;
  /** Where AWS says so; or that AWS does not, and why it is this number. */
  source: string;
}

const DYNAMODB = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg';
const SQS = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

/** Every number of {@link LikeAws}, with its source. 0 switches off what it stands for. */
export const NUMBERS = {
  seed: { value: 1, unit: '', says: 'of all chance: latencies, cold starts, short polls', source: 'ours' },
  dynamoDbMedianMs: {
    value: 5,
    unit: 'ms',
    says: 'half of the calls of DynamoDB take longer',
    source: `"single-digit millisecond": ${DYNAMODB}/Introduction.html`,
  },
  dynamoDbTailMs: {
    value: 25,
    unit: 'ms',
    says: 'one call of DynamoDB in a hundred takes longer',
    source: 'ours: AWS names no percentile',
  },
  sqsMedianMs: {
    value: 15,
    unit: 'ms',
    says: 'half of the calls of SQS take longer',
    source: '"tens or low hundreds of milliseconds": https://aws.amazon.com/sqs/faqs/',
  },
  sqsTailMs: {
    value: 150,
    unit: 'ms',
    says: 'one call of SQS in a hundred takes longer',
    source: '"tens or low hundreds of milliseconds": https://aws.amazon.com/sqs/faqs/',
  },
  keyWrites: {
    value: 1000,
    unit: 'write units/s',
    says: 'of one partition key of a table or index; more is throttled',
    source: `${DYNAMODB}/bp-partition-key-design.html`,
  },
  keyReads: {
    value: 3000,
    unit: 'read units/s',
    says: 'of one partition key of a table or index; more is throttled',
    source: `${DYNAMODB}/bp-partition-key-design.html`,
  },
  tableWrites: {
    value: 4000,
    unit: 'write units/s',
    says: 'of a new table, and of each of its indexes; more is throttled',
    source: `${DYNAMODB}/on-demand-capacity-mode.html`,
  },
  tableReads: {
    value: 12_000,
    unit: 'read units/s',
    says: 'of a new table, and of each of its indexes; more is throttled',
    source: `${DYNAMODB}/on-demand-capacity-mode.html`,
  },
  shortPollPercent: {
    value: 75,
    unit: '%',
    says: 'of the messages of a queue are seen by a receive that does not wait',
    source: `"only a subset of its servers": ${SQS}/sqs-short-and-long-polling.html; AWS names no share`,
  },
  accountConcurrency: {
    value: 1000,
    unit: 'invocations',
    says: 'under way at a time, of all functions; more are throttled. New accounts begin with 10',
    source: `${LAMBDA}/gettingstarted-limits.html`,
  },
  unreservedConcurrency: {
    value: 100,
    unit: 'invocations',
    says: 'of the account must be left for functions without reserved concurrency, or Lambda refuses the others theirs',
    source: `${LAMBDA}/configuration-concurrency.html`,
  },
  vcpuMemoryMb: {
    value: 1769,
    unit: 'MB',
    says: 'of memory are a whole processor; a function has its share of one',
    source: `${LAMBDA}/configuration-memory.html`,
  },
  coldStartMedianMs: {
    value: 200,
    unit: 'ms',
    says: 'until a new environment is there, half of the times more; loading the code comes on top',
    source: `"under 100 ms to over 1 second": ${LAMBDA}/lambda-runtime-environment.html`,
  },
  coldStartTailMs: {
    value: 1000,
    unit: 'ms',
    says: 'one new environment in a hundred takes longer',
    source: `"under 100 ms to over 1 second": ${LAMBDA}/lambda-runtime-environment.html`,
  },
  freezes: {
    value: 1,
    unit: '1 or 0',
    says: 'an environment is stopped between two invocations: no timer runs, no socket is read',
    source: `"freezes the execution environment": ${LAMBDA}/lambda-runtime-environment.html`,
  },
} as const satisfies Record<string, Definition>;

/** What AWS has and engines on one machine lack, as numbers: a run with them shows what one without hides. */
export type LikeAws = Record<keyof typeof NUMBERS, number>;

/** All numbers as AWS has them. */
export const AWS = Object.fromEntries(Object.entries(NUMBERS).map(([name, { value }]) => [name, value])) as LikeAws;

/** All switched off: a proof of one number alone begins with this. */
export const NOTHING_OF_AWS = Object.fromEntries(
  Object.keys(NUMBERS).map((name) => [name, name === 'seed' ? 1 : 0]),
) as LikeAws;

/**
 * Reads numbers that are set otherwise.
 * @param text e.g. `accountConcurrency=10,keyWrites=500`; empty, or one of `1`, `yes`, `true`: all as AWS has them.
 * @throws on an unknown name, or a value that is not a whole number.
 */
export function readLikeAws(text: string): LikeAws {
  const numbers = { ...AWS };
  if (['', '1', 'yes', 'true'].includes(text)) return numbers;
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^(\w+)=(\d{1,9})$/.exec(part.trim()) ?? [];
    if (!Object.hasOwn(NUMBERS, name)) {
      const known = Object.keys(NUMBERS).join(', ');
      throw new Error(`Expected numbers like keyWrites=500, each one of ${known}; got "${part}".`);
    }
    numbers[name as keyof LikeAws] = Number(value);
  }
  return numbers;
}
