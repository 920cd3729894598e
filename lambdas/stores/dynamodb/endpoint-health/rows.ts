import { ConditionalCheckFailedException } from '#aws-sdk/client-dynamodb';
import { DeleteCommand, UpdateCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { TALLY_WORTH } from '../../../domain/endpoint/circuit.ts';
import { HEALING, isHealing } from '../../../domain/endpoint/healing.ts';
import type { EndpointHealth } from '../../../domain/endpoint/health.ts';
import { isTold, TOLD } from '../../../domain/endpoint/told.ts';
import { unlessConditionFails } from '../conditional.ts';

// How a row of the table `EndpointHealth` is changed, and when it says nothing any more and is deleted: an endpoint that
// does well has none.

/** Attributes of the tally of tries. */
export const TALLY = 'tally_ms, tally_tries, tally_failed';

/** Attributes of a release: whatever takes its place ends it with its name. */
export const RELEASE = 'release_ms, release_step, release_step_ms, renewed_ms';

/** A condition: none of these is in the row. */
export function allAbsent(names: readonly string[]): string {
  return names.map((name) => `attribute_not_exists(${name})`).join(' AND ');
}

/** A condition: the endpoint takes something, see `takesNothing`; and the values that it needs. */
export const TAKES = '(attribute_not_exists(circuit) OR NOT circuit IN (:open, :throttled, :paused))';
export const TAKES_VALUES = { ':open': 'open', ':throttled': 'throttled', ':paused': 'paused' } as const;

export function isIdle(health: EndpointHealth): boolean {
  const { failures, circuit, slow_until_ms, tally_failed = 0, turns } = health;
  const isWell = failures === 0 && circuit === undefined && slow_until_ms === undefined && turns === undefined;
  return isWell && tally_failed < TALLY_WORTH && !isHealing(health) && !isTold(health);
}

/** The same as a condition, with its values. */
const IDLE = [
  'failures = :none',
  allAbsent(['circuit', 'slow_until_ms', 'turns', ...HEALING, ...TOLD]),
  '(attribute_not_exists(tally_failed) OR tally_failed < :worth)',
].join(' AND ');
const IDLE_VALUES = { ':none': 0, ':worth': TALLY_WORTH } as const;

/** Deletes the row if it is idle. @param organization only this one's; undefined: whosever it is. */
export async function deleteIdle(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  subscription: string,
  organization?: string,
): Promise<void> {
  await unlessConditionFails(
    dynamoDb.send(
      new DeleteCommand({
        TableName: table,
        Key: { subscription },
        ConditionExpression: organization === undefined ? IDLE : `organization = :organization AND ${IDLE}`,
        ExpressionAttributeValues: {
          ...IDLE_VALUES,
          ...(organization !== undefined && { ':organization': organization }),
        },
      }),
    ),
  );
}

/** An update of one row, if its condition holds. */
export interface RowChange {
  update: string;
  condition: string;
  values: Record<string, unknown>;
}

export interface RowChanges {
  /** @returns the row after the change; undefined when its condition did not hold. */
  change(subscription: string, what: RowChange): Promise<EndpointHealth | undefined>;
  /**
   * The same for what begins a release, by the time that names it. A call whose answer was lost is made again by the SDK, and
   * its condition does not hold then, although it was this very change that was made: else nobody would ask for the first
   * step, and what is held would wait for minutes, until recovery finds the release stuck.
   * @returns its run; undefined when the condition did not hold.
   */
  begin(subscription: string, what: RowChange, run: number): Promise<number | undefined>;
  /**
   * The same for what takes something away: the row may be of no use afterwards, and is deleted then.
   * @returns false when its condition did not hold.
   */
  forget(subscription: string, what: RowChange): Promise<boolean>;
}

export function createRowChanges(dynamoDb: DynamoDBDocumentClient, table: string): RowChanges {
  const inputOf = (subscription: string, { update, condition, values }: RowChange) => ({
    TableName: table,
    Key: { subscription },
    UpdateExpression: update,
    ConditionExpression: condition,
    ExpressionAttributeValues: values,
  });
  const change: RowChanges['change'] = async (subscription, what) => {
    const written = dynamoDb.send(new UpdateCommand({ ...inputOf(subscription, what), ReturnValues: 'ALL_NEW' }));
    return (await unlessConditionFails(written))?.Attributes as EndpointHealth | undefined;
  };
  return {
    change,
    async begin(subscription, what, run) {
      try {
        const input = { ...inputOf(subscription, what), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
        await dynamoDb.send(new UpdateCommand(input));
        return run;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return error.Item?.release_ms?.N === String(run) ? run : undefined;
      }
    },
    async forget(subscription, what) {
      const after = await change(subscription, what);
      if (after && isIdle(after)) await deleteIdle(dynamoDb, table, subscription);
      return after !== undefined;
    },
  };
}
