import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { Logger, LogFields } from '../../domain/telemetry.ts';
import { createGraves, SURE, type Graves } from '../purges.ts';
import { createPurgeStore } from './purges.ts';

/** A list of purges may be this part of the time old for which a purge goes on looking. */
const FRESH = 0.1;

/**
 * What is purged, as each function asks it.
 * @param seconds for which a purge goes on looking.
 */
export function createGravesOf(
  dynamoDb: DynamoDBDocumentClient,
  { table, seconds }: { table: string; seconds: number },
  { logger, errorFields }: { logger: Pick<Logger, 'warn'>; errorFields: (error: unknown) => LogFields },
): Graves {
  return createGraves(createPurgeStore(dynamoDb, table), {
    freshMs: seconds * 1000 * FRESH,
    sureMs: seconds * 1000 * SURE,
    now: Date.now,
    logger,
    errorFields,
  });
}
