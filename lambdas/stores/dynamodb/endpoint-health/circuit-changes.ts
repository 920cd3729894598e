import { UpdateCommand } from '#aws-sdk/lib-dynamodb';
import type { DownBy } from '../../../domain/endpoint/circuit.ts';
import type { Circuit } from '../../../domain/endpoint/states.ts';
import type { TargetKey } from '../../delivery-targets.ts';
import { unlessConditionFails } from '../conditional.ts';
import { RELEASE, TAKES, TAKES_VALUES, TALLY } from './rows.ts';
import { forgetFormer, type HealthTable } from './table.ts';

// How a circuit changes, each a conditional write; what each does and returns is told in `EndpointHealthStore`.

export async function openCircuit(
  { rows }: HealthTable,
  { organization, subscription }: TargetKey,
  by: DownBy,
  nowMs: number,
): Promise<boolean> {
  const isRow = 'failures' in by;
  const opened = await rows.change(subscription, {
    update: `SET circuit = :open, opened_ms = :now REMOVE ${TALLY}`,
    condition: `organization = :organization AND ${
      isRow ? `failures >= :by AND ${TAKES}` : 'tally_ms = :by AND attribute_not_exists(circuit)'
    }`,
    values: {
      ':open': 'open',
      ':now': nowMs,
      ':by': isRow ? by.failures : by.tally_ms,
      ':organization': organization,
      ...(isRow && TAKES_VALUES),
    },
  });
  return opened !== undefined;
}

export async function throttleCircuit(
  { dynamoDb, table }: HealthTable,
  { organization, subscription }: TargetKey,
  untilMs: number,
  nowMs: number,
): Promise<Circuit | 'closed' | undefined> {
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
}

export async function pauseCircuit(
  { rows }: HealthTable,
  { organization, subscription }: TargetKey,
  nowMs: number,
): Promise<boolean> {
  const done = await rows.change(subscription, {
    // Not `notified_ms`: who was told that it is down is still to be told that it answers.
    update: `SET circuit = :paused, paused_ms = :now, organization = :organization, failures = if_not_exists(failures, :none) REMOVE opened_ms, throttled_until_ms, probed_ms, probe_event, deactivated_ms, ${TALLY}, ${RELEASE}`,
    condition:
      'attribute_not_exists(subscription) OR (organization = :organization AND (attribute_not_exists(circuit) OR circuit <> :paused))',
    values: { ':paused': 'paused', ':now': nowMs, ':none': 0, ':organization': organization },
  });
  return done !== undefined;
}

export function resumeCircuit(
  { rows }: HealthTable,
  { organization, subscription }: TargetKey,
  nowMs: number,
): Promise<number | undefined> {
  const what = {
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
  };
  return rows.begin(subscription, what, nowMs);
}

export async function letOutHeld(
  at: HealthTable,
  { organization, subscription }: TargetKey,
  nowMs: number,
): Promise<number | undefined> {
  const what = {
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
  };
  const run = await at.rows.begin(subscription, what, nowMs);
  if (run !== undefined || !(await forgetFormer(at, { organization, subscription }))) return run;
  return at.rows.begin(subscription, what, nowMs);
}
