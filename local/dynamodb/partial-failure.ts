import type { Input } from './types.ts';

/**
 * Executes a batch call for every second item of each table only, and gives the others back as unprocessed, as DynamoDB
 * does when it is throttled. A call of one item is left undone; one that is no batch is executed whole.
 */
export async function executePart(input: Input, execute: (input: Input) => Promise<object>): Promise<object> {
  const asked = Object.entries((input['RequestItems'] ?? {}) as Record<string, unknown>);
  if (asked.length === 0) return execute(input);
  const half = (keep: (index: number) => boolean): Record<string, unknown> =>
    Object.fromEntries(
      asked.map(([table, wanted]) => [table, pick(wanted, keep)] as const).filter(([, part]) => part !== undefined),
    );
  const unprocessed = half((index) => index % 2 === 0);
  const rest = half((index) => index % 2 === 1);
  const reads = asked.some(([, wanted]) => !Array.isArray(wanted));
  const none = reads ? { Responses: {} } : {};
  const done = Object.keys(rest).length === 0 ? none : await execute({ ...input, RequestItems: rest });
  return { ...done, [reads ? 'UnprocessedKeys' : 'UnprocessedItems']: unprocessed };
}

/** Writes are a list; reads an object with a list of keys. @returns undefined when nothing is left. */
function pick(wanted: unknown, keep: (index: number) => boolean): unknown {
  const chosen = (items: unknown[]): unknown[] | undefined => {
    const kept = items.filter((_, index) => keep(index));
    return kept.length === 0 ? undefined : kept;
  };
  if (Array.isArray(wanted)) return chosen(wanted);
  const keys = chosen((wanted as { Keys: unknown[] }).Keys);
  return keys && { ...(wanted as object), Keys: keys };
}
