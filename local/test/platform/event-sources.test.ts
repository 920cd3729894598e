import { describe, expect, it } from 'vitest';
import { ManualClock, type Clock } from '../../clock.ts';
import { readBatchOutcome } from '../../event-sources/batch-response.ts';
import { compileFilter } from '../../event-sources/event-filter.ts';
import { parseSchedule } from '../../event-sources/schedule-expression.ts';
import { runSchedule } from '../../event-sources/schedules.ts';
import { toSqsRecord } from '../../event-sources/sqs-event.ts';
import { processBatch } from '../../event-sources/stream-batch.ts';
import { toStreamRecord } from '../../event-sources/stream-event.ts';
import type { StreamRecord } from '../../event-sources/stream-event.ts';
import { failure } from '../../lambda/result.ts';
import type { InvocationResult } from '../../lambda/result.ts';

const answer = (value: unknown): InvocationResult => ({ ok: true, payload: JSON.stringify(value) });
const failing = (...ids: string[]): InvocationResult =>
  answer({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('the outcome of a batch', () => {
  it.each<[string, InvocationResult, boolean, 'all' | string[]]>([
    ['an error', failure('Error', 'x'), true, 'all'],
    ['an error without partial batches', failure('Error', 'x'), false, 'all'],
    ['failures without partial batches', failing('1'), false, []],
    ['one failure', failing('1'), true, ['1']],
    ['no failure', failing(), true, []],
    ['null', answer(null), true, []],
    ['an empty object', answer({}), true, []],
    ['null failures', answer({ batchItemFailures: null }), true, []],
    ['an identifier that is not in the batch', failing('1', '9'), true, 'all'],
    ['an empty identifier', failing(''), true, 'all'],
    ['a null identifier', answer({ batchItemFailures: [{ itemIdentifier: null }] }), true, 'all'],
    ['another key name', answer({ batchItemFailures: [{ id: '1' }] }), true, 'all'],
    ['a string', answer('done'), true, 'all'],
  ])('after %s', (_, result, partial, expected) => {
    const outcome = readBatchOutcome(result, ['1', '2'], partial);

    expect(outcome === 'all' ? outcome : [...outcome]).toEqual(expected);
  });
});

describe('filters', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['a value', { a: { b: ['x', 'y'] } }, { a: { b: 'y' } }, true],
    ['another value', { a: ['x'] }, { a: 'y' }, false],
    ['a missing member', { a: ['x'] }, {}, false],
    ['absence', { a: [{ exists: false }] }, {}, true],
    ['presence', { a: [{ exists: true }] }, { a: null }, true],
    ['a prefix', { a: [{ prefix: 'vis' }] }, { a: 'visit' }, true],
    ['a suffix', { a: [{ suffix: 'vis' }] }, { a: 'visit' }, false],
    ['anything but', { a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, true],
    ['a number in a range', { a: [{ numeric: ['>', 1, '<=', 3] }] }, { a: 3 }, true],
    ['a number outside', { a: [{ numeric: ['>', 1, '<=', 3] }] }, { a: 1 }, false],
    ['one of a list', { a: ['x'] }, { a: ['w', 'x'] }, true],
    ['one of two patterns', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
  ])('on %s', (_, pattern, record, passes) => {
    expect(compileFilter([JSON.stringify(pattern)])(record)).toBe(passes);
  });

  it('refuse a rule that they do not know', () => {
    expect(() => compileFilter(['{"a":[{"cidr":"10.0.0.0/8"}]}'])).toThrow(/does not know the filter rule {"cidr"/);
  });
});

describe('schedules', () => {
  const at = (text: string): number => Date.parse(text);

  it.each([
    ['rate(2 seconds)', '2026-01-31T09:15:02.000Z'],
    ['rate(1 minute)', '2026-01-31T09:16:00.000Z'],
    ['rate(5 days)', '2026-02-05T09:15:00.000Z'],
    ['cron(0 12 * * ? *)', '2026-01-31T12:00:00.000Z'],
    ['cron(*/10 * * * ? *)', '2026-01-31T09:20:00.000Z'],
    ['cron(15,30 8-9 ? * 2-6 *)', '2026-02-02T08:15:00.000Z'],
    ['cron(0 0 29 2 ? *)', 'none'],
  ])('%s comes next at %s', (expression, expected) => {
    const next = parseSchedule(expression);
    const read = (): string => new Date(next(at('2026-01-31T09:15:00Z'))).toISOString();

    if (expected === 'none') expect(read).toThrow(/does not come true/);
    else expect(read()).toBe(expected);
  });

  it.each(['rate(0 minutes)', 'rate(1 fortnight)', 'cron(0 12 L * ? *)', 'at(2026-01-01T00:00:00)'])(
    'refuse %s',
    (expression) => {
      expect(() => parseSchedule(expression)).toThrow(/schedule/);
    },
  );

  it('leave out a time that comes while the last run is still going', async () => {
    const clock = new ManualClock();
    let end: () => void = () => undefined;
    const runs: number[] = [];
    const schedule = {
      arn: 'arn',
      source: 'aws.events',
      functionArn: 'f',
      input: undefined,
      next: parseSchedule('rate(1 minute)'),
    } as const;
    const stop = runSchedule(schedule, clock, (timeMs) => {
      runs.push(timeMs - clock.now());
      return new Promise<void>((resolve) => (end = resolve));
    });

    clock.advance(180_000);
    end();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(60_000);
    stop();
    clock.advance(60_000);

    expect(runs).toEqual([0, 0]);
  });

  it('runs once for all the times that a clock jumps over, and goes on from there', async () => {
    const clock = jumpingClock();
    const runs: number[] = [];
    const schedule = {
      arn: 'arn:aws:events:us-east-1:000000000000:rule/r',
      source: 'aws.events',
      functionArn: 'f',
      input: undefined,
      next: parseSchedule('rate(1 minute)'),
    } as const;
    const stop = runSchedule(schedule, clock, () => Promise.resolve(runs.push(clock.now())));

    await clock.jump(3_600_000);
    await clock.jump(60_000);
    stop();

    expect(runs).toEqual([3_600_000, 3_660_000]);
  });
});

/** A clock that stands until it is moved, over whatever lies between; each callback ends, with what it began, before the next one. */
function jumpingClock(): Clock & { jump(ms: number): Promise<void> } {
  let now = 0;
  let sleepers: { timeMs: number; callback: () => void }[] = [];
  return {
    now: () => now,
    at(timeMs, callback) {
      const sleeper = { timeMs, callback };
      sleepers.push(sleeper);
      return () => void (sleepers = sleepers.filter((one) => one !== sleeper));
    },
    async jump(ms) {
      now += ms;
      for (let due; (due = sleepers.find(({ timeMs }) => timeMs <= now)) !== undefined;) {
        const { callback } = due;
        sleepers = sleepers.filter((one) => one !== due);
        callback();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

const streamRecord = (n: number): StreamRecord =>
  toStreamRecord(
    {
      eventID: `e${n}`,
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: String(n), ApproximateCreationDateTime: new Date(n * 1000) },
    },
    'arn',
    'us-east-1',
  );

describe('a batch of stream records', () => {
  interface Setting {
    bisect?: boolean;
    partialBatches?: boolean;
    retryAttempts?: number;
    maxRecordAgeSeconds?: number;
  }
  /** Runs records 1 to 4 against a function that cannot stand some; tells what it was called with and what was given up. */
  async function run(setting: Setting, bad: number[]): Promise<{ calls: string[]; givenUp: string[] }> {
    const calls: string[] = [];
    const givenUp: string[] = [];
    const numbers = (records: StreamRecord[]): string => records.map((r) => r.dynamodb.SequenceNumber).join('');
    await processBatch([1, 2, 3, 4].map(streamRecord), {
      mapping: { bisect: false, partialBatches: false, retryAttempts: 1, maxRecordAgeSeconds: -1, ...setting },
      invoke: (Records) => {
        calls.push(numbers(Records));
        const failed = Records.find((r) => bad.includes(Number(r.dynamodb.SequenceNumber)));
        if (!failed) return Promise.resolve(answer({ batchItemFailures: [] }));
        return Promise.resolve(
          setting.partialBatches ? failing(failed.dynamodb.SequenceNumber) : failure('Error', 'x'),
        );
      },
      giveUp: (records, condition) => {
        givenUp.push(`${numbers(records)} ${condition}`);
        return Promise.resolve();
      },
      backOff: () => Promise.resolve(),
      now: () => 5000,
      stopped: () => false,
    });
    return { calls, givenUp };
  }

  it.each<[string, Setting, number[], string[], string[]]>([
    ['runs once when all is well', {}, [], ['1234'], []],
    [
      'is given up after its tries',
      { retryAttempts: 2 },
      [3],
      ['1234', '1234', '1234'],
      ['1234 RetryAttemptsExhausted'],
    ],
    [
      'goes on from the first failure',
      { partialBatches: true, retryAttempts: 1 },
      [3],
      ['1234', '34'],
      ['34 RetryAttemptsExhausted'],
    ],
    [
      'is halved until the bad record is alone',
      { bisect: true, retryAttempts: 0 },
      [3],
      ['1234', '12', '34', '3', '4'],
      ['3 RetryAttemptsExhausted'],
    ],
    ['leaves out what is too old', { maxRecordAgeSeconds: 3 }, [], ['234'], ['1 MaximumRecordAgeExceeded']],
  ])('%s', async (_, setting, bad, calls, givenUp) => {
    expect(await run(setting, bad)).toEqual({ calls, givenUp });
  });
});

it('an SQS record has the members that Lambda gives', () => {
  const message = {
    MessageId: 'm',
    ReceiptHandle: 'r',
    Body: 'b',
    MD5OfBody: 'd',
    Attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'g' },
    MessageAttributes: {
      reason: { StringValue: 'x', DataType: 'String' },
      raw: { BinaryValue: 'eQ==', DataType: 'Binary' },
    },
  };

  expect(toSqsRecord(message, 'arn', 'us-east-1')).toEqual({
    messageId: 'm',
    receiptHandle: 'r',
    body: 'b',
    attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'g' },
    messageAttributes: {
      reason: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' },
      raw: { binaryValue: 'eQ==', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
    },
    md5OfBody: 'd',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'us-east-1',
  });
});

it('a function is told times by its own clock, where the clock of the queues was moved', () => {
  const Attributes = {
    SentTimestamp: '1700000960000',
    ApproximateFirstReceiveTimestamp: '1700000961000',
    ApproximateReceiveCount: '1',
  };
  const message = { MessageId: 'm', ReceiptHandle: 'r', Body: 'b', MD5OfBody: 'd', Attributes };

  expect(toSqsRecord(message, 'arn', 'us-east-1', 960_000).attributes).toEqual({
    SentTimestamp: '1700000000000',
    ApproximateFirstReceiveTimestamp: '1700000001000',
    ApproximateReceiveCount: '1',
  });
});

it('a stream record has the members that Lambda gives, binary as base64', () => {
  const record = {
    eventID: 'e',
    eventName: 'REMOVE' as const,
    eventVersion: '1.1',
    userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
    dynamodb: {
      SequenceNumber: '7',
      ApproximateCreationDateTime: new Date(1_700_000_000_900),
      Keys: { id: { S: 'a' } },
      OldImage: { raw: { B: Buffer.from('y') } },
    },
  };

  expect(toStreamRecord(record, 'arn', 'us-east-1')).toEqual({
    eventID: 'e',
    eventName: 'REMOVE',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    dynamodb: {
      SequenceNumber: '7',
      ApproximateCreationDateTime: 1_700_000_000,
      Keys: { id: { S: 'a' } },
      OldImage: { raw: { B: 'eQ==' } },
    },
    eventSourceARN: 'arn',
  });
});
