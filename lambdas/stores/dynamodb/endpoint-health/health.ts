import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HealthChange } from '../../../domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../../domain/endpoint/health.ts';
import type { Circuit } from '../../../domain/endpoint/states.ts';
import { TOLD } from '../../../domain/endpoint/told.ts';
import { takeTurns } from '../../../domain/endpoint/turns.ts';
import type { EndpointHealthStore } from '../../endpoint-health.ts';
import type { TargetKey } from '../../delivery-targets.ts';
import { targetName } from '../../delivery-targets.ts';
import { readEvery } from '../batch-get.ts';
import { updateFor } from './health-update.ts';
import { allAbsent, createRowChanges, deleteIdle, isIdle, RELEASE, TALLY } from './rows.ts';
import { unlessConditionFails } from '../conditional.ts';

/** Of senders that take turns of one endpoint at the same time, one fails at each try. */
const TURN_TRIES = 20;

/** The table `EndpointHealth` (subscription). */
export function createEndpointHealthStore(dynamoDb: DynamoDBDocumentClient, table: string): EndpointHealthStore {
  const rows = createRowChanges(dynamoDb, table);
  /** The id was another organization's once: what a late sender of that one left behind is nobody's. @returns whether it was. */
  const forgetFormer = async ({ organization, subscription }: TargetKey): Promise<boolean> => {
    const forgotten = await unlessConditionFails(
      dynamoDb.send(
        new DeleteCommand({
          TableName: table,
          Key: { subscription },
          ConditionExpression: 'organization <> :organization AND attribute_not_exists(circuit)',
          ExpressionAttributeValues: { ':organization': organization },
        }),
      ),
    );
    return forgotten !== undefined;
  };

  /** @returns undefined: the row is another organization's, of which something is still held. */
  const write = async (
    { organization, subscription }: TargetKey,
    change: HealthChange,
    nowMs: number,
  ): Promise<EndpointHealth | undefined> => {
    const Key = { subscription };
    const update = {
      TableName: table,
      Key,
      ...updateFor(change, organization, nowMs),
      ReturnValues: 'ALL_NEW',
    } as const;
    const written = await unlessConditionFails(dynamoDb.send(new UpdateCommand(update)));
    if (written) return written.Attributes as EndpointHealth;
    if (!(await forgetFormer({ organization, subscription }))) return undefined;
    const again = await unlessConditionFails(dynamoDb.send(new UpdateCommand(update)));
    return again?.Attributes as EndpointHealth | undefined;
  };

  /** @returns what is in the row now; `taken`: nobody has written meanwhile. */
  const writeTurns = async (
    key: TargetKey,
    before: string | undefined,
    turns: string,
  ): Promise<{ taken: boolean; known: string | undefined }> => {
    const { organization, subscription } = key;
    try {
      await dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { subscription },
          UpdateExpression:
            'SET turns = :turns, organization = :organization, failures = if_not_exists(failures, :none)',
          ConditionExpression: `(attribute_not_exists(subscription) OR organization = :organization) AND ${before === undefined ? 'attribute_not_exists(turns)' : 'turns = :before'}`,
          ExpressionAttributeValues: {
            ':turns': turns,
            ':organization': organization,
            ':none': 0,
            ...(before !== undefined && { ':before': before }),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { taken: true, known: turns };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const isOthers = error.Item !== undefined && error.Item.organization?.S !== organization;
      // One that still has something held there keeps its row: turns cannot be remembered, nor are there others.
      if (isOthers && !(await forgetFormer(key))) return { taken: true, known: undefined };
      return { taken: false, known: isOthers ? undefined : error.Item?.turns?.S };
    }
  };

  /** The same, which lets go what was held. @returns undefined when its circuit is not open. */
  const begin = async (
    { organization, subscription }: TargetKey,
    change: HealthChange,
    nowMs: number,
  ): Promise<EndpointHealth | undefined> => {
    const { UpdateExpression, ExpressionAttributeValues } = updateFor(change, organization, nowMs);
    return rows.change(subscription, {
      update: UpdateExpression,
      condition: 'organization = :organization AND circuit = :open',
      values: { ...ExpressionAttributeValues, ':open': 'open' },
    });
  };

  /** @param unless what else must not be in the row. @returns false when its circuit is not closed, or that is in it. */
  const deleteClosed = async ({ organization, subscription }: TargetKey, ...unless: string[]): Promise<boolean> => {
    const absent = allAbsent(['circuit', ...unless]);
    try {
      await dynamoDb.send(
        new DeleteCommand({
          TableName: table,
          Key: { subscription },
          ConditionExpression: `attribute_not_exists(subscription) OR (organization = :organization AND ${absent})`,
          ExpressionAttributeValues: { ':organization': organization },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Another organization's is none of ours to forget.
      return error.Item?.organization?.S !== organization;
    }
  };

  return {
    async apply(key, change, nowMs) {
      const { organization, subscription } = key;
      const { circuit: _, ...rest } = change;
      // Throttled, paused or released meanwhile: what was seen is added, and the circuit stays as it is.
      const begun = change.circuit === undefined ? undefined : await begin(key, change, nowMs);
      const after = begun ?? (await write(key, rest, nowMs));
      if (!after) return undefined;
      if (!isIdle(after)) return after;
      await deleteIdle(dynamoDb, table, subscription, organization);
      return undefined;
    },

    async open({ organization, subscription }, by, nowMs) {
      const isRow = 'failures' in by;
      const opened = await rows.change(subscription, {
        update: `SET circuit = :open, opened_ms = :now REMOVE ${TALLY}`,
        condition: `organization = :organization AND ${
          isRow
            ? 'failures >= :by AND (attribute_not_exists(circuit) OR NOT circuit IN (:open, :throttled, :paused))'
            : 'tally_ms = :by AND attribute_not_exists(circuit)'
        }`,
        values: {
          ':open': 'open',
          ':now': nowMs,
          ':by': isRow ? by.failures : by.tally_ms,
          ':organization': organization,
          ...(isRow && { ':throttled': 'throttled', ':paused': 'paused' }),
        },
      });
      return opened !== undefined;
    },

    async throttle({ organization, subscription }, untilMs, nowMs) {
      const done = await unlessConditionFails(
        dynamoDb.send(
          new UpdateCommand({
            TableName: table,
            Key: { subscription },
            // Whatever release was under way ends with its name: what it would go on with is held.
            UpdateExpression: `SET circuit = :throttled, throttled_until_ms = :until, organization = :organization, failures = if_not_exists(failures, :none), opened_ms = if_not_exists(opened_ms, :now) REMOVE ${TALLY}, ${RELEASE}`,
            ConditionExpression:
              'attribute_not_exists(subscription) OR (organization = :organization AND (attribute_not_exists(circuit) OR (NOT circuit IN (:open, :paused) AND (attribute_not_exists(throttled_until_ms) OR throttled_until_ms < :until))))',
            ExpressionAttributeValues: {
              ':throttled': 'throttled',
              ':open': 'open',
              ':paused': 'paused',
              ':until': untilMs,
              ':now': nowMs,
              ':none': 0,
              ':organization': organization,
            },
            ReturnValues: 'ALL_OLD',
          }),
        ),
      );
      if (!done) return undefined;
      return (done.Attributes?.circuit as Circuit | undefined) ?? 'closed';
    },

    async pause({ organization, subscription }, nowMs) {
      const done = await rows.change(subscription, {
        // Not `notified_ms`: who was told that it is down is still to be told that it answers.
        update: `SET circuit = :paused, paused_ms = :now, organization = :organization, failures = if_not_exists(failures, :none) REMOVE opened_ms, throttled_until_ms, probed_ms, probe_event, deactivated_ms, ${TALLY}, ${RELEASE}`,
        condition:
          'attribute_not_exists(subscription) OR (organization = :organization AND (attribute_not_exists(circuit) OR circuit <> :paused))',
        values: { ':paused': 'paused', ':now': nowMs, ':none': 0, ':organization': organization },
      });
      return done !== undefined;
    },

    async resume({ organization, subscription }, nowMs) {
      const done = await rows.change(subscription, {
        update:
          'SET circuit = :releasing, release_ms = :now, renewed_ms = :now, organization = :organization, failures = if_not_exists(failures, :none) REMOVE paused_ms, pause_notified_ms, release_step, release_step_ms',
        condition:
          'attribute_not_exists(subscription) OR (organization = :organization AND (attribute_not_exists(circuit) OR circuit IN (:paused, :closing)))',
        values: {
          ':releasing': 'releasing',
          ':paused': 'paused',
          ':closing': 'closing',
          ':now': nowMs,
          ':none': 0,
          ':organization': organization,
        },
      });
      return done && nowMs;
    },

    async letOut({ organization, subscription }, nowMs) {
      const change = (): Promise<EndpointHealth | undefined> =>
        rows.change(subscription, {
          // Not `renewed_ms`: of a release that has yet to hear from its endpoint this one is the continuation.
          update:
            'SET circuit = :releasing, release_ms = :now, organization = :organization, failures = if_not_exists(failures, :none) REMOVE release_step, release_step_ms',
          condition:
            'attribute_not_exists(subscription) OR (organization = :organization AND (attribute_not_exists(circuit) OR circuit = :closing))',
          values: {
            ':releasing': 'releasing',
            ':closing': 'closing',
            ':now': nowMs,
            ':none': 0,
            ':organization': organization,
          },
        });
      const done = (await change()) ?? ((await forgetFormer({ organization, subscription })) && (await change()));
      return done ? nowMs : undefined;
    },

    async takeTurns(key, { count, perSecond, before: read }, nowMs) {
      let before = read;
      for (let tries = 0; tries < TURN_TRIES; tries++) {
        const { granted, waitMs, turns } = takeTurns(before, count, perSecond, nowMs);
        if (granted === 0) return { granted, waitMs, turns: before };
        const { taken, known } = await writeTurns(key, before, turns);
        if (taken) return { granted, waitMs, turns: known };
        before = known;
      }
      throw new Error('Others take turns of this endpoint at the same time: none could be taken.');
    },

    async load(keys) {
      const names = new Set(keys.map(targetName));
      const read = await readEvery(dynamoDb, table, { keys: keys.map(({ subscription }) => ({ subscription })) });
      const found = new Map<string, EndpointHealth>();
      for (const health of read as unknown as EndpointHealth[]) {
        const name = targetName(health);
        if (names.has(name)) found.set(name, health);
      }
      return found;
    },

    async renew(key, nowMs) {
      const { organization, subscription } = key;
      // What was exhausted before is tried again soon: the change may be what was wrong.
      const heals = await rows.change(subscription, {
        update: 'SET heal_ms = :now',
        condition: 'organization = :organization AND attribute_exists(heal_event)',
        values: { ':organization': organization, ':now': nowMs },
      });
      // An automatic replay that was asked for has yet to begin, and somebody may have noted what it is for just now.
      // Who was told of its trouble is still to be told that it is over, and nobody of anything twice in an hour.
      if (!heals && (await deleteClosed(key, 'heal_event', 'heal_replay', ...TOLD))) return undefined;
      const update = async (isHeld: boolean, set: string, remove: string): Promise<boolean> => {
        const done = await rows.change(subscription, {
          update: `SET failures = :none${set} REMOVE failing_since_ms, slow_until_ms, release_pace, ${TALLY}${remove}`,
          condition: `organization = :organization AND ${isHeld ? '' : 'NOT '}circuit IN (:open, :throttled)`,
          values: {
            ':organization': organization,
            ':none': 0,
            ':open': 'open',
            ':throttled': 'throttled',
            ...(set !== '' && { ':releasing': 'releasing', ':now': nowMs }),
          },
        });
        return done !== undefined;
      };
      const begins = ', circuit = :releasing, release_ms = :now, renewed_ms = :now';
      // Not `notified_ms`: who was told that it is down is still to be told that it answers.
      const ended =
        ', opened_ms, throttled_until_ms, probed_ms, probe_event, deactivated_ms, release_step, release_step_ms';
      if (await update(true, begins, ended)) return nowMs;
      await update(false, '', '');
      return undefined;
    },

    forget: (key) => deleteClosed(key),
  };
}
