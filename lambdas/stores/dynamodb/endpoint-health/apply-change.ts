import { UpdateCommand } from '#aws-sdk/lib-dynamodb';
import type { HealthChange } from '../../../domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../../domain/endpoint/health.ts';
import type { TargetKey } from '../../delivery-targets.ts';
import { unlessConditionFails } from '../conditional.ts';
import { updateFor } from './health-update.ts';
import { deleteIdle, isIdle } from './rows.ts';
import { forgetFormer, type HealthTable } from './table.ts';

/** Adds what a batch saw; see `EndpointHealthStore.apply`. */
export async function applyChange(
  at: HealthTable,
  key: TargetKey,
  change: HealthChange,
  nowMs: number,
): Promise<EndpointHealth | undefined> {
  const { circuit: _, ...rest } = change;
  // Throttled, paused or released meanwhile: what was seen is added, and the circuit stays as it is.
  const begun = change.circuit === undefined ? undefined : await begin(at, key, change, nowMs);
  const after = begun ?? (await write(at, key, rest, nowMs));
  if (!after) return undefined;
  if (!isIdle(after)) return after;
  await deleteIdle(at.dynamoDb, at.table, key.subscription, key.organization);
  return undefined;
}

/** @returns undefined: the row is another organization's, of which something is still held. */
async function write(
  at: HealthTable,
  { organization, subscription }: TargetKey,
  change: HealthChange,
  nowMs: number,
): Promise<EndpointHealth | undefined> {
  const update = {
    TableName: at.table,
    Key: { subscription },
    ...updateFor(change, organization, nowMs),
    ReturnValues: 'ALL_NEW',
  } as const;
  const written = await unlessConditionFails(at.dynamoDb.send(new UpdateCommand(update)));
  if (written) return written.Attributes as EndpointHealth;
  if (!(await forgetFormer(at, { organization, subscription }))) return undefined;
  const again = await unlessConditionFails(at.dynamoDb.send(new UpdateCommand(update)));
  return again?.Attributes as EndpointHealth | undefined;
}

/** The same, which releases what was held. @returns undefined when its circuit is not open. */
async function begin(
  { rows }: HealthTable,
  { organization, subscription }: TargetKey,
  change: HealthChange,
  nowMs: number,
): Promise<EndpointHealth | undefined> {
  const { UpdateExpression, ExpressionAttributeValues } = updateFor(change, organization, nowMs);
  return rows.change(subscription, {
    update: UpdateExpression,
    condition: 'organization = :organization AND circuit = :open',
    values: { ...ExpressionAttributeValues, ':open': 'open' },
  });
}
