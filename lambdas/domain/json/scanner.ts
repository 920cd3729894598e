import type { JsonKind, JsonMember, JsonProblem } from './scan.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const BYTE_ORDER_MARK = 0xfeff;

/** Beyond this many keys a set is faster than comparing with each (measured: they break even at about 16). */
const FEW_KEYS = 16;
/** The scanner calls itself once per level; this many fit any stack. */
const DEEPEST = 1000;
/** So that pointer and message together quote at most 100 characters of the text. */
const LONGEST_POINTER = 80;

const ESCAPES = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

/** Ends a scan; carries no input. */
export class Failure extends Error {
  readonly problem: JsonProblem;
  readonly offset: number;

  constructor(problem: JsonProblem, message: string, offset: number) {
    super(message);
    this.problem = problem;
    this.offset = offset;
  }
}

/**
 * One pass over one text; see {@link scanJson}. It compares character codes and builds no value, which is what makes
 * it fast: the only strings it makes are keys and the top level's slices.
 */
export class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;
  /** Key or index at each open level; only the first `#depth` count. Read when something is wrong. */
  readonly #path: (string | number)[] = [];
  /** Keys of all open objects, one after the other: no list is made per object. */
  readonly #keys: string[] = [];

  constructor(text: string, maxDepth: number) {
    if (!(maxDepth >= 1 && maxDepth <= DEEPEST))
      throw new RangeError(`maxDepth must be 1 to ${DEEPEST}, got ${maxDepth}`);
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  /** The whole text: one value, blanks around it, nothing else. */
  document(): { kind: JsonKind; members?: Map<string, JsonMember>; elements?: JsonMember[] } {
    if (this.#text.charCodeAt(0) === BYTE_ORDER_MARK)
      this.#fail('syntax', 'expected JSON, got a byte order mark: send UTF-8 without one');
    const code = this.#blanks();
    let found: { kind: JsonKind; members?: Map<string, JsonMember>; elements?: JsonMember[] };
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
    this.#blanks();
    if (this.#at < this.#text.length) this.#unexpected('the end of the text');
    return found;
  }

  /** Where the scan stands, as a JSON Pointer (RFC 6901). */
  pointer(): string {
    let pointer = '';
    for (const step of this.#path.slice(0, this.#depth)) {
      const longer = `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (longer.length > LONGEST_POINTER) break;
      pointer = longer;
    }
    return pointer;
  }

  /** Any value that begins with `code` at the current place. */
  #value(code: number): JsonKind {
    switch (code) {
      case QUOTE:
        this.#string();
        return 'string';
      case OPEN_BRACE:
        this.#object();
        return 'object';
      case OPEN_BRACKET:
        this.#array();
        return 'array';
      case 0x74:
        return this.#word('true', 'boolean');
      case 0x66:
        return this.#word('false', 'boolean');
      case 0x6e:
        return this.#word('null', 'null');
      default:
        if (code !== MINUS && !(code >= ZERO && code <= NINE)) this.#unexpected('a value');
        this.#number(code);
        return 'number';
    }
  }

  /** An object; its members go into `members` where given. */
  #object(members?: Map<string, JsonMember>): void {
    const level = this.#enter();
    const firstKey = this.#keys.length;
    let seen: Set<string> | undefined;
    let code = this.#blanks();
    while (code !== CLOSE_BRACE || this.#keys.length > firstKey) {
      if (code !== QUOTE) this.#unexpected('a key in quotation marks');
      const key = this.#key();
      this.#path[level] = key;
      this.#depth = level + 1;
      seen = this.#remember(key, firstKey, seen);
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

  /** Steps over blanks; the code of what follows, -1 at the end. RFC 8259 knows four blanks. */
  #blanks(): number {
    const text = this.#text;
    for (let at = this.#at; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) {
        this.#at = at;
        return code;
      }
    }
    this.#at = text.length;
    return -1;
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
    if (twice) this.#fail('duplicate-key', 'expected each key once in an object, got this one again');
    keys.push(key);
    return known;
  }

  #key(): string {
    const start = this.#at;
    const escaped = this.#string();
    // Keys are compared by what they mean: "\u0061" is "a". Escapes in keys are rare, so reading them may be slow.
    if (escaped) return JSON.parse(this.#text.slice(start, this.#at)) as string;
    return this.#text.slice(start + 1, this.#at - 1);
  }

  /** A string; true if it holds an escape. */
  #string(): boolean {
    const text = this.#text;
    let escaped = false;
    for (let at = this.#at + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return escaped;
      }
      if (code === BACKSLASH) {
        escaped = true;
        at = this.#escape(at);
      } else if (code < 0x20) {
        this.#failAt(at, 'syntax', `expected an escape, got the control character ${codePoint(code)} in a string`);
      } else if (code >= 0xd800 && code <= 0xdfff) {
        at = this.#pair(at, code, text.charCodeAt(at + 1), at + 1);
      }
    }
    return this.#failAt(
      text.length,
      'syntax',
      'expected the closing quotation mark of a string, got the end of the text',
    );
  }

  /** The escape whose backslash is at `at`; the place of its last character. */
  #escape(at: number): number {
    const letter = this.#text.charCodeAt(at + 1);
    if (ESCAPES.has(letter)) return at + 1;
    if (letter !== 0x75)
      this.#failAt(at + 1, 'syntax', `expected one of "\\/bfnrtu after a backslash, got ${this.#quote(at + 1)}`);
    const code = this.#fourDigits(at + 2);
    if (code < 0xd800 || code > 0xdfff) return at + 5;
    const pairs = this.#text.charCodeAt(at + 6) === BACKSLASH && this.#text.charCodeAt(at + 7) === 0x75;
    return this.#pair(at, code, pairs ? this.#fourDigits(at + 8) : -1, at + 11);
  }

  /** Refuses a surrogate without its other half; otherwise `end`, where the pair ends. */
  #pair(at: number, high: number, low: number, end: number): number {
    if (high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) return end;
    return this.#failAt(at, 'lone-surrogate', `expected surrogates in pairs, got ${codePoint(high)} alone`);
  }

  #fourDigits(at: number): number {
    for (let i = at; i < at + 4; i++) {
      const digit = this.#text.charCodeAt(i) | 0x20;
      const hexadecimal = (digit >= ZERO && digit <= NINE) || (digit >= 0x61 && digit <= 0x66);
      if (!hexadecimal) this.#failAt(i, 'syntax', `expected four hexadecimal digits after \\u, got ${this.#quote(i)}`);
    }
    return Number.parseInt(this.#text.slice(at, at + 4), 16);
  }

  /** A number that begins with `first`, a digit or a minus. */
  #number(first: number): void {
    const text = this.#text;
    if (first === MINUS) this.#at++;
    if (text.charCodeAt(this.#at) === ZERO) {
      this.#at++;
      if (isDigit(text.charCodeAt(this.#at))) this.#unexpected('no digit after a leading zero');
    } else this.#digits();
    if (text.charCodeAt(this.#at) === DOT) {
      this.#at++;
      this.#digits();
    }
    if ((text.charCodeAt(this.#at) | 0x20) === 0x65) {
      this.#at++;
      const sign = text.charCodeAt(this.#at);
      if (sign === MINUS || sign === 0x2b) this.#at++;
      this.#digits();
    }
  }

  /** One digit or more. */
  #digits(): void {
    const text = this.#text;
    let at = this.#at;
    while (isDigit(text.charCodeAt(at))) at++;
    const none = at === this.#at;
    this.#at = at;
    if (none) this.#unexpected('a digit');
  }

  #word(word: string, kind: JsonKind): JsonKind {
    if (!this.#text.startsWith(word, this.#at)) this.#unexpected('a value');
    this.#at += word.length;
    return kind;
  }

  /** One character in words that any log and terminal can bear. */
  #quote(at: number): string {
    const code = this.#text.charCodeAt(at);
    if (Number.isNaN(code)) return 'the end of the text';
    return code > 0x20 && code < 0x7f ? `"${this.#text[at]}"` : codePoint(code);
  }

  #unexpected(expected: string): never {
    return this.#fail('syntax', `expected ${expected}, got ${this.#quote(this.#at)}`);
  }

  #fail(problem: JsonProblem, message: string): never {
    return this.#failAt(this.#at, problem, message);
  }

  #failAt(at: number, problem: JsonProblem, message: string): never {
    throw new Failure(problem, message, at);
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
