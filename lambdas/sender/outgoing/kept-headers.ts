/** Response headers that the delivery log shows: what helps to understand an answer, none that may hold a session. */
export const KEPT_HEADERS = [
  'content-type',
  'content-length',
  'content-encoding',
  'retry-after',
  'location',
  'server',
  'date',
  'via',
  'allow',
  'www-authenticate',
  'x-request-id',
] as const;

/** Longest value that is kept, characters. */
export const HEADER_LIMIT = 1024;

/** The kept ones among a response's headers; repeated ones joined by `, `, long ones cut. */
export function keptHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (value === undefined) continue;
    kept[name] = (typeof value === 'string' ? value : value.join(', ')).slice(0, HEADER_LIMIT);
  }
  return kept;
}
