import { Duration } from 'aws-cdk-lib';
import { ENV } from '../../lambdas/runtime/env.ts';
import { ChangeFeed, newRowsTogether } from '../constructs/change-feed.ts';
import { StageFunction } from '../constructs/function.ts';
import { grantGraves, type StageContext } from './stage.ts';

/** A full batch of 3,000 lines may touch 3,000 rows, 25 of them at a time. */
const TIMEOUT = Duration.seconds(120);
/** Beyond the window, in which lines wait on purpose: what is told is then no longer of the last two minutes. */
const LATE = Duration.minutes(5);

/** the delivery log → statistics → counts by hour */
export function addStatistics({ scope, tables, settings, operations, rollout }: StageContext): {
  statistics: StageFunction;
  lines: ChangeFeed;
} {
  const statistics = new StageFunction(scope, 'Statistics', {
    stage: 'statistics',
    minify: settings.minify,
    description: 'Counts the delivery log by hour, for each subscription, each organization and in total',
    timeout: TIMEOUT,
    memorySize: 512,
    operations,
    rollout,
  });
  const lines = new ChangeFeed(scope, 'LoggedAttempts', {
    name: 'logged-attempts',
    table: tables.attempts,
    consumer: statistics,
    deadLetterEnv: ENV.loggedAttemptsDeadLetterQueueUrl,
    delivery: newRowsTogether(settings.statisticsSeconds),
    describe: {
      givenUp: 'Lines of the delivery log were not counted for 23 hours and are missing in the statistics.',
      late: `Lines of the delivery log wait for more than ${LATE.toMinutes()} minutes to be counted; statistics are older than they say.`,
    },
    late: LATE,
    operations,
  });
  // Put, Query, Delete: lines that lie together until they are added to the counts.
  tables.statistics.grant(statistics, 'UpdateItem', 'PutItem', 'Query', 'DeleteItem');
  grantGraves(statistics, { tables, settings });
  return { statistics, lines };
}
