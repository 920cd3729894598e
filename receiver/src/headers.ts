/** Headers as servers hand them over: a plain object (names in any case), or anything with `get`, such as `Headers`. */
export type HeaderSource =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header. @param name in small letters. @returns undefined when it is missing or came more than once. */
export function headerOf(headers: HeaderSource, name: string): string | undefined {
  if (hasGet(headers)) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).filter(([key, value]) => key.toLowerCase() === name && value !== undefined);
  const values = found.flatMap(([, value]) => value as string | readonly string[]);
  return values.length === 1 ? values[0] : undefined;
}

function hasGet(headers: HeaderSource): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === 'function';
}
