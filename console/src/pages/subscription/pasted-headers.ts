/** A name of the letters of RFC 9110, section 5.6.2, after a colon where it is one of HTTP/2's own; then the value. */
const HEADER = /^(:?[\w!#$%&'*+.^`|~-]+)\s*:(.*)$/;

/**
 * Headers as they were pasted, one a line, `name: value`; what curl puts before each (`> `, `< `) is no part of them, nor are
 * empty lines and the line of the request.
 * @returns the headers, or the first line that is none.
 */
export function pastedHeaders(text: string): { headers: Record<string, string> } | { wrong: string } {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').map((one) => one.trim().replace(/^[<>] ?/, ''))) {
    if (line === '' || /^[A-Z]+ \S+ HTTP\/[\d.]+$/.test(line)) continue;
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined) return { wrong: line };
    headers[name.toLowerCase()] = value!.trim();
  }
  return { headers };
}
