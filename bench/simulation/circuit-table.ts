import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { CircuitStore } from '../../lambdas/stores/circuits.ts';
import { isIdle } from '../../lambdas/stores/dynamodb/endpoint-health/rows.ts';
import { CIRCUIT_ATTRIBUTES, isReleased, mustBeSeen, withoutRelease, withoutTally } from './health-rows.ts';
import type { HealthCalls } from './sender-health.ts';

type Row = EndpointHealth;

/** What recovery does with circuits, with the very conditions of lambdas/stores/dynamodb/endpoint-health/circuits.ts. */
export function circuitStore(table: HealthCalls): CircuitStore {
  const { change } = table;
  return {
    all: () => all(table),
    get: (subscription) => table.step(() => copy(table.rows.get(subscription))),
    claimProbe: async (subscription, event, before, nowMs) => {
      const isDue = (row: Row): boolean => row.circuit === 'open' && (row.probed_ms ?? -Infinity) < before;
      const probed = { probed_ms: nowMs, probe_event: event };
      return (await change(subscription, isDue, (row) => ({ ...row, ...probed }))) !== undefined;
    },
    note: async (subscription, name, atMs) => {
      const noted = await change(
        subscription,
        (row) => row.circuit === 'open' || row.circuit === 'paused',
        (row) => ({ ...row, [name]: atMs }),
      );
      return noted !== undefined;
    },
    beginRelease: async (subscription, nowMs) => {
      const begun = await change(
        subscription,
        (row) => row.circuit !== undefined && row.circuit !== 'throttled' && row.circuit !== 'paused',
        (row) => ({ ...withoutRelease(row), circuit: 'releasing', release_ms: nowMs }),
      );
      return begun && nowMs;
    },
    endThrottle: async (subscription, untilMs, nowMs) => {
      const begun = await change(
        subscription,
        (row) => row.circuit === 'throttled' && row.throttled_until_ms === untilMs,
        ({ throttled_until_ms: _, ...row }) => ({
          ...withoutRelease(row),
          circuit: 'releasing',
          release_ms: nowMs,
          renewed_ms: nowMs,
        }),
      );
      return begun && nowMs;
    },
    claimStep: (subscription, run, step, nowMs, pace) =>
      change(
        subscription,
        (row) => isReleased(row, run) && (row.release_step ?? step) <= step,
        (row) => ({ ...row, release_step: step, release_step_ms: nowMs, ...(pace && { release_pace: pace }) }),
      ),
    reopen: async (subscription, run, nowMs, why) => {
      const isRun = (row: Row): boolean => row.release_ms === run;
      await change(subscription, isRun, ({ renewed_ms: _, ...row }) => ({
        ...withoutRelease(withoutTally(row)),
        circuit: 'open',
        opened_ms: nowMs,
        ...(why === 'inactive' && { deactivated_ms: nowMs }),
      }));
    },
    closing: async (subscription, run) => {
      const isRun = (row: Row): boolean => isReleased(row, run);
      return (await change(subscription, isRun, (row) => ({ ...row, circuit: 'closing' }))) !== undefined;
    },
    close: async (subscription, run) => {
      const row = await change(
        subscription,
        (one) => one.circuit === 'closing' && one.release_ms === run,
        (one) => {
          const next = { ...withoutRelease(withoutTally(one)) };
          for (const name of CIRCUIT_ATTRIBUTES) delete next[name];
          return next;
        },
      );
      if (row && isIdle(row)) await table.deleteIdle(subscription);
    },
    forget: (subscription, run, organization) =>
      table.step(() => {
        const row = table.rows.get(subscription);
        if (row?.circuit !== 'closing' || row.release_ms !== run || row.organization !== organization) return false;
        return table.remove(subscription);
      }),
  };
}

async function* all({ step, rows }: HealthCalls): AsyncGenerator<Row[]> {
  yield await step(() => [...rows.values()].filter((row) => mustBeSeen(row)).map((row) => ({ ...row })));
}

function copy(row: Row | undefined): Row | undefined {
  return row && { ...row };
}
