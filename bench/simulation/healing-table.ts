import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { isIdle } from '../../lambdas/stores/dynamodb/endpoint-health/rows.ts';
import type { HealingStore } from '../../lambdas/stores/healing.ts';

type Row = EndpointHealth;

/** What the table lets be done with a row in one step. */
export interface RowCalls {
  /** An update of one row, if its condition holds; without `orElse` not of a row that is not there. @returns it afterwards. */
  change(
    subscription: string,
    condition: (row: Row) => boolean,
    update: (row: Row) => Row,
    orElse?: Row,
  ): Promise<Row | undefined>;
  deleteIdle(subscription: string): Promise<void>;
}

/** With the very conditions of lambdas/stores/dynamodb/endpoint-health/healing.ts. */
export function healingStore({ change, deleteIdle }: RowCalls): HealingStore {
  const forget = async (
    subscription: string,
    condition: (row: Row) => boolean,
    update: (row: Row) => Row,
  ): Promise<boolean> => {
    const after = await change(subscription, condition, update);
    if (after && isIdle(after)) await deleteIdle(subscription);
    return after !== undefined;
  };
  return {
    async note({ organization, subscription }, { event, dueMs, untilMs }) {
      const isOwn = (row: Row): boolean => row.organization === organization;
      const after = await change(
        subscription,
        isOwn,
        (row) => ({
          ...row,
          heal_until_ms: untilMs,
          heal_event: row.heal_event ?? event,
          heal_ms: row.heal_ms ?? dueMs,
          heal_tries: row.heal_tries ?? 0,
        }),
        { subscription, organization, failures: 0 },
      );
      if (!after || after.heal_event! <= event) return;
      const isLater = (row: Row): boolean => isOwn(row) && row.heal_event !== undefined && row.heal_event > event;
      await change(subscription, isLater, (row) => ({ ...row, heal_event: event }));
    },
    async askReplay({ organization, subscription }, replay, before, nowMs) {
      const asked = await change(
        subscription,
        (row) =>
          row.organization === organization &&
          row.heal_event !== undefined &&
          row.heal_replay === undefined &&
          (row.healed_ms ?? -Infinity) < before,
        (row) => ({ ...withoutTries(row), heal_replay: replay, heal_from: row.heal_event!, healed_ms: nowMs }),
      );
      return asked !== undefined;
    },
    async claimTry(read, { event, tries, nextMs }) {
      const claimed = await change(read.subscription, isAsRead(read), (row) => ({
        ...row,
        heal_ms: nextMs,
        heal_tries: tries,
        heal_tried: event,
      }));
      return claimed !== undefined;
    },
    async moveOn(read, toEvent) {
      await change(read.subscription, isAsRead(read), (row) => ({ ...row, heal_event: toEvent }));
    },
    async begun(subscription, replay) {
      await forget(
        subscription,
        (row) => row.heal_replay === replay,
        ({ heal_replay: _, heal_from: __, ...row }) => row,
      );
    },
    end: (read) => forget(read.subscription, isAsRead(read), withoutTries),
    async forgetReplay({ subscription, healed_ms }) {
      await forget(
        subscription,
        (row) => row.healed_ms === healed_ms && row.heal_replay === undefined,
        ({ healed_ms: _, ...row }) => row,
      );
    },
  };
}

function isAsRead(read: Row): (row: Row) => boolean {
  return (row) =>
    row.heal_event === read.heal_event && row.heal_until_ms === read.heal_until_ms && row.heal_ms === read.heal_ms;
}

function withoutTries(row: Row): Row {
  const { heal_event: _, heal_ms: __, heal_until_ms: ___, heal_tries: ____, heal_tried: _____, ...rest } = row;
  return rest;
}
