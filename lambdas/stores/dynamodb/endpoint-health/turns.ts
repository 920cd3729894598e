import { ConditionalCheckFailedException } from '#aws-sdk/client-dynamodb';
import { UpdateCommand } from '#aws-sdk/lib-dynamodb';
import { takesNothing } from '../../../domain/endpoint/circuit.ts';
import type { Circuit } from '../../../domain/endpoint/states.ts';
import { takeTurns } from '../../../domain/endpoint/turns.ts';
import type { TargetKey } from '../../delivery-targets.ts';
import type { EndpointHealthStore, TurnsWanted } from '../../endpoint-health.ts';
import { TAKES, TAKES_VALUES } from './rows.ts';
import { forgetFormer, type HealthTable } from './table.ts';

/**
 * Of senders that take turns of one endpoint at the same time, one succeeds at each try. More tries would take longer than a
 * turn may be late (turns.ts of the domain), and it would be lost.
 */
const TURN_TRIES = 10;
/** Then whoever waits asks again, milliseconds later: a busy row is no failure, of nobody. */
const CROWDED_MS = 50;

/** Takes turns of an endpoint with a ceiling; see `EndpointHealthStore.takeTurns`. */
export async function claimTurns(
  at: HealthTable,
  key: TargetKey,
  { count, perSecond, before: read, passes = false }: TurnsWanted,
  nowMs: number,
): ReturnType<EndpointHealthStore['takeTurns']> {
  let before = read;
  for (let tries = 0; tries < TURN_TRIES; tries++) {
    const { granted, waitMs, turns } = takeTurns(before, count, perSecond, nowMs);
    if (granted === 0) return { granted, waitMs, turns: before };
    const { taken, known, isShut } = await writeTurns(at, key, { before, turns, passes });
    if (taken) return { granted, waitMs, turns: known };
    if (isShut) return { granted: 0, waitMs: Infinity, turns: known };
    before = known;
  }
  return { granted: 0, waitMs: CROWDED_MS, turns: before };
}

/**
 * That the endpoint takes something is asked once more: whoever waits for a turn may have read the row seconds ago.
 * @returns what is in the row now; `taken`: nobody has written meanwhile; `isShut`: the endpoint takes nothing.
 */
async function writeTurns(
  at: HealthTable,
  key: TargetKey,
  { before, turns, passes }: { before: string | undefined; turns: string; passes: boolean },
): Promise<{ taken: boolean; known: string | undefined; isShut?: boolean }> {
  const { organization, subscription } = key;
  try {
    await at.dynamoDb.send(
      new UpdateCommand({
        TableName: at.table,
        Key: { subscription },
        UpdateExpression: 'SET turns = :turns, organization = :organization, failures = if_not_exists(failures, :none)',
        ConditionExpression: `(attribute_not_exists(subscription) OR organization = :organization) AND ${before === undefined ? 'attribute_not_exists(turns)' : 'turns = :before'}${passes ? '' : ` AND ${TAKES}`}`,
        ExpressionAttributeValues: {
          ':turns': turns,
          ':organization': organization,
          ':none': 0,
          ...(before !== undefined && { ':before': before }),
          ...(!passes && TAKES_VALUES),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { taken: true, known: turns };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const isOthers = error.Item !== undefined && error.Item.organization?.S !== organization;
    // One that still has something held there keeps its row: turns cannot be remembered, nor are there others.
    if (isOthers && !(await forgetFormer(at, key))) return { taken: true, known: undefined };
    if (isOthers) return { taken: false, known: undefined };
    const isShut = !passes && takesNothing(error.Item?.circuit?.S as Circuit | undefined);
    return { taken: false, known: error.Item?.turns?.S, isShut };
  }
}
