// What people type into the DynamoDB console, as plain values: blanks around text, numbers as text, one value inside a
// list or a string set, JSON as text. Nothing here throws; what cannot be understood comes back as undefined.

/** How an attribute's value is named in a problem: short, and never more than 40 characters of it. */
export function describe(value: unknown): string {
  if (value === undefined) return 'no such attribute';
  if (value === null) return 'NULL';
  const typed = dynamoDbJsonIn(value);
  if (typed !== undefined) return typed;
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

/** The types of DynamoDB's own JSON, and what stands in them. */
const DYNAMODB_TYPES: Readonly<Record<string, (content: unknown) => boolean>> = {
  S: isString,
  N: isString,
  B: isString,
  BOOL: (content) => typeof content === 'boolean',
  NULL: (content) => content === true,
  L: Array.isArray,
  M: (content) => typeof content === 'object' && content !== null && !Array.isArray(content),
  SS: Array.isArray,
  NS: Array.isArray,
  BS: Array.isArray,
};

/**
 * Says that a value is written as DynamoDB writes it, `{"S": "visit.*"}`, or holds such values, also as text: what
 * remains of a row copied from the console's JSON view, or from the command line, into a field. Shows the type only.
 * @returns undefined for any other value.
 */
export function dynamoDbJsonIn(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const parsed = parseJson(value, '{') ?? parseJson(value, '[');
    const found = parsed === undefined ? undefined : dynamoDbJsonIn(parsed);
    return found && `${found} as text`;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  const own = dynamoDbType(value);
  if (own !== undefined) return shown(own);
  const members = asElements(value) ?? Object.values(value);
  const inner = members.map(dynamoDbType).find((type) => type !== undefined);
  return inner && `${asElements(value) ? 'a list' : 'a map'} of ${shown(inner)}`;
}

function dynamoDbType(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [type, ...others] = Object.keys(value);
  if (type === undefined || others.length > 0 || !Object.hasOwn(DYNAMODB_TYPES, type)) return undefined;
  return DYNAMODB_TYPES[type]!((value as Record<string, unknown>)[type]) ? type : undefined;
}

function shown(type: string): string {
  return `DynamoDB JSON, {"${type}": …}, instead of the plain value`;
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

/** What spreadsheets, databases and programs write for a cell with nothing in it. */
const NOTHING = new Set(
  'null none nil nan undefined n/a #n/a <na> (null) <null> \\n [null] [none] [nan] [undefined] [] {} "" \'\' - -- #ref! #value! #name? #null! #div/0!'.split(
    ' ',
  ),
);
/** What people write for every one of them, which is `*` or no attribute at all. */
const EVERYTHING = new Set(['all', 'any', 'everything', '[all]', '["all"]']);

/** Whether a text is what exports write for an empty cell: it names nothing, and nobody may take it for a name. */
export function standsForNothing(text: string): boolean {
  return NOTHING.has(text.trim().toLowerCase());
}

/** Whether a text is a word for all there is. */
export function standsForEverything(text: string): boolean {
  return EVERYTHING.has(text.trim().toLowerCase());
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

/** Lists inside lists in JSON text; whatever lies deeper is not understood. */
const MAX_NESTED = 3;
/** Text that is one word, as it is. */
const WORD = /^[\w.*-]+$/;

/**
 * Words: text split at commas, semicolons and blanks, also inside the elements of a list or set; a JSON list as text;
 * quotes around a word are taken off. Undefined when something else than text is among them, or maps are in the JSON.
 */
export function asWords(value: unknown): string[] | undefined {
  const elements = asElements(value) ?? [value];
  if (!elements.every((element) => typeof element === 'string')) return undefined;
  // Most lists were made by the API and hold a word each; fan-out reads thousands for one event.
  if (elements.every((element) => WORD.test(element))) return [...elements];
  const parsed = elements.map((element) => parseJson(element, '[') ?? parseJson(element, '{') ?? element);
  if (parsed.flat(MAX_NESTED).some((one) => typeof one === 'object' && one !== null)) return undefined;
  return parsed.flatMap((list) =>
    [list]
      .flat()
      .map(String)
      .flatMap((text) => text.split(/[\s,;]+/))
      .map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
      .filter((word) => word !== ''),
  );
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

/** A map of JSON values, its sets as lists; also as a JSON object in text. Undefined for binary data in it. */
export function asJsonMap(value: unknown): Record<string, unknown> | undefined {
  const map = typeof value === 'string' ? parseJson(value, '{') : value;
  if (typeof map !== 'object' || map === null || asElements(map)) return undefined;
  return asJson(map) as Record<string, unknown> | undefined;
}

function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return undefined;
  const elements = asElements(value)?.map(asJson);
  if (elements) return elements.includes(undefined) ? undefined : elements;
  const entries = Object.entries(value).map(([name, one]) => [name, asJson(one)] as const);
  return entries.some(([, one]) => one === undefined) ? undefined : Object.fromEntries(entries);
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
