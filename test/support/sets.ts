/** An item in DynamoDB's JSON with its sets sorted, at any depth: DynamoDB promises no order in a set. */
export function inSetOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSetOrder);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [
      name,
      ['SS', 'NS', 'BS'].includes(name) && Array.isArray(content) ? content.toSorted(byText) : inSetOrder(content),
    ]),
  );
}

const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);
