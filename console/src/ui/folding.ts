import { indented } from './indented.ts';

/** One line of a text on the screen. */
export interface Line {
  text: string;
  /** Of a line that opens an object or list: the line that closes it. */
  end?: number;
}

/** What is longer is shown folded at first, lines. */
const LONG = 400;

/**
 * JSON by lines, each with what can be folded away below it; any other text as it is. No tree of values: a library would read
 * numbers, and 9007199254740993 would be another one.
 */
export function linesOf(text: string): { lines: Line[]; isJson: boolean } {
  const pretty = indented(text);
  const isJson = pretty !== text || /^\s*[[{]/.test(text);
  const lines: Line[] = pretty.split('\n').map((line) => ({ text: line }));
  if (!isJson) return { lines, isJson };
  const open: number[] = [];
  lines.forEach((line, at) => {
    // Inside a string there is no line end, so brackets at the edges are JSON's own.
    if (/^\s*[\]}],?$/.test(line.text)) {
      const begin = open.pop();
      if (begin !== undefined) lines[begin]!.end = at;
    }
    if (/[[{]$/.test(line.text)) open.push(at);
  });
  return { lines, isJson };
}

/** What is folded at first: of a long text everything below the second level. */
export function foldedAtFirst(lines: readonly Line[]): ReadonlySet<number> {
  if (lines.length <= LONG) return new Set();
  return new Set(lines.flatMap(({ text, end }, at) => (end !== undefined && /^ {4,}/.test(text) ? [at] : [])));
}

/** Every line that can be folded, but for the outermost. */
export function allFolded(lines: readonly Line[]): ReadonlySet<number> {
  return new Set(lines.flatMap(({ end }, at) => (end !== undefined && at > 0 ? [at] : [])));
}

/** Numbers of the lines that are seen: those inside of something folded are not. */
export function visibleLines(lines: readonly Line[], folded: ReadonlySet<number>): number[] {
  const seen: number[] = [];
  for (let at = 0; at < lines.length; at++) {
    seen.push(at);
    const { end } = lines[at]!;
    // The closing line is shown behind the opening one.
    if (end !== undefined && folded.has(at)) at = end;
  }
  return seen;
}

/** A line cut where a search matches: every second piece is a match. */
export function pieces(line: string, search: string): string[] {
  if (search === '') return [line];
  const found: string[] = [];
  const [lower, wanted] = [line.toLowerCase(), search.toLowerCase()];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    found.push(line.slice(from, at), line.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return [...found, line.slice(from)];
}
