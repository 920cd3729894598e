import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { takesNothing } from '../../lambdas/domain/endpoint/circuit.ts';
import { takeTurns } from '../../lambdas/domain/endpoint/turns.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { isIdle } from '../../lambdas/stores/dynamodb/endpoint-health/rows.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import type { RowCalls } from './healing-table.ts';
import { tally, withoutRelease, withoutTally } from './health-rows.ts';

type Row = EndpointHealth;

/** The table as the stores in one container see it: each call is a step of its own, and may fail. */
export interface HealthCalls extends RowCalls {
  step<T>(work: () => T): Promise<T>;
  readonly rows: ReadonlyMap<string, Row>;
  /** An organization's row: another's with the same id is none. */
  of(key: TargetKey): Row | undefined;
  /** Inside of a step. @returns it afterwards. */
  put(row: Row): Row;
  /** Inside of a step. */
  remove(subscription: string): boolean;
  letOut: EndpointHealthStore['letOut'];
  onThrottle(subscription: string): void;
}

/** What senders do, with the very conditions of lambdas/stores/dynamodb/endpoint-health/health.ts. */
export function senderHealth(table: HealthCalls): SenderDeps['health'] {
  return {
    letOut: table.letOut,
    takeTurns: async (key, { count, perSecond, before, passes = false }, nowMs) => {
      let known = before;
      for (;;) {
        const { turns, ...taken } = takeTurns(known, count, perSecond, nowMs);
        if (taken.granted === 0) return { ...taken, turns: known };
        const read = known;
        const newer = await table.step(() => {
          const row = table.rows.get(key.subscription) ?? { ...key, failures: 0 };
          const isShut = !passes && takesNothing(row.circuit);
          if (row.turns !== read || isShut) return { turns: row.turns, isShut };
          table.put({ ...row, turns });
          return undefined;
        });
        if (!newer) return { ...taken, turns };
        known = newer.turns;
        if (newer.isShut) return { granted: 0, waitMs: Infinity, turns: known };
      }
    },
    apply: async ({ organization, subscription }, change, nowMs) => {
      const after = await table.step(() => {
        const own = table.of({ organization, subscription });
        if (!own && table.rows.get(subscription)?.circuit !== undefined) return undefined;
        const row: Row = own ?? { subscription, organization, failures: 0 };
        const next = { ...row, failures: change.reset ? change.add : row.failures + change.add };
        if (change.add > 0) next.failing_since_ms = change.reset ? nowMs : (row.failing_since_ms ?? nowMs);
        else if (change.reset) delete next.failing_since_ms;
        if (change.slow_until_ms === null) delete next.slow_until_ms;
        else if (change.slow_until_ms !== undefined) next.slow_until_ms = change.slow_until_ms;
        tally(next, change, nowMs);
        if (change.circuit !== undefined && row.circuit === 'open') {
          Object.assign(next, { circuit: change.circuit, release_ms: nowMs });
          delete next.release_step;
          delete next.release_step_ms;
          delete next.renewed_ms;
        }
        return table.put(next);
      });
      if (!after || !isIdle(after)) return after;
      await table.deleteIdle(subscription);
      return undefined;
    },
    open: ({ organization, subscription }, by, nowMs) =>
      table
        .change(
          subscription,
          (row) =>
            row.organization === organization &&
            ('failures' in by
              ? row.failures >= by.failures && !['open', 'throttled', 'paused'].includes(row.circuit ?? 'closed')
              : row.tally_ms === by.tally_ms && row.circuit === undefined),
          (row) => ({ ...withoutTally(row), circuit: 'open', opened_ms: nowMs }),
        )
        .then((row) => row !== undefined),
    throttle: ({ organization, subscription }, untilMs, nowMs) =>
      table.step(() => {
        const stored = table.rows.get(subscription);
        const row: Row = stored ?? { subscription, organization, failures: 0 };
        const { circuit, throttled_until_ms: before = -Infinity, opened_ms = nowMs } = row;
        const isLonger = circuit === undefined || (circuit !== 'open' && circuit !== 'paused' && before < untilMs);
        if (row.organization !== organization || !isLonger) return undefined;
        const { renewed_ms: _, ...rest } = withoutRelease(withoutTally(row));
        table.put({ ...rest, circuit: 'throttled', throttled_until_ms: untilMs, opened_ms });
        table.onThrottle(subscription);
        return circuit ?? 'closed';
      }),
  };
}
