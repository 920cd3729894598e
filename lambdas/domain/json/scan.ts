import type { JsonKind, JsonMember, JsonProblem, ScanOptions } from './json.ts';
import { Scanner } from './scanner.ts';
import { Failure } from './tokens.ts';

/** How deep a producer's body may nest (docs/design.md §5), counted over the whole body. */
export const MAX_JSON_DEPTH = 64;

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
