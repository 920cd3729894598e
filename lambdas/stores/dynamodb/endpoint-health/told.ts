import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { ToldStore } from '../../told.ts';
import { createRowChanges } from './rows.ts';

/** The table `EndpointHealth` (subscription), as far as it is about what an organization was told. */
export function createToldStore(dynamoDb: DynamoDBDocumentClient, table: string): ToldStore {
  const { change, forget } = createRowChanges(dynamoDb, table);
  return {
    async countExhausted({ organization, subscription }, count, fromMs) {
      await change(subscription, {
        update:
          'SET organization = :organization, failures = if_not_exists(failures, :none), untold_exhausted = if_not_exists(untold_exhausted, :none) + :count, untold_from_ms = if_not_exists(untold_from_ms, :from)',
        condition: 'attribute_not_exists(subscription) OR organization = :organization',
        values: { ':organization': organization, ':none': 0, ':count': count, ':from': fromMs },
      });
    },

    async claim(read, name, telling) {
      const before = read[name]?.at_ms;
      const isCount = name === 'told_exhausted';
      const conditions = [
        'organization = :organization',
        before === undefined ? `attribute_not_exists(${name})` : `${name}.at_ms = :before`,
        ...(isCount ? ['untold_exhausted = :count'] : []),
      ];
      const done = await change(read.subscription, {
        update: `SET ${name} = :telling${isCount ? ' REMOVE untold_exhausted, untold_from_ms' : ''}`,
        condition: conditions.join(' AND '),
        values: {
          ':organization': read.organization,
          ':telling': telling,
          ...(before !== undefined && { ':before': before }),
          ...(isCount && { ':count': read.untold_exhausted }),
        },
      });
      return done !== undefined;
    },

    async queued(subscription, name, atMs) {
      await change(subscription, {
        update: `REMOVE ${name}.due`,
        condition: `${name}.at_ms = :at`,
        values: { ':at': atMs },
      });
    },

    async forget(read, name) {
      await forget(read.subscription, {
        update: `REMOVE ${name}`,
        condition: `${name}.at_ms = :at`,
        values: { ':at': read[name]?.at_ms },
      });
    },
  };
}
