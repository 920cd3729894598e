import { DeleteCommand, GetCommand, PutCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { CountedLinePurge } from '../counted-lines.ts';
import { unlessConditionFails } from './conditional.ts';
import { digitsOf, HOURS, type LinesPage } from './counted-lines-groups.ts';
import { decodeLines, encodeLines } from './counted-lines-item.ts';

/** A page is read again that somebody else has changed meanwhile: purges of several organizations may meet. */
const MOST_TRIES = 10;

/** What a purge needs of counted lines, in a file of its own: recovery, which purges, bundles nothing that writes or adds them. */
export function createCountedLinePurge(dynamoDb: DynamoDBDocumentClient, table: string): CountedLinePurge {
  return {
    mayHold: ({ organization: of, scope_hour }, organization) =>
      typeof of === 'string' &&
      of.startsWith(`${HOURS}#`) &&
      digitsOf(organization).startsWith(String(scope_hour).split('#')[0]!),

    async forget(key, organization) {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
        if (!Item) return 0;
        const page = Item as unknown as LinesPage;
        const lines = decodeLines(page.lines);
        const others = lines.filter((line) => line.organization !== organization);
        if (others.length === lines.length) return 0;
        // Another purge, or a batch that came again, may have written the page meanwhile.
        const unchanged = {
          TableName: table,
          ConditionExpression: '#lines = :were',
          ExpressionAttributeNames: { '#lines': 'lines' },
          ExpressionAttributeValues: { ':were': page.lines },
        };
        const written = await unlessConditionFails<unknown>(
          others.length === 0
            ? dynamoDb.send(new DeleteCommand({ Key: key, ...unchanged }))
            : dynamoDb.send(new PutCommand({ Item: { ...page, lines: encodeLines(others) }, ...unchanged })),
        );
        if (written) return lines.length - others.length;
      }
      throw new Error(`Expected a page of counted lines that stays as it was read, it changed ${MOST_TRIES} times.`);
    },
  };
}
