/** A file that anybody's spreadsheet reads; and no tab that holds more. */
const MOST_RECORDS = 10_000;

/** A page of a list as the API gives it with `Accept: text/csv`. */
export interface CsvPage {
  text: string;
  /** Of the page after it; undefined: it is the last. */
  next: string | undefined;
}

/** What was read. */
export interface CsvFile {
  text: string;
  records: number;
  /** More records follow than are in it. */
  isCut: boolean;
}

/** What a list is asked for with to be CSV, as options of a call of the client. */
export const AS_CSV = { headers: { accept: 'text/csv' }, parseAs: 'text' } as const;

/** The page that a call with {@link AS_CSV} answered. */
export async function csvPageOf(call: Promise<{ data?: unknown; response: Response }>): Promise<CsvPage> {
  const { data, response } = await call;
  // RFC 8288: `<https://…?cursor=…>; rel="next"`.
  const next = /<([^<>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  return {
    text: String(data),
    next: next === undefined ? undefined : (new URL(next).searchParams.get('cursor') ?? undefined),
  };
}

/** A whole list as one file: pages one after another, the headings once. */
export async function readCsv(
  readPage: (cursor: string | undefined) => Promise<CsvPage>,
  { told, isStopped }: { told: (records: number) => void; isStopped: () => boolean },
): Promise<CsvFile> {
  const parts: string[] = [];
  let records = 0;
  let cursor: string | undefined;
  do {
    const { text, next } = await readPage(cursor);
    const body = text.slice(text.indexOf('\r\n') + 2);
    parts.push(parts.length === 0 ? text : body);
    records += recordsIn(body);
    told(records);
    cursor = next;
  } while (cursor !== undefined && records < MOST_RECORDS && !isStopped());
  return { text: parts.join(''), records, isCut: cursor !== undefined };
}

/** Records of CSV without its headings: lines end with CRLF, which a cell in quotes may hold as well. */
function recordsIn(csv: string): number {
  let count = 0;
  let isQuoted = false;
  for (let at = 0; at < csv.length; at++) {
    if (csv[at] === '"') isQuoted = !isQuoted;
    else if (csv[at] === '\r' && csv[at + 1] === '\n' && !isQuoted) count++;
  }
  return count;
}
