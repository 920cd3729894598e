import { escapePointer } from './pointer.ts';
import type { JsonKind, JsonMember, JsonProblem, ScanOptions } from './json.ts';
import { Failure, endOfBlanks, endOfNumber, endOfString, unexpected } from './tokens.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;

/** Beyond this many keys a set is faster than comparing with each (measured: they break even at about 50). */
const FEW_KEYS = 32;
/** The scanner calls itself once per level; this many fit any stack. */
const DEEPEST = 1000;
/** So that pointer and message together quote at most 100 characters of the text. */
const LONGEST_POINTER = 80;

/** The top level of a text, taken apart. */
export interface Found {
  kind: JsonKind;
  members?: Map<string, JsonMember>;
  elements?: JsonMember[];
}

/**
 * One pass over one text; see scanJson. It compares character codes and builds no value, which is what makes it fast:
 * the only strings it makes are keys and the top level's slices.
 */
export class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #checkedLevels: number;
  #at = 0;
  #depth = 0;
  /** Key or index at each open level; only the first `#depth` count. Read when something is wrong. */
  readonly #path: (string | number)[] = [];
  /** Keys of all open objects, one after the other: no list is made per object. */
  readonly #keys: string[] = [];

  constructor(text: string, { maxDepth, checkedLevels = DEEPEST }: ScanOptions) {
    if (!(maxDepth >= 1 && maxDepth <= DEEPEST))
      throw new RangeError(`maxDepth must be 1 to ${DEEPEST}, got ${maxDepth}`);
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#checkedLevels = checkedLevels;
  }

  /** The whole text: one value, blanks around it, nothing else. */
  document(): Found {
    if (this.#text.charCodeAt(0) === BYTE_ORDER_MARK)
      this.#fail('syntax', 'expected JSON in UTF-8 without a byte order mark, got one');
    const code = this.#blanks();
    let found: Found;
    if (code === OPEN_BRACE) {
      const members = new Map<string, JsonMember>();
      this.#object(members);
      found = { kind: 'object', members };
    } else if (code === OPEN_BRACKET) {
      const elements: JsonMember[] = [];
      this.#array(elements);
      found = { kind: 'array', elements };
    } else {
      found = { kind: this.#value(code) };
    }
    if (this.#blanks() !== -1) this.#unexpected('the end of the text');
    return found;
  }

  /** Where the scan stands, as a JSON Pointer (RFC 6901). */
  pointer(): string {
    let pointer = '';
    for (const step of this.#path.slice(0, this.#depth)) {
      const longer = `${pointer}/${escapePointer(String(step))}`;
      if (longer.length > LONGEST_POINTER) break;
      pointer = longer;
    }
    return pointer;
  }

  /** Any value that begins with `code` at the current place. */
  #value(code: number): JsonKind {
    switch (code) {
      case QUOTE:
        this.#at = endOfString(this.#text, this.#at, this.#depth < this.#checkedLevels);
        return 'string';
      case OPEN_BRACE:
        this.#object();
        return 'object';
      case OPEN_BRACKET:
        this.#array();
        return 'array';
      case LOWER_T:
        return this.#word('true', 'boolean');
      case LOWER_F:
        return this.#word('false', 'boolean');
      case LOWER_N:
        return this.#word('null', 'null');
      default:
        if (code !== MINUS && !(code >= ZERO && code <= NINE)) this.#unexpected('a value');
        this.#at = endOfNumber(this.#text, this.#at);
        return 'number';
    }
  }

  /** An object; its members go into `members` where given. */
  #object(members?: Map<string, JsonMember>): void {
    const level = this.#enter();
    const firstKey = this.#keys.length;
    let seen: Set<string> | undefined;
    let code = this.#blanks();
    for (let first = true; code !== CLOSE_BRACE || !first; first = false) {
      if (code !== QUOTE) this.#unexpected('a key in quotation marks');
      const key = this.#key();
      this.#path[level] = key;
      this.#depth = level + 1;
      if (level < this.#checkedLevels) seen = this.#remember(key, firstKey, seen);
      if (this.#blanks() !== COLON) this.#unexpected('a colon after the key');
      this.#at++;
      code = this.#blanks();
      const start = this.#at;
      const kind = this.#value(code);
      if (members) members.set(key, { kind, raw: this.#text.slice(start, this.#at) });
      this.#depth = level;
      code = this.#blanks();
      if (code === CLOSE_BRACE) break;
      if (code !== COMMA) this.#unexpected('a comma or }');
      this.#at++;
      code = this.#blanks();
    }
    this.#at++;
    this.#keys.length = firstKey;
  }

  /** An array; its elements go into `elements` where given. */
  #array(elements?: JsonMember[]): void {
    const level = this.#enter();
    let code = this.#blanks();
    for (let index = 0; code !== CLOSE_BRACKET || index > 0; index++) {
      this.#path[level] = index;
      this.#depth = level + 1;
      const start = this.#at;
      const kind = this.#value(code);
      if (elements) elements.push({ kind, raw: this.#text.slice(start, this.#at) });
      this.#depth = level;
      code = this.#blanks();
      if (code === CLOSE_BRACKET) break;
      if (code !== COMMA) this.#unexpected('a comma or ]');
      this.#at++;
      code = this.#blanks();
    }
    this.#at++;
  }

  /** Steps over an opening bracket; returns how many levels lie outside of it. */
  #enter(): number {
    if (this.#depth >= this.#maxDepth)
      this.#fail('depth', `expected at most ${this.#maxDepth} objects and arrays inside one another, got more`);
    this.#at++;
    return this.#depth;
  }

  /** Steps over blanks; the code of what follows, -1 at the end. */
  #blanks(): number {
    this.#at = endOfBlanks(this.#text, this.#at);
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1;
  }

  /** Refuses a key that its object has already. Returns the set of the object's keys once there are many. */
  #remember(key: string, firstKey: number, seen: Set<string> | undefined): Set<string> | undefined {
    const keys = this.#keys;
    let known = seen;
    let twice = false;
    if (known) {
      twice = known.has(key);
      known.add(key);
    } else {
      for (let i = firstKey; i < keys.length; i++) if (keys[i] === key) twice = true;
      if (keys.length - firstKey >= FEW_KEYS) known = new Set(keys.slice(firstKey)).add(key);
    }
    if (twice) this.#fail('duplicate-key', 'expected each key once in an object, got this one twice');
    keys.push(key);
    return known;
  }

  /** A key, unescaped: keys are compared by what they mean, and `"\u0061"` is `"a"`. */
  #key(): string {
    const start = this.#at;
    this.#at = endOfString(this.#text, start, this.#depth < this.#checkedLevels);
    const key = this.#text.slice(start + 1, this.#at - 1);
    return key.includes('\\') ? (JSON.parse(`"${key}"`) as string) : key;
  }

  #word(word: string, kind: JsonKind): JsonKind {
    if (!this.#text.startsWith(word, this.#at)) this.#unexpected('a value');
    this.#at += word.length;
    return kind;
  }

  #unexpected(expected: string): never {
    return unexpected(this.#text, this.#at, expected);
  }

  #fail(problem: JsonProblem, message: string): never {
    throw new Failure(problem, message, this.#at);
  }
}
