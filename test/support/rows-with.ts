import { inflateRawSync } from 'node:zlib';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { tableDefinitions } from '../../lib/tables.ts';
import type { Posthorn } from './posthorn.ts';

/** How many rows of each table hold a text, also in what is compressed. */
export async function rowsWith({ dynamoDb }: Posthorn, text: string): Promise<Record<string, number>> {
  const { TableNames = [] } = await dynamoDb.send(new ListTablesCommand({}));
  const counts: Record<string, number> = {};
  for (const [, { id }] of tableDefinitions()) {
    const TableName = TableNames.find((name) => name.includes(id))!;
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    counts[id] = 0;
    do {
      const page = await dynamoDb.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }));
      counts[id] += (page.Items ?? []).filter((row) => readable(row).includes(text)).length;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
  return counts;
}

/** A row as text; what is compressed in it is looked into. */
function readable(row: Record<string, unknown>): string {
  return JSON.stringify(row, (_name, value: unknown) =>
    value instanceof Uint8Array ? inflateRawSync(value).toString() : value,
  );
}
