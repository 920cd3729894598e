// How a value of each kind is read, whichever setting it is of.

/** Reads a setting from a variable's text or from a value in a JSON file (a number, a list, an object). */
type Reader<T> = (given: unknown) => T | undefined;

/** How the value of a setting is written. */
export interface SettingType<T> {
  read: Reader<T>;
  /** The words for what is expected. */
  expected: string;
  /** The same as JSON Schema, for an editor that opens an environment's file. */
  schema: Record<string, unknown>;
}

/** A word or number, written in the same way in a variable and in a JSON file. */
export const scalar =
  <T>(read: (text: string) => T | undefined): Reader<T> =>
  (given) =>
    ['string', 'number', 'boolean'].includes(typeof given) ? read(String(given)) : undefined;

const wholeNumber = (least: number, most: number): Reader<number> =>
  scalar((text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
  });

export const number = (least: number, most: number, unit = ''): SettingType<number> => ({
  read: wholeNumber(least, most),
  expected: `a whole number ${unit === '' ? '' : `of ${unit} `}from ${least} to ${most}`,
  schema: { type: 'integer', minimum: least, maximum: most },
});

/** A word that matches `form`; it may be empty if `form` allows that. */
export const word = (
  form: RegExp,
  expected: string,
  valid: (text: string) => boolean = () => true,
): SettingType<string> => ({
  read: scalar((text) => (form.test(text) && valid(text) ? text : undefined)),
  expected,
  schema: { type: 'string', pattern: form.source },
});

export const oneOf = <T extends string>(words: readonly T[]): SettingType<T> => ({
  read: scalar((text) => words.find((one) => one === text)),
  expected: `one of: ${words.join(', ')}`,
  schema: { enum: words },
});

/** Numbers of seconds, separated by commas or in a list. */
export const secondsEach = (
  [fewest, most]: [number, number],
  [least, longest]: [number, number],
  howMany: string,
): SettingType<number[]> => ({
  read: (given) => {
    const parts: unknown[] = typeof given === 'string' ? given.split(',').map((part) => part.trim()) : listOf(given);
    const values = parts.map(wholeNumber(least, longest));
    const isRight = values.length >= fewest && values.length <= most;
    return isRight && values.every((value) => value !== undefined) ? values : undefined;
  },
  expected: `${howMany} whole numbers of seconds from ${least} to ${longest}, comma-separated or a list`,
  schema: {
    type: 'array',
    items: { type: 'integer', minimum: least, maximum: longest },
    minItems: fewest,
    maxItems: most,
  },
});

function listOf(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [];
}

export const flag: SettingType<boolean> = {
  read: scalar((text) =>
    new Map([
      ['true', true],
      ['false', false],
    ]).get(text),
  ),
  expected: 'true or false',
  schema: { type: 'boolean' },
};

/** The entries of an object, or of JSON text that is an object; undefined for anything else. */
export function entriesOf(given: unknown): [string, unknown][] | undefined {
  const value = typeof given === 'string' ? parsedJson(given) : given;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
