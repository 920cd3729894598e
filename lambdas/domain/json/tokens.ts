import type { JsonProblem } from './json.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_A = 0x61;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_U = 0x75;
/** Set in lower-case letters and digits, not in upper-case letters. */
const LOWER_CASE = 0x20;

const ESCAPES = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

/** Ends a scan. Quotes at most one character of the text. */
export class Failure extends Error {
  readonly problem: JsonProblem;
  readonly offset: number;

  constructor(problem: JsonProblem, message: string, offset: number) {
    super(message);
    this.problem = problem;
    this.offset = offset;
  }
}

/** Ends the scan at `at`, where something else than `expected` stands. */
export function unexpected(text: string, at: number, expected: string): never {
  throw new Failure('syntax', `expected ${expected}, got ${quoted(text, at)}`, at);
}

/** Where the first character at or after `at` is that is no blank; RFC 8259 knows four blanks. */
export function endOfBlanks(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) return end;
  }
  return text.length;
}

/**
 * Where the string ends whose opening quotation mark is at `start`.
 * @param wholePairs refuses surrogates without their other half, raw or escaped.
 */
export function endOfString(text: string, start: number, wholePairs: boolean): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      at = lastOfEscape(text, at, wholePairs);
    } else if (code < 0x20) {
      unexpected(text, at, 'an escape for a control character in a string');
    } else if (code >= 0xd800 && code <= 0xdfff && isPair(at, code, text.charCodeAt(at + 1), wholePairs)) {
      at++;
    }
  }
  return unexpected(text, text.length, 'the closing quotation mark of a string');
}

/** Where the number ends that begins at `start`. */
export function endOfNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (text.charCodeAt(at) === ZERO) {
    at++;
    if (isDigit(text.charCodeAt(at))) unexpected(text, at, 'no digit after a leading zero');
  } else {
    at = endOfDigits(text, at);
  }
  if (text.charCodeAt(at) === DOT) at = endOfDigits(text, at + 1);
  if ((text.charCodeAt(at) | LOWER_CASE) === LOWER_E) {
    const sign = text.charCodeAt(at + 1);
    at = endOfDigits(text, sign === MINUS || sign === PLUS ? at + 2 : at + 1);
  }
  return at;
}

/** Where one digit or more end. */
function endOfDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at === start ? unexpected(text, at, 'a digit') : at;
}

/** The last character of the escape, or of the pair of escapes, whose backslash is at `at`. */
function lastOfEscape(text: string, at: number, wholePairs: boolean): number {
  const letter = text.charCodeAt(at + 1);
  if (ESCAPES.has(letter)) return at + 1;
  if (letter !== LOWER_U) unexpected(text, at + 1, 'one of "\\/bfnrtu after a backslash');
  const code = fourDigits(text, at + 2);
  if (code < 0xd800 || code > 0xdfff) return at + 5;
  const another = text.charCodeAt(at + 6) === BACKSLASH && text.charCodeAt(at + 7) === LOWER_U;
  return isPair(at, code, another ? fourDigits(text, at + 8) : -1, wholePairs) ? at + 11 : at + 5;
}

/** Whether the surrogate at `at` has its other half behind it. */
function isPair(at: number, high: number, low: number, wholePairs: boolean): boolean {
  if (high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) return true;
  if (!wholePairs) return false;
  throw new Failure('lone-surrogate', `expected surrogates in pairs, got ${codePoint(high)} alone`, at);
}

function fourDigits(text: string, start: number): number {
  for (let at = start; at < start + 4; at++) {
    const digit = text.charCodeAt(at) | LOWER_CASE;
    if (!isDigit(text.charCodeAt(at)) && !(digit >= LOWER_A && digit <= LOWER_F))
      unexpected(text, at, 'four hexadecimal digits after \\u');
  }
  return Number.parseInt(text.slice(start, start + 4), 16);
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** One character in words that any log and terminal can bear. */
function quoted(text: string, at: number): string {
  const code = text.charCodeAt(at);
  if (Number.isNaN(code)) return 'the end of the text';
  return code > 0x20 && code < 0x7f ? `"${text[at]}"` : codePoint(code);
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
