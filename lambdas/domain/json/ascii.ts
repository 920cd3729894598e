const NOT_ASCII = /[^\0-\x7f]/;
const EACH_NOT_ASCII = /[^\0-\x7f]/g;

/**
 * The same JSON in ASCII: every other character becomes `\uXXXX`, one per UTF-16 code unit. SQS refuses U+FFFE, U+FFFF
 * and counts bytes, not characters. In JSON such characters stand inside strings only, where an escape means the same,
 * so parsing gives back the very same value.
 * @param json valid JSON text. A body of 256 KiB grows to 768 KiB at most (two bytes of UTF-8 become six).
 */
export function toAsciiJson(json: string): string {
  if (!NOT_ASCII.test(json)) return json;
  return json.replace(EACH_NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
