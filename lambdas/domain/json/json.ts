// What scanning JSON asks for and tells.

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** One value and the very characters it was written with. */
export interface JsonMember {
  kind: JsonKind;
  /** Verbatim slice of the text, without the blanks around it: digits, escapes and inner blanks are kept. */
  raw: string;
}

/** What is wrong with a text. `syntax`: it is no JSON; the others are JSON that two readers could understand differently. */
export type JsonProblem = 'syntax' | 'depth' | 'duplicate-key' | 'lone-surrogate';

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
