// What people type into the DynamoDB console, as plain values: blanks around text, numbers as text, one value inside a
// list or a string set, JSON as text. Nothing here throws; what cannot be understood comes back as undefined.

/** How an attribute's value is named in a problem: short, and never more than 40 characters of it. */
export function describe(value: unknown): string {
  if (value === undefined) return 'no such attribute';
  if (value === null) return 'NULL';
  if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : quote(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Set) return `a set of ${value.size}`;
  if (Array.isArray(value)) {
    const odd = (value as unknown[]).find((element) => typeof element !== 'string');
    return odd === undefined ? `a list of ${value.length}` : `a list with ${describe(odd)} in it`;
  }
  if (value instanceof Uint8Array) return 'binary data';
  return 'a map';
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** NULL, or text of nothing but blanks: what remains when a person clears a field instead of removing the attribute. */
export function isBlank(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** Text: a string without the blanks around it, a number or a boolean as written, or the only element of a list or set. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  const elements = asElements(value);
  const only = elements?.length === 1 ? elements[0] : undefined;
  return only === undefined || asElements(only) ? undefined : asText(only);
}

const YES = new Set(['true', 'yes', 'on', '1']);
const NO = new Set(['false', 'no', 'off', '0']);

/** `true`, `TRUE`, `yes`, `on`, 1 and their opposites. */
export function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = asText(value)?.toLowerCase();
  if (text === undefined) return undefined;
  return YES.has(text) ? true : NO.has(text) ? false : undefined;
}

/** A decimal number of at most six digits before and after the point, also as text. */
export function asNumber(value: unknown): number | undefined {
  const text = asText(value);
  return text !== undefined && /^[+-]?\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

/** Text that is one word, as it is. */
const WORD = /^[\w.*-]+$/;

/**
 * Words: text split at commas, semicolons and blanks, also inside the elements of a list or set; a JSON list as text;
 * quotes around a word are taken off. Undefined when something else than text is among them.
 */
export function asWords(value: unknown): string[] | undefined {
  const elements = asElements(value) ?? [value];
  if (!elements.every((element) => typeof element === 'string')) return undefined;
  // Most lists were made by the API and hold a word each; fan-out reads thousands for one event.
  if (elements.every((element) => WORD.test(element))) return [...elements];
  return elements.flatMap((element) => {
    const list = parseJson(element, '[');
    return (Array.isArray(list) ? list.map(String) : [element])
      .flatMap((text) => text.split(/[\s,;]+/))
      .map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
      .filter((word) => word !== '');
  });
}

/** Names with text values: a map whose values are text, numbers or booleans; also as a JSON object in text. */
export function asTextMap(value: unknown): Record<string, string> | undefined {
  const map = typeof value === 'string' ? parseJson(value, '{') : value;
  if (typeof map !== 'object' || map === null || asElements(map) || map instanceof Uint8Array) return undefined;
  const entries = Object.entries(map).map(([name, text]) => [name.trim(), scalarText(text)] as const);
  // fromEntries makes own properties of every name, so a name such as __proto__ stays visible to the header check.
  return entries.every(([, text]) => text !== undefined)
    ? (Object.fromEntries(entries) as Record<string, string>)
    : undefined;
}

function scalarText(value: unknown): string | undefined {
  return asElements(value) ? undefined : asText(value);
}

function asElements(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  return value instanceof Set ? [...(value as Set<unknown>)] : undefined;
}

function parseJson(text: string, opening: '[' | '{'): unknown {
  if (!text.trimStart().startsWith(opening)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
