import { Scanner } from './scanner.ts';
import { Failure } from './tokens.ts';

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** How deep a producer's body may nest (docs/design.md §5), counted over the whole body. */
export const MAX_JSON_DEPTH = 64;

/** One value and the very characters it was written with. */
export interface JsonMember {
  kind: JsonKind;
  /** Verbatim slice of the text, without the blanks around it: digits, escapes and inner blanks are kept. */
  raw: string;
}

/** What is wrong with a text. `syntax`: it is no JSON; the others are JSON that two readers could understand differently. */
export type JsonProblem = 'syntax' | 'depth' | 'duplicate-key' | 'lone-surrogate';

export interface JsonFailure {
  ok: false;
  problem: JsonProblem;
  /** JSON Pointer (RFC 6901) to the value or key; an ancestor of it where the whole would be longer than 80 characters. */
  pointer: string;
  /** What was expected and what came. Quotes at most one character of the text. */
  message: string;
  /** Where in the text, in UTF-16 code units from 0. */
  offset: number;
}

export interface JsonScan {
  ok: true;
  kind: JsonKind;
  /** Members of a top-level object by their unescaped keys, in the order of the text. */
  members?: Map<string, JsonMember>;
  /** Elements of a top-level array. */
  elements?: JsonMember[];
}

export interface ScanOptions {
  /** Objects and arrays inside one another, counted from the outermost as 1; 1 to 1000. */
  maxDepth: number;
  /**
   * How many levels, from the outermost, are checked for duplicate keys and lone surrogates; what lies deeper is
   * checked for syntax alone. A batch's body is scanned with 2 and its list with 1, so that an event that breaks
   * these rules spoils no other; each event is then scanned by itself.
   * @default all
   */
  checkedLevels?: number;
}

/**
 * Checks a whole text against RFC 8259 in one pass and takes its top level apart without reading any value: numbers,
 * escapes and key order stay as they were sent. Stricter than `JSON.parse` where that loses something in silence:
 * duplicate keys (compared after unescaping), lone surrogates, and nesting deeper than `maxDepth`.
 * @throws RangeError for a wrong option; never for what is in the text.
 */
export function scanJson(text: string, options: ScanOptions): JsonScan | JsonFailure {
  const scanner = new Scanner(text, options);
  try {
    return { ok: true, ...scanner.document() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { problem, message, offset } = error;
    return { ok: false, problem, pointer: scanner.pointer(), message, offset };
  }
}
