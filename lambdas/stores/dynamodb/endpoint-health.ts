import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HealthChange } from '../../domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../domain/endpoint/health.ts';
import type { EndpointHealthStore } from '../endpoint-health.ts';
import { unlessConditionFails } from './conditional.ts';
import { loadHealth } from './load-health.ts';

/** The table `EndpointHealth` (subscription). */
export function createEndpointHealthStore(dynamoDb: DynamoDBDocumentClient, table: string): EndpointHealthStore {
  return {
    async apply({ organization, subscription }, change, nowMs) {
      const { Attributes } = await dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { subscription },
          ...updateFor(change, organization, nowMs),
          ReturnValues: 'ALL_NEW',
        }),
      );
      const after = Attributes as EndpointHealth;
      if (after.failures > 0 || after.circuit !== undefined || after.slow_until_ms !== undefined) return after;
      await unlessConditionFails(
        dynamoDb.send(
          new DeleteCommand({
            TableName: table,
            Key: { subscription },
            ConditionExpression:
              'failures = :none AND attribute_not_exists(circuit) AND attribute_not_exists(slow_until_ms)',
            ExpressionAttributeValues: { ':none': 0 },
          }),
        ),
      );
      return undefined;
    },

    async open({ subscription }, failures, nowMs) {
      const opened = await unlessConditionFails(
        dynamoDb.send(
          new UpdateCommand({
            TableName: table,
            Key: { subscription },
            UpdateExpression: 'SET circuit = :open, opened_ms = :now',
            ConditionExpression: 'failures >= :failures AND (attribute_not_exists(circuit) OR circuit <> :open)',
            ExpressionAttributeValues: { ':open': 'open', ':now': nowMs, ':failures': failures },
          }),
        ),
      );
      return opened !== undefined;
    },

    load: (subscriptions) => loadHealth(dynamoDb, table, subscriptions),

    async forget(subscription) {
      const gone = await unlessConditionFails(
        dynamoDb.send(
          new DeleteCommand({
            TableName: table,
            Key: { subscription },
            ConditionExpression: 'attribute_not_exists(circuit)',
          }),
        ),
      );
      return gone !== undefined;
    },
  };
}

function updateFor(change: HealthChange, organization: string, nowMs: number) {
  const values: Record<string, unknown> = { ':organization': organization, ':add': change.add };
  const set = ['organization = :organization'];
  const remove: string[] = [];
  if (change.reset) set.push('failures = :add');
  else {
    set.push('failures = if_not_exists(failures, :zero) + :add');
    values[':zero'] = 0;
  }
  if (change.add > 0) {
    set.push(`failing_since_ms = ${change.reset ? ':now' : 'if_not_exists(failing_since_ms, :now)'}`);
    values[':now'] = nowMs;
  } else if (change.reset) remove.push('failing_since_ms');
  if (change.slow_until_ms === null) remove.push('slow_until_ms');
  else if (change.slow_until_ms !== undefined) {
    set.push('slow_until_ms = :slow');
    values[':slow'] = change.slow_until_ms;
  }
  if (change.circuit !== undefined) {
    set.push('circuit = :circuit');
    values[':circuit'] = change.circuit;
    // The release has this time for its name and begins at its first step.
    set.push('release_ms = :now');
    values[':now'] = nowMs;
    remove.push('release_step', 'release_step_ms');
  }
  return {
    UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ExpressionAttributeValues: values,
  };
}
