import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { SCHEDULED_TASKS, type RunStore, type ScheduledRun, type ScheduledTask } from '../runs.ts';

/** No replay's id: those begin with `rpl_`. */
const idOf = (task: ScheduledTask): string => `run_${task}`;

export function createRunStore(dynamoDb: DynamoDBDocumentClient, table: string): RunStore {
  return {
    async note(task, run) {
      await dynamoDb.send(new PutCommand({ TableName: table, Item: { id: idOf(task), ...run } }));
    },
    async load() {
      const rows = await Promise.all(
        SCHEDULED_TASKS.map(async (task) => {
          const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: { id: idOf(task) } }));
          if (!Item) return undefined;
          const { id: _, ...run } = Item;
          return [task, run as ScheduledRun] as const;
        }),
      );
      return new Map(rows.filter((row) => row !== undefined));
    },
  };
}
