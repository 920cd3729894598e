import { DeleteCommand, GetCommand, ScanCommand } from '#aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { HEALING } from '../../../domain/endpoint/healing.ts';
import type { EndpointHealth } from '../../../domain/endpoint/health.ts';
import { FAILING, TOLD } from '../../../domain/endpoint/told.ts';
import type { CircuitStore } from '../../circuits.ts';
import { createRowChanges, RELEASE, TALLY } from './rows.ts';
import { unlessConditionFails } from '../conditional.ts';

/** Rows that recovery has something to do with. */
const LOOKED_AT = [
  ...['circuit', ...HEALING, ...TOLD].map((name) => `attribute_exists(${name})`),
  'failures >= :failing',
].join(' OR ');

/** The circuits in the table `EndpointHealth` (subscription). Only endpoints in trouble have a row, so it is scanned. */
export function createCircuitStore(dynamoDb: DynamoDBDocumentClient, table: string): CircuitStore {
  const { change, begin, forget } = createRowChanges(dynamoDb, table);
  return {
    async *all() {
      let start: Record<string, unknown> | undefined;
      do {
        const page = await dynamoDb.send(
          new ScanCommand({
            TableName: table,
            FilterExpression: LOOKED_AT,
            ExpressionAttributeValues: { ':failing': FAILING.failures },
            ConsistentRead: true,
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        yield (page.Items ?? []) as EndpointHealth[];
        start = page.LastEvaluatedKey;
      } while (start);
    },

    async get(subscription) {
      const { Item } = await dynamoDb.send(
        new GetCommand({ TableName: table, Key: { subscription }, ConsistentRead: true }),
      );
      return Item as EndpointHealth | undefined;
    },

    async claimProbe(subscription, eventId, before, nowMs) {
      const claimed = await change(subscription, {
        update: 'SET probed_ms = :now, probe_event = :event',
        condition: 'circuit = :open AND (attribute_not_exists(probed_ms) OR probed_ms < :before)',
        values: { ':open': 'open', ':now': nowMs, ':event': eventId, ':before': before },
      });
      return claimed !== undefined;
    },

    async note(subscription, name, atMs) {
      const done = await change(subscription, {
        update: `SET ${name} = :at`,
        condition: 'circuit IN (:open, :paused)',
        values: { ':open': 'open', ':paused': 'paused', ':at': atMs },
      });
      return done !== undefined;
    },

    async beginRelease(subscription, nowMs) {
      const begun = await change(subscription, {
        update: 'SET circuit = :releasing, release_ms = :now REMOVE release_step, release_step_ms',
        condition: 'attribute_exists(circuit) AND NOT circuit IN (:throttled, :paused)',
        values: { ':releasing': 'releasing', ':throttled': 'throttled', ':paused': 'paused', ':now': nowMs },
      });
      return begun && nowMs;
    },

    endThrottle: (subscription, untilMs, nowMs) =>
      begin(
        subscription,
        {
          update:
            'SET circuit = :releasing, release_ms = :now, renewed_ms = :now REMOVE throttled_until_ms, release_step, release_step_ms',
          condition: 'circuit = :throttled AND throttled_until_ms = :until',
          values: { ':releasing': 'releasing', ':throttled': 'throttled', ':until': untilMs, ':now': nowMs },
        },
        nowMs,
      ),

    claimStep: (subscription, run, step, nowMs, pace) =>
      change(subscription, {
        update: `SET release_step = :step, release_step_ms = :now${pace ? ', release_pace = :pace' : ''}`,
        condition:
          'circuit IN (:releasing, :closing) AND release_ms = :run AND (attribute_not_exists(release_step) OR release_step <= :step)',
        values: {
          ':releasing': 'releasing',
          ':closing': 'closing',
          ':run': run,
          ':step': step,
          ':now': nowMs,
          ...(pace && { ':pace': pace }),
        },
      }),

    async reopen(subscription, run, nowMs, why) {
      const off = why === 'inactive' ? ', deactivated_ms = :now' : '';
      await change(subscription, {
        update: `SET circuit = :open, opened_ms = :now${off} REMOVE ${TALLY}, ${RELEASE}`,
        condition: 'release_ms = :run',
        values: { ':open': 'open', ':now': nowMs, ':run': run },
      });
    },

    async closing(subscription, run) {
      const done = await change(subscription, {
        update: 'SET circuit = :closing',
        condition: 'circuit IN (:releasing, :closing) AND release_ms = :run',
        values: { ':releasing': 'releasing', ':closing': 'closing', ':run': run },
      });
      return done !== undefined;
    },

    async close(subscription, run) {
      await forget(subscription, {
        update: `REMOVE circuit, opened_ms, probed_ms, probe_event, notified_ms, deactivated_ms, release_pace, ${TALLY}, ${RELEASE}`,
        condition: 'circuit = :closing AND release_ms = :run',
        values: { ':closing': 'closing', ':run': run },
      });
    },

    async forget(subscription, run, organization) {
      const gone = await unlessConditionFails(
        dynamoDb.send(
          new DeleteCommand({
            TableName: table,
            Key: { subscription },
            ConditionExpression: 'circuit = :closing AND release_ms = :run AND organization = :organization',
            ExpressionAttributeValues: { ':closing': 'closing', ':run': run, ':organization': organization },
          }),
        ),
      );
      return gone !== undefined;
    },
  };
}
