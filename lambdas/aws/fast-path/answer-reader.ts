/** An answer as far as a call needs it. */
export interface ReadAnswer {
  status: number;
  text: string;
  /** For whoever asks AWS about the call; only of an answer that is not 200. */
  requestId?: string | undefined;
  /** Nothing more can be sent over the connection. */
  isLast: boolean;
}

/** Reads one answer of HTTP/1.1, however its bytes are cut. */
export interface AnswerReader {
  /**
   * @param bytes only looked at now: the next ones may be written over them.
   * @returns the whole answer; undefined: more is to come. @throws when it is none that we know to read.
   */
  push(bytes: Buffer): ReadAnswer | undefined;
}

/** Longest head, bytes; AWS's have some 400. */
const HEAD_LIMIT = 16_384;
const HEAD_END = '\r\n\r\n';
/** Where the status stands in `HTTP/1.1 200 OK`. */
const STATUS = [9, 12] as const;

interface Head {
  status: number;
  /** Index of the body. */
  end: number;
  requestId: string | undefined;
  /** Of the body, bytes; undefined: it comes in chunks. */
  length: number | undefined;
  isLast: boolean;
}

/**
 * DynamoDB and SQS say how long their answers are; chunks are read as well, because an answer that is not understood
 * makes the SDK repeat a call that has happened.
 */
export function createAnswerReader(): AnswerReader {
  /** What came before, where that was no whole answer; as long as the whole one will be, once that is known. */
  let begun: Buffer | undefined;
  let filled = 0;
  let head: Head | undefined;
  const read = (all: Buffer): ReadAnswer | undefined => {
    head ??= readHead(all);
    if (head === undefined) return undefined;
    const { status, requestId, end, length, isLast } = head;
    const body = length === undefined ? readChunks(all, end) : readLength(all, end, length);
    if (body === undefined) return undefined;
    // What is left belongs to nobody.
    return { status, requestId, text: body.text, isLast: isLast || body.end < all.length };
  };
  return {
    push(bytes) {
      if (begun === undefined) {
        const answer = read(bytes);
        if (answer) return answer;
      }
      const size = Math.max((head?.end ?? 0) + (head?.length ?? 0), filled + bytes.length);
      // A page of a Query has 1 MB, which comes in many parts.
      begun = begun !== undefined && begun.length >= size ? begun : grown(begun, filled, size);
      filled += bytes.copy(begun, filled);
      return read(begun.subarray(0, filled));
    },
  };
}

function grown(bytes: Buffer | undefined, filled: number, size: number): Buffer {
  const room = Buffer.allocUnsafe(size);
  bytes?.copy(room, 0, 0, filled);
  return room;
}

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0 && bytes.length < HEAD_LIMIT) return undefined;
  const text = bytes.toString('latin1', 0, end);
  const status = Number(text.slice(...STATUS));
  if (end < 0 || !text.startsWith('HTTP/1.') || !(status >= 200)) throw new Error('Expected an answer of HTTP/1.1');
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined && !/\r\ntransfer-encoding: *chunked/i.test(text))
    throw new Error('Expected an answer that says where it ends');
  return {
    status,
    requestId: status === 200 ? undefined : /\r\nx-amzn-requestid: *([^\r]+)/i.exec(text)?.[1],
    end: end + HEAD_END.length,
    length: length === undefined ? undefined : Number(length),
    isLast: text.startsWith('HTTP/1.0') || /\r\nconnection: *close/i.test(text),
  };
}

interface Body {
  text: string;
  /** Index behind it. */
  end: number;
}

function readLength(bytes: Buffer, from: number, length: number): Body | undefined {
  const end = from + length;
  return bytes.length < end ? undefined : { text: bytes.toString('utf8', from, end), end };
}

/** RFC 9112 §7.1. From the beginning each time: AWS's answers come whole. */
function readChunks(bytes: Buffer, from: number): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size >= 0)) throw new Error('Expected the size of a chunk');
    const begin = lineEnd + 2;
    if (size === 0) {
      // Behind it come trailers, up to an empty line.
      const end = bytes.indexOf(HEAD_END, lineEnd);
      return end < 0 ? undefined : { text: Buffer.concat(parts).toString('utf8'), end: end + HEAD_END.length };
    }
    if (bytes.length < begin + size + 2) return undefined;
    parts.push(bytes.subarray(begin, begin + size));
    at = begin + size + 2;
  }
}
