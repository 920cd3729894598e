import type { AttributeValue, Item } from './types.ts';
import { validationError } from './errors.ts';

/** AWS's largest item, in bytes. */
export const MAX_ITEM_BYTES = 400 * 1024;
/** AWS's deepest nesting of lists and maps. */
const MAX_DEPTH = 32;

/**
 * Size of an item in bytes as AWS counts it: UTF-8 lengths of names and values, numbers about half a byte a digit,
 * 3 bytes per list or map and 1 per element (developer guide, "DynamoDB item sizes and formats").
 * @throws ValidationException when lists and maps are nested deeper than 32 levels.
 */
export function itemBytes(item: Item, depth = 0): number {
  let bytes = 0;
  for (const name in item) bytes += Buffer.byteLength(name) + valueBytes(item[name] as AttributeValue, depth);
  return bytes;
}

function valueBytes(value: AttributeValue, depth: number): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.SS) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (value.NS) return value.NS.reduce((sum, number) => sum + numberBytes(number), 0);
  if (value.BS) return value.BS.reduce((sum, bytes) => sum + Buffer.byteLength(bytes, 'base64'), 0);
  if (!value.L && !value.M) return 1;
  if (depth >= MAX_DEPTH) throw validationError('Nesting Levels have exceeded supported limits');
  if (value.L) return value.L.reduce((sum, element) => sum + 1 + valueBytes(element, depth + 1), 3);
  const map = value.M ?? {};
  return 3 + Object.keys(map).length + itemBytes(map, depth + 1);
}

function numberBytes(number: string): number {
  return Math.ceil(number.replace(/^-?0*\.?0*|\D/g, '').length / 2) + 1;
}

/** Write units of a piece of that many bytes: one per started KB. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** Read units of that many bytes: one per started 4 KB, half of it when eventually consistent. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/** Whether two items are the same to DynamoDB: attribute order and the order inside sets do not count. */
export function sameItem(one: Item | undefined, other: Item | undefined): boolean {
  return one === other || (!!one && !!other && canonical(one) === canonical(other));
}

function canonical(item: Item): string {
  return JSON.stringify(item, (name, value: unknown) => {
    if ((name === 'SS' || name === 'NS' || name === 'BS') && Array.isArray(value))
      return (value as string[]).toSorted();
    if (!value || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
