import type { DynamoDBRecord } from 'aws-lambda';
import { createDynamoDb } from '../aws/clients.ts';
import { fromAttributes } from '../aws/fast-path/attribute-json.ts';
import { OUTCOMES } from '../domain/delivery/attempt.ts';
import { ID_PATTERN, OWNER_PATTERN } from '../domain/event.ts';
import { ENV, readEnv } from '../runtime/env.ts';
import { createLogger, errorFields } from '../runtime/logger.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { stageHandler } from '../runtime/stage-handler.ts';
import { createGravesOf } from '../stores/dynamodb/graves.ts';
import { createCountedLineStore } from '../stores/dynamodb/counted-lines.ts';
import { createStatisticsStore } from '../stores/dynamodb/statistics.ts';
import { addHours } from './add-hours.ts';
import { countBatch } from './count-batch.ts';
import type { AddedLine, StatisticsDeps } from './ports.ts';

/**
 * What Lambda hands over, with the name of the shard: that comes only with a tumbling window, which is why there is one.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
interface WindowedBatch {
  /** None at the end of a window. */
  Records: DynamoDBRecord[];
  shardId?: string;
}

/** Without a state Lambda takes the invocation for a failed one. Nothing is kept in it: the rows know. */
const DONE = { state: {}, batchItemFailures: [] };

const STAGE = 'statistics';
const env = readEnv([ENV.statisticsTable, ENV.replaysTable, ENV.purgeSeconds]);
const logger = createLogger(STAGE);
const metrics = createMetrics(STAGE);
const dynamoDb = createDynamoDb();
const lines = createCountedLineStore(dynamoDb, env[ENV.statisticsTable]);
const statistics = createStatisticsStore(dynamoDb, env[ENV.statisticsTable], lines);
const graves = createGravesOf(
  dynamoDb,
  { table: env[ENV.replaysTable], seconds: Number(env[ENV.purgeSeconds]) },
  { logger, errorFields },
);

const deps: StatisticsDeps = { statistics, lines, graves, logger, metrics, errorFields, now: Date.now };

/** Behind the stream of the table Attempts. */
export const handler = stageHandler({ logger, metrics }, async ({ Records, shardId }: WindowedBatch) => {
  const added = Records.map(readLine).filter((line) => line !== undefined);
  if (added.length > 0) await countBatch(added, shardId, deps);
  await addHours(deps);
  return DONE;
});

/** A line that cannot be read stays so: it is told and left out, for trying again would hold up the others of its shard. */
function readLine({ dynamodb }: DynamoDBRecord): AddedLine | undefined {
  try {
    const { NewImage, SequenceNumber } = dynamodb!;
    const line = fromAttributes(NewImage!) as unknown as AddedLine & { event_attempt: string };
    const event_id = line.event_attempt.slice(0, line.event_attempt.indexOf('#'));
    if (!OWNER_PATTERN.test(line.organization) || !ID_PATTERN.test(line.subscription)) throw new TypeError('owner');
    if (!OUTCOMES.includes(line.outcome) || !Number.isFinite(line.attempted_ms)) throw new TypeError('line');
    return { ...line, event_id, sequence: SequenceNumber! };
  } catch (error) {
    metrics.count('LinesUnreadable', 1);
    logger.error('line of the delivery log could not be counted', { decision: 'left out', ...errorFields(error) });
    return undefined;
  }
}
