/**
 * What is put right in the head of an answer before undici's strict parser sees it. Everything here is read as the same
 * answer by curl, Go and Python, and names no second meaning of the bytes; docs/receivers.md has the whole list:
 * - a value folded over several lines gets blanks for the line ends (RFC 9112 §5.2: a user agent MUST), also where the
 *   line end inside the value is a bare LF, as nginx writes a value that its configuration holds on several lines;
 * - blanks before the colon are taken off (RFC 9112 §5.1 asks that of proxies and leaves it to user agents);
 * - a Content-Length that is said twice with the same value counts once (RFC 9110 §8.6).
 */
export interface HeadRepair {
  /** Takes the next bytes of a final head. @returns what the parser may see of them, and what comes behind the head. */
  push(bytes: Buffer): { head: Buffer; rest?: Buffer };
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** Where the head ends in these bytes if nothing in it is to be put right; undefined: it is not whole, or something is. */
export function endOfPlainHead(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1');
  if (end < 0) return undefined;
  for (const sign of ['\n ', '\n\t', ' :', '\t:']) {
    const at = bytes.indexOf(sign, 0, 'latin1');
    if (at >= 0 && at < end) return undefined;
  }
  // Two lengths: `ength:` stands in the name however its first letters are written.
  const length = bytes.indexOf('ength:', 0, 'latin1');
  const second = length < 0 ? -1 : bytes.indexOf('ength:', length + 1, 'latin1');
  return second >= 0 && second < end ? undefined : end + 4;
}

/** Reads one final head line by line, however its bytes are cut. Linear in their number. */
export function createHeadRepair(): HeadRepair {
  let inStatusLine = true;
  /** A header line, with those folded into it, that may not be whole yet. */
  let line: Buffer = Buffer.alloc(0);
  /** Up to here the line was searched for its end. */
  let searched = 0;
  let length: string | undefined;

  const finished = (whole: Buffer): Buffer => {
    const text = withoutBlankBeforeColon(whole);
    const value = contentLength(text);
    if (value === undefined) return text;
    if (value === length) return Buffer.alloc(0);
    length = value;
    return text;
  };

  return {
    push(bytes) {
      const seen: Buffer[] = [];
      if (inStatusLine) {
        const end = bytes.indexOf(LF);
        if (end < 0) return { head: bytes };
        inStatusLine = false;
        seen.push(bytes.subarray(0, end + 1));
        bytes = bytes.subarray(end + 1);
      }
      line = line.length === 0 ? bytes : Buffer.concat([line, bytes]);
      for (;;) {
        const end = line.indexOf(LF, searched);
        if (end < 0) {
          searched = line.length;
          return { head: Buffer.concat(seen) };
        }
        const start = line[end - 1] === CR ? end - 1 : end;
        if (start === 0) {
          seen.push(line.subarray(0, end + 1));
          return { head: Buffer.concat(seen), rest: line.subarray(end + 1) };
        }
        const next = line[end + 1];
        if (next === undefined) {
          searched = end;
          return { head: Buffer.concat(seen) };
        }
        if (isBlank(next)) {
          line = Buffer.from(line).fill(SPACE, start, end + 1);
          searched = end + 1;
          continue;
        }
        seen.push(finished(line.subarray(0, end + 1)));
        line = line.subarray(end + 1);
        searched = 0;
      }
    },
  };
}

function withoutBlankBeforeColon(line: Buffer): Buffer {
  const colon = line.indexOf(':');
  if (colon < 1 || !isBlank(line[colon - 1])) return line;
  let end = colon;
  while (end > 0 && isBlank(line[end - 1])) end--;
  // A name with a blank inside is none: left for the parser to refuse.
  return Buffer.concat([line.subarray(0, end), line.subarray(colon)]);
}

/** The value of a Content-Length line, undefined for any other line. */
function contentLength(line: Buffer): string | undefined {
  const text = line.toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 0 || text.slice(0, colon).toLowerCase() !== 'content-length') return undefined;
  return text.slice(colon + 1).trim();
}
