import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { EndpointHealth } from '../../../domain/endpoint/health.ts';
import type { HealingStore } from '../../healing.ts';
import { createRowChanges } from './rows.ts';

/** What is known of exhausted deliveries until a replay takes them. */
const TRIES = 'heal_event, heal_ms, heal_until_ms, heal_tries, heal_tried';
/** As it was read: neither was an older event noted since, nor a later end, nor a try claimed. */
const AS_READ = 'heal_event = :event AND heal_until_ms = :until AND heal_ms = :due';

/** The table `EndpointHealth` (subscription), as far as it is about exhausted deliveries. */
export function createHealingStore(dynamoDb: DynamoDBDocumentClient, table: string): HealingStore {
  const { change, forget } = createRowChanges(dynamoDb, table);
  return {
    async note({ organization, subscription }, { event, dueMs, untilMs }) {
      const after = await change(subscription, {
        update:
          'SET organization = :organization, failures = if_not_exists(failures, :none), heal_until_ms = :until, heal_event = if_not_exists(heal_event, :event), heal_ms = if_not_exists(heal_ms, :due), heal_tries = if_not_exists(heal_tries, :none)',
        condition: 'attribute_not_exists(subscription) OR organization = :organization',
        values: { ':organization': organization, ':none': 0, ':until': untilMs, ':event': event, ':due': dueMs },
      });
      if (!after || after.heal_event! <= event) return;
      // Those of an older event may be exhausted later.
      await change(subscription, {
        update: 'SET heal_event = :event',
        condition: 'organization = :organization AND heal_event > :event',
        values: { ':organization': organization, ':event': event },
      });
    },

    async askReplay({ organization, subscription }, replay, before, nowMs) {
      const asked = await change(subscription, {
        update: `SET heal_replay = :replay, heal_from = heal_event, healed_ms = :now REMOVE ${TRIES}`,
        condition:
          'organization = :organization AND attribute_exists(heal_event) AND attribute_not_exists(heal_replay) AND (attribute_not_exists(healed_ms) OR healed_ms < :before)',
        values: { ':organization': organization, ':replay': replay, ':now': nowMs, ':before': before },
      });
      return asked !== undefined;
    },

    async claimTry(read, { event, tries, nextMs }) {
      const claimed = await change(read.subscription, {
        update: 'SET heal_ms = :next, heal_tries = :tries, heal_tried = :tried',
        condition: AS_READ,
        values: { ...asRead(read), ':next': nextMs, ':tries': tries, ':tried': event },
      });
      return claimed !== undefined;
    },

    async moveOn(read, toEvent) {
      await change(read.subscription, {
        update: 'SET heal_event = :to',
        condition: AS_READ,
        values: { ...asRead(read), ':to': toEvent },
      });
    },

    async begun(subscription, replay) {
      await forget(subscription, {
        update: 'REMOVE heal_replay, heal_from',
        condition: 'heal_replay = :replay',
        values: { ':replay': replay },
      });
    },

    end: (read) => forget(read.subscription, { update: `REMOVE ${TRIES}`, condition: AS_READ, values: asRead(read) }),

    async forgetReplay({ subscription, healed_ms }) {
      await forget(subscription, {
        update: 'REMOVE healed_ms',
        condition: 'healed_ms = :healed AND attribute_not_exists(heal_replay)',
        values: { ':healed': healed_ms },
      });
    },
  };
}

function asRead({ heal_event, heal_until_ms, heal_ms }: EndpointHealth): Record<string, unknown> {
  return { ':event': heal_event, ':until': heal_until_ms, ':due': heal_ms };
}
