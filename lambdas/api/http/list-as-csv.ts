import { z } from 'zod';
import { toCsv } from './csv.ts';
import type { ApiAnswer, Route } from './route.ts';

/** What a list is answered as, beside JSON. */
export const CSV_TYPE = 'text/csv';

/**
 * The columns of a list's CSV, which are the members of its schema in their order; undefined for a route that answers no list.
 * Members that the schema does not know have no column.
 */
export function csvColumns({ method, success }: Pick<Route, 'method' | 'success'>): string[] | undefined {
  if (method !== 'GET' || !(success.schema instanceof z.ZodObject)) return undefined;
  const { data, page } = success.schema.shape as Record<string, unknown>;
  // What a feed gives out is to be verified byte by byte and acknowledged by its page: no table.
  if (page !== undefined || !(data instanceof z.ZodArray) || !(data.element instanceof z.ZodObject)) return undefined;
  return Object.keys(data.element.shape);
}

/** Whether a caller wants CSV more than JSON (RFC 9110 §12.5.1). JSON it is for all who have no wish, or the same for both. */
export function prefersCsv(accept: string | undefined): boolean {
  const ranges = rangesOf(accept ?? '');
  const wish = ([exact, family]: [string, string]): number =>
    ranges.get(exact) ?? ranges.get(family) ?? ranges.get('*/*') ?? 0;
  return wish([CSV_TYPE, 'text/*']) > wish(['application/json', 'application/*']);
}

/** Media ranges with how much each is wanted, 0 to 1; what cannot be read is not wanted. */
function rangesOf(accept: string): Map<string, number> {
  return new Map(
    accept
      .toLowerCase()
      .split(',')
      .map((offer) => {
        const [range = '', ...parameters] = offer.split(';').map((part) => part.trim());
        const weight = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
        return [range, weight >= 0 && weight <= 1 ? weight : 0] as const;
      }),
  );
}

/** What was asked, as the caller wrote it. */
interface Asked {
  /** Without a slash at its end. */
  baseUrl: string;
  path: string;
  query: Record<string, string | undefined>;
}

/** A page of a list as CSV. The address of the next page is in `link` (RFC 8288), for there is no place for it in the body. */
export function csvAnswer(asked: Asked, columns: readonly string[], { status, body }: ApiAnswer) {
  const { data, next_cursor } = body as { data: object[]; next_cursor?: string | null };
  return {
    statusCode: status,
    headers: {
      'content-type': `${CSV_TYPE}; charset=utf-8`,
      'content-disposition': `attachment; filename="${asked.path.split('/').at(-1)}.csv"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(next_cursor && { link: `<${nextPage(asked, next_cursor)}>; rel="next"` }),
    },
    body: toCsv(columns, data),
  };
}

function nextPage({ baseUrl, path, query }: Asked, cursor: string): string {
  const next = new URLSearchParams({ cursor });
  for (const [name, value] of Object.entries(query))
    if (name !== 'cursor' && value !== undefined) next.set(name, value);
  return `${baseUrl}${path}?${next.toString()}`;
}
