/**
 * What is put right in the head of an answer before undici's strict parser sees it. Everything here is read as the same
 * answer by curl, Go and Python, and names no second meaning of the bytes; docs/receivers.md has the whole list:
 * - a value folded over several lines gets blanks for the line ends (RFC 9112 §5.2: a user agent MUST), also where the
 *   line end inside the value is a bare LF, as nginx writes a value that its configuration holds on several lines;
 * - blanks before the colon are taken off (RFC 9112 §5.1 asks that of proxies and leaves it to user agents);
 * - blanks after a Content-Length are no part of it (RFC 9110 §5.5), which undici overlooks;
 * - a Content-Length that is said twice with the same value counts once (RFC 9110 §8.6);
 * - several blanks between version and status count as one (RFC 9112 §4).
 */
export interface HeadRepair {
  /**
   * Takes the next bytes of a final head. @returns what the parser may see of them, and what comes behind the head. The
   * headers are held until all are there; the status line is not, so that what is no HTTP is refused at once.
   */
  push(bytes: Buffer): { head: Buffer; rest?: Buffer };
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
/** Makes a capital letter small. */
const SMALL = 0x20;
/** First and last of `length`, of `coding` in `transfer-encoding`. */
const LETTERS = { l: 0x6c, h: 0x68, c: 0x63, g: 0x67 };
const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;
/** Of a status line up to the first blank. */
const VERSION_END = 'HTTP/1.1 '.length;

/** A head that needs no repair. */
export interface PlainHead {
  /** Index behind it. */
  end: number;
  /** It has a header whose name ends like that of the transfer codings. */
  coded: boolean;
}

/**
 * Undefined: the head is not whole in these bytes, or something in it is to be put right. One loop over the bytes, because
 * every answer comes by: half a microsecond, a fifth of what a search for each sign takes.
 */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  if (bytes[VERSION_END] === SPACE) return undefined;
  let coded = false;
  let lengthSeen = false;
  let inLength = false;
  let before = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === COLON) {
      if (isBlank(before)) return undefined;
      // What looks like one of the two and is not is looked at more closely, no more.
      const sixth = bytes[at - 6]! | SMALL;
      const last = before | SMALL;
      if (sixth === LETTERS.l && last === LETTERS.h) {
        if (lengthSeen) return undefined;
        lengthSeen = inLength = true;
      } else if (sixth === LETTERS.c && last === LETTERS.g) coded = true;
    } else if (byte === CR) {
      if (before === LF) return bytes[at + 1] === LF ? { end: at + 2, coded } : undefined;
      if (inLength && isBlank(before)) return undefined;
      inLength = false;
    } else if (before === LF && (isBlank(byte) || byte === LF)) return undefined;
    before = byte;
  }
  return undefined;
}

/**
 * Whether the body behind this head comes in chunks: `chunked` is the last of its transfer codings (RFC 9112 §6.3). A
 * value that merely has the word in it, such as that of another header, must not have its body read as chunks.
 */
export function isChunked(head: Buffer): boolean {
  const lines = head.toString('latin1').split('\r\n');
  const codings = lines.filter((line) => /^transfer-encoding:/i.test(line)).at(-1);
  if (codings === undefined) return false;
  const last = codings.slice(Math.max(codings.lastIndexOf(','), codings.indexOf(':')) + 1);
  return withoutBlanks(last).toLowerCase() === 'chunked';
}

/** Finds the empty line that ends a head, however its bytes are cut. @returns the index behind it, or -1. */
export function createHeadEnd(): (bytes: Buffer) => number {
  let lineBegins = false;
  let crSeen = false;
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (!lineBegins) {
        const end = bytes.indexOf(LF, at);
        if (end < 0) return -1;
        lineBegins = true;
        at = end + 1;
        continue;
      }
      const byte = bytes[at++];
      if (byte === LF) return at;
      lineBegins = crSeen = byte === CR && !crSeen;
    }
    return -1;
  };
}

/** Linear in the number of bytes, however they are cut. */
export function createHeadRepair(): HeadRepair {
  const headEnd = createHeadEnd();
  let statusBytes = 0;
  let statusRead = false;
  const held: Buffer[] = [];

  /** Without the blanks behind the one that ends the version. */
  const ofStatusLine = (bytes: Buffer): Buffer => {
    let from = Math.max(VERSION_END - statusBytes, 0);
    if (from >= bytes.length) {
      statusBytes += bytes.length;
      return bytes;
    }
    const upTo = from;
    if (statusBytes <= VERSION_END) while (bytes[from] === SPACE) from++;
    // Stays at the version's end as long as nothing but blanks has followed.
    statusBytes = from === bytes.length ? VERSION_END : VERSION_END + 1;
    return from === upTo ? bytes : Buffer.concat([bytes.subarray(0, upTo), bytes.subarray(from)]);
  };

  return {
    push(bytes) {
      const end = headEnd(bytes);
      let at = 0;
      let status: Buffer = bytes.subarray(0, 0);
      if (!statusRead) {
        const lineEnd = bytes.indexOf(LF);
        statusRead = lineEnd >= 0;
        at = statusRead ? lineEnd + 1 : bytes.length;
        status = ofStatusLine(bytes.subarray(0, at));
      }
      held.push(bytes.subarray(at, end < 0 ? bytes.length : end));
      if (end < 0) return { head: status };
      return { head: Buffer.concat([status, repaired(Buffer.concat(held))]), rest: bytes.subarray(end) };
    },
  };
}

/** The headers of an answer, up to and with the empty line, put right. */
function repaired(headers: Buffer): Buffer {
  // A fold of the status line is none: the parser refuses it.
  if (isBlank(headers[0])) return headers;
  const lines = headers
    .toString('latin1')
    .replace(/\r?\n[ \t]+/g, ' ')
    .split('\r\n');
  let length: string | undefined;
  const kept = lines.flatMap((line) => {
    // A name with a blank inside is none, and left for the parser to refuse.
    const mended = line.replace(/^([^\s:]+)[ \t]+:/, '$1:');
    if (!/^content-length:/i.test(mended)) return [mended];
    const value = withoutBlanks(mended.slice('content-length:'.length));
    if (value === length) return [];
    length = value;
    return [`Content-Length: ${value}`];
  });
  return Buffer.from(kept.join('\r\n'), 'latin1');
}

/** By hand, because a regular expression for the blanks at the end takes the square of their number. */
function withoutBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}
