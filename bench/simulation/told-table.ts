import { isIdle } from '../../lambdas/stores/dynamodb/endpoint-health/rows.ts';
import type { ToldStore } from '../../lambdas/stores/told.ts';
import type { RowCalls } from './healing-table.ts';

interface Rows extends RowCalls {
  /** Hears of each telling that was claimed. */
  onClaim: (subscription: string, telling: { at_ms: number; state?: string }) => void;
}

/** What was told, with the very conditions of lambdas/stores/dynamodb/endpoint-health/told.ts. */
export function toldStore({ change, deleteIdle, onClaim }: Rows): ToldStore {
  return {
    async countExhausted({ organization, subscription }, count, fromMs) {
      await change(
        subscription,
        (row) => row.organization === organization,
        (row) => ({
          ...row,
          untold_exhausted: (row.untold_exhausted ?? 0) + count,
          untold_from_ms: row.untold_from_ms ?? fromMs,
        }),
        { subscription, organization, failures: 0 },
      );
    },

    async claim(read, name, telling) {
      const isCount = name === 'told_exhausted';
      const claimed = await change(
        read.subscription,
        (row) =>
          row.organization === read.organization &&
          row[name]?.at_ms === read[name]?.at_ms &&
          (!isCount || row.untold_exhausted === read.untold_exhausted),
        (row) => {
          onClaim(read.subscription, telling);
          const { untold_exhausted, untold_from_ms, ...rest } = row;
          return { ...(isCount ? rest : row), [name]: telling };
        },
      );
      return claimed !== undefined;
    },

    async queued(subscription, name, atMs) {
      await change(
        subscription,
        (row) => row[name]?.at_ms === atMs,
        (row) => {
          const { due: _, ...telling } = row[name]!;
          return { ...row, [name]: telling };
        },
      );
    },

    async forget(read, name) {
      const after = await change(
        read.subscription,
        (row) => row[name]?.at_ms === read[name]?.at_ms,
        ({ [name]: _, ...row }) => row,
      );
      if (after && isIdle(after)) await deleteIdle(read.subscription);
    },
  };
}
