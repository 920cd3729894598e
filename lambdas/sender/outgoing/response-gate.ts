import type { Socket } from 'node:net';
import { createChunkSizes, type ChunkSizes } from './chunk-sizes.ts';
import { OutgoingError } from './failure.ts';
import { createHeadEnd, createHeadRepair, isChunked, readPlainHead, type HeadRepair } from './head-repair.ts';

/** Longest head of an answer, bytes, interim answers (1xx) included. */
export const HEAD_LIMIT = 65_536;

/**
 * Most bytes behind the head. 16 KiB of body end the reading, so only chunk extensions and trailers can be more: a peer
 * that sends them without end would keep the processor busy until the deadline. A chunk for each byte is 96 KiB.
 */
export const BODY_BYTES_LIMIT = 262_144;

/** Stands between a socket and undici's parser. */
export interface ResponseGate {
  /** A request is being sent: the next bytes are its answer. */
  expectAnswer(): void;
  /** The final head was read: what follows is body. */
  headRead(): void;
  /** The answer is complete: nothing may come until the next request. */
  answered(): void;
}

const NOTHING = Buffer.alloc(0);
const ONE = 0x31;
const SPACE = 0x20;

/**
 * Reads a socket's bytes before undici's parser does, for what that does not do:
 * - it counts neither line ends nor the reason phrase against its limit of the head;
 * - it breaks the connection at a `100 Continue` that was not asked for; RFC 9110 §15.2 wants any number of 1xx read;
 * - it refuses some spellings of a head, of chunk sizes and of trailers that every other client reads (head-repair.ts,
 *   chunk-sizes.ts);
 * - it skips chunk extensions without end;
 * - bytes that nobody waits for close the connection here, whatever they are.
 * undici takes everything through `socket.read()`, so that is the place.
 */
export function guardResponses(socket: Socket): ResponseGate {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let state: 'idle' | 'interim' | 'head' | 'body' = 'idle';
  let seen = 0;
  let start: Buffer = NOTHING; // bytes that may still begin an interim answer
  let interimEnd: ((bytes: Buffer) => number) | undefined; // inside of one: looks for its end
  let repair: HeadRepair | undefined;
  let chunks: ChunkSizes | undefined;

  const refuse = (reason: string): null => {
    socket.destroy(new OutgoingError('bad_response', reason));
    return null;
  };
  const tooLong = (): null => refuse(`the head of the response is longer than ${HEAD_LIMIT} bytes`);
  const orNothing = (bytes: Buffer): Buffer | null => (bytes.length > 0 ? bytes : null);

  const body = (chunk: Buffer): Buffer | null => {
    seen += chunk.length;
    if (seen > BODY_BYTES_LIMIT) return refuse('the response body is all chunk extensions');
    return chunks ? orNothing(chunks.push(chunk)) : chunk;
  };

  /** Takes interim answers off the front. */
  const interim = (chunk: Buffer): Buffer | null => {
    let bytes = start.length > 0 ? Buffer.concat([start, chunk]) : chunk;
    start = NOTHING;
    for (;;) {
      if (interimEnd === undefined) {
        const kind = beginsInterim(bytes);
        if (kind === 'no') {
          state = 'head';
          return head(bytes);
        }
        if (kind === 'perhaps') {
          start = bytes;
          return null;
        }
        interimEnd = createHeadEnd();
      }
      const end = interimEnd(bytes);
      seen += end < 0 ? bytes.length : end;
      if (seen > HEAD_LIMIT) return tooLong();
      if (end < 0) return null;
      interimEnd = undefined;
      bytes = bytes.subarray(end);
    }
  };

  const head = (chunk: Buffer): Buffer | null => {
    const plain = repair ? undefined : readPlainHead(chunk);
    if (plain !== undefined) {
      if (seen + plain.end > HEAD_LIMIT) return tooLong();
      state = 'body';
      if (!plain.coded) return chunk;
      const shown = afterHead(chunk.subarray(0, plain.end), chunk.subarray(plain.end));
      return shown ?? chunk;
    }
    repair ??= createHeadRepair();
    const { head: mended, rest } = repair.push(chunk);
    seen += chunk.length - (rest?.length ?? 0);
    if (seen > HEAD_LIMIT) return tooLong();
    if (rest === undefined) return orNothing(mended);
    state = 'body';
    return afterHead(mended, rest) ?? Buffer.concat([mended, rest]);
  };

  /** What the parser is shown of the head and the bytes behind it; undefined: all, as it is. */
  const afterHead = (whole: Buffer, rest: Buffer): Buffer | undefined => {
    if (!isChunked(whole)) return undefined;
    chunks = createChunkSizes();
    const shown = chunks.push(rest);
    return shown === rest ? undefined : Buffer.concat([whole, shown]);
  };

  socket.read = (size?: number): Buffer | null => {
    const chunk = read(size);
    if (chunk === null) return chunk;
    if (state === 'body') return body(chunk);
    if (state === 'head') return head(chunk);
    if (state === 'interim') return interim(chunk);
    socket.destroy();
    return null;
  };
  return {
    expectAnswer() {
      state = 'interim';
      seen = 0;
      start = NOTHING;
      repair = chunks = interimEnd = undefined;
    },
    headRead() {
      state = 'body';
      seen = 0;
    },
    answered() {
      state = 'idle';
    },
  };
}

/** Longest beginning of an answer that is held until it is known whether it is an interim one, bytes. */
const LONGEST_BEGINNING = 64;

/** Whether these bytes begin a head with a status of 1xx, but for a 101: that ends what we speak, and undici refuses it. */
function beginsInterim(bytes: Buffer): 'yes' | 'no' | 'perhaps' {
  // By far the commonest: 'HTTP/1.1 2'.
  if (bytes.length > 9 && bytes[9] !== ONE && bytes[9] !== SPACE) return 'no';
  const text = bytes.toString('latin1', 0, LONGEST_BEGINNING);
  if (/^HTTP\/1\.[01] +1\d\d[ \r\n]/.test(text)) return /^\S+ +101/.test(text) ? 'no' : 'yes';
  const could = /^HTTP\/1\.[01](?: +(?:1\d{0,2})?)?$/.test(text) || 'HTTP/1.'.startsWith(text);
  return could && text.length < LONGEST_BEGINNING ? 'perhaps' : 'no';
}
