import { describe, expect, it } from 'vitest';
import { dynamoDbLikeAws, sqsLikeAws } from '../../like-aws/engines.ts';
import { delayer, latencies, seeded } from '../../like-aws/latency.ts';
import { AWS, NOTHING_OF_AWS } from '../../like-aws/numbers.ts';
import { aDynamoDb, aTable, key } from '../dynamodb/support.ts';
import { startTestSqs } from '../sqs/sqs.ts';

const DRAWS = 10_000;

describe('times of calls', () => {
  it('have the median and the tail that were asked for, and are the same for the same seed', () => {
    const times = (seed: number): number[] => {
      const draw = latencies({ medianMs: 5, tailMs: 25 }, seeded(seed));
      return Array.from({ length: DRAWS }, draw);
    };
    const all = times(7);
    const longerThan = (ms: number): number => all.filter((one) => one > ms).length / DRAWS;

    expect(longerThan(5)).toBeCloseTo(0.5, 1);
    expect(longerThan(25)).toBeCloseTo(0.01, 2);
    expect(times(7)).toEqual(all);
    expect(times(8)).not.toEqual(all);
  });

  it('are nothing where the median is 0', () => {
    expect(latencies({ medianMs: 0, tailMs: 25 }, seeded(1))()).toBe(0);
    expect(delayer({ medianMs: 0, tailMs: 25 }, seeded(1))).toBeUndefined();
    expect(dynamoDbLikeAws(NOTHING_OF_AWS).delay).toBeUndefined();
    expect(sqsLikeAws(NOTHING_OF_AWS)).toEqual({});
  });

  it('are waited for, each', async () => {
    const waited: number[] = [];
    const delay = delayer({ medianMs: 5, tailMs: 25 }, seeded(7), async (ms) => void waited.push(ms));

    await delay!();
    await delay!();

    const draw = latencies({ medianMs: 5, tailMs: 25 }, seeded(7));
    expect(waited).toEqual([draw(), draw()]);
  });
});

describe('an engine whose calls take time', () => {
  it('lets every call of DynamoDB wait', async () => {
    let waits = 0;
    const { client, server } = await aDynamoDb({ delay: async () => void (waits += 1) });
    const TableName = await aTable(client);

    await client.putItem({ TableName, Item: key('a') });
    await client.getItem({ TableName, Key: key('a') });

    expect(waits).toBe([...server.calls.values()].reduce((sum, one) => sum + one, 0));
    expect(dynamoDbLikeAws(AWS).delay).toBeTypeOf('function');
  });

  it('lets every call of SQS wait', async () => {
    let waits = 0;
    const { queue, send, receive, server } = await startTestSqs({ delay: async () => void (waits += 1) });
    const url = await queue();

    await send(url, 'a');
    await receive(url);

    expect(waits).toBe([...server.calls.values()].reduce((sum, one) => sum + one, 0));
    expect(sqsLikeAws(AWS).delay).toBeTypeOf('function');
  });
});

describe('a receive that does not wait', () => {
  it('comes upon a share of the messages, one that waits upon all of them', async () => {
    const { isSampled } = sqsLikeAws({ ...NOTHING_OF_AWS, shortPollPercent: 75 });
    const { queue, sendMany, receive } = await startTestSqs({ isSampled });
    const url = await queue();
    for (let i = 0; i < 40; i++)
      await sendMany(
        url,
        Array.from({ length: 10 }, (_, n) => ({ MessageBody: `${n}` })),
      );

    let short = 0;
    for (let i = 0; i < 20; i++) short += (await receive(url, { VisibilityTimeout: 0, MaxNumberOfMessages: 1 })).length;
    const many = await receive(url, { WaitTimeSeconds: 1 });

    // Each comes upon the first one of 400 that it sees: it passes over a quarter of them, and finds one.
    expect(short).toBe(20);
    expect(many).toHaveLength(10);
    const seen = Array.from({ length: DRAWS }, () => isSampled!()).filter(Boolean).length / DRAWS;
    expect(seen).toBeCloseTo(0.75, 1);
  });

  it('may come back empty although a message is there', async () => {
    const answers = [false, true];
    const { queue, send, receive } = await startTestSqs({ isSampled: () => answers.shift()! });
    const url = await queue();
    await send(url, 'a');

    expect([await receive(url), await receive(url)].map((one) => one.length)).toEqual([0, 1]);
  });
});
