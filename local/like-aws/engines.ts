import type { DynamoDbOptions } from '../dynamodb/server.ts';
import type { SqsOptions } from '../sqs/server.ts';
import { delayer, seeded } from './latency.ts';
import type { LikeAws } from './numbers.ts';

// Each engine has random numbers of its own, so that calls to one do not change what another does.

/** What SQS has that the engine lacks. */
export function sqsLikeAws(numbers: LikeAws): Pick<SqsOptions, 'delay' | 'isSampled'> {
  const { seed, sqsMedianMs: medianMs, sqsTailMs: tailMs, shortPollPercent } = numbers;
  const chance = seeded(seed + 2);
  return {
    delay: delayer({ medianMs, tailMs }, seeded(seed + 1)),
    ...(shortPollPercent > 0 && { isSampled: () => chance() < shortPollPercent / 100 }),
  };
}

/** What DynamoDB has that the engine lacks. */
export function dynamoDbLikeAws(numbers: LikeAws): Pick<DynamoDbOptions, 'delay' | 'throughput'> {
  const {
    seed,
    dynamoDbMedianMs: medianMs,
    dynamoDbTailMs: tailMs,
    keyWrites,
    keyReads,
    tableWrites,
    tableReads,
  } = numbers;
  return {
    delay: delayer({ medianMs, tailMs }, seeded(seed + 3)),
    throughput: { keyWrites, keyReads, tableWrites, tableReads },
  };
}
