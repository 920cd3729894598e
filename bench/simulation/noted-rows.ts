import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import type { NotedRowStore } from '../../lambdas/stores/subscription-notes.ts';

/** Notes on people's rows, with the condition of lambdas/stores/dynamodb/subscription-notes.ts: the row is as it was read. */
export function notedRows(
  call: <T>(effect: () => T) => Promise<T>,
  {
    subscriptions,
    onForgotten,
  }: { subscriptions: readonly SubscriptionRow[]; onForgotten: (row: SubscriptionRow) => void },
): Pick<NotedRowStore, 'read' | 'note'> {
  const find = (organization: unknown, id: unknown): SubscriptionRow | undefined =>
    subscriptions.find((row) => row.organization === organization && row.id === id);
  return {
    read: (organization, id) =>
      call(() => {
        const row = find(organization, id);
        return row && { row: { ...row } };
      }),
    note: ({ row: read }, notes) =>
      call(() => {
        const row = find(read.organization, read.id);
        if (!row || JSON.stringify(row) !== JSON.stringify(read)) return 'changed';
        if (notes.missed_since === null) onForgotten(row);
        for (const [name, value] of Object.entries(notes)) {
          if (value === null) delete row[name];
          else row[name] = value;
        }
        return 'done';
      }),
  };
}
