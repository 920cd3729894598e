import { QueryCommand, type DynamoDBDocumentClient, type QueryCommandInput } from '#aws-sdk/lib-dynamodb';

/**
 * Runs a query to its end and yields the items of each page, in the order of the query; a page may have none. The next page is
 * read only when the caller asks for it, so a caller that stops early pays for no more.
 */
export async function* queryPages(
  dynamoDb: DynamoDBDocumentClient,
  input: QueryCommandInput,
): AsyncGenerator<Record<string, unknown>[], void, undefined> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamoDb.send(new QueryCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }));
    yield page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}
