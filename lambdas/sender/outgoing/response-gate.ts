import type { Socket } from 'node:net';
import { createChunkSizes, type ChunkSizes } from './chunk-sizes.ts';
import { OutgoingError } from './failure.ts';
import { createHeadRepair, endOfPlainHead, type HeadRepair } from './head-repair.ts';

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

const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/**
 * Reads a socket's bytes before undici's parser does, for what that does not do:
 * - it counts neither line ends nor the reason phrase against its limit of the head;
 * - it breaks the connection at a `100 Continue` that was not asked for; RFC 9110 §15.2 wants any number of 1xx read;
 * - it refuses some spellings of a head, and of chunk sizes, that every other client reads (head-repair.ts);
 * - it skips chunk extensions without end;
 * - bytes that nobody waits for close the connection here, whatever they are.
 * undici takes everything through `socket.read()`, so that is the place.
 */
export function guardResponses(socket: Socket): ResponseGate {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let state: 'idle' | 'interim' | 'head' | 'body' = 'idle';
  let seen = 0;
  let start: Buffer = NOTHING; // bytes that may still begin an interim answer
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
    const bytes = start.length > 0 ? Buffer.concat([start, chunk]) : chunk;
    const { left, skipped, incomplete } = withoutInterim(bytes);
    seen += skipped;
    if (incomplete) {
      start = left;
      return seen + left.length > HEAD_LIMIT ? tooLong() : null;
    }
    start = NOTHING;
    state = 'head';
    return head(left);
  };

  const head = (chunk: Buffer): Buffer | null => {
    const plain = repair ? undefined : endOfPlainHead(chunk);
    if (plain !== undefined) {
      if (seen + plain > HEAD_LIMIT) return tooLong();
      return afterHead(chunk.subarray(0, plain), chunk.subarray(plain), chunk);
    }
    repair ??= createHeadRepair();
    const { head: mended, rest } = repair.push(chunk);
    seen += chunk.length - (rest?.length ?? 0);
    if (seen > HEAD_LIMIT) return tooLong();
    return rest ? afterHead(mended, rest) : orNothing(mended);
  };

  /** The head is whole. @param both head and rest as they came, where nothing was changed. */
  const afterHead = (whole: Buffer, rest: Buffer, both?: Buffer): Buffer => {
    // The parser reads the framing; padded sizes are looked for wherever `chunked` stands in it.
    chunks = whole.includes('hunked', 0, 'latin1') ? createChunkSizes() : undefined;
    state = 'body';
    if (chunks) return Buffer.concat([whole, chunks.push(rest)]);
    return both ?? Buffer.concat([whole, rest]);
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
      repair = chunks = undefined;
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

const INTERIM = ['HTTP/1.1 1', 'HTTP/1.0 1'];
/** Of a status line up to the blank after the status. */
const STATUS_END = 'HTTP/1.1 100 '.length;

/**
 * Takes heads with a status of 1xx off the front, but for a 101, which ends what we speak (undici refuses it).
 * `incomplete`: what is left may still be the beginning of one.
 */
function withoutInterim(bytes: Buffer): { left: Buffer; skipped: number; incomplete: boolean } {
  let from = 0;
  for (;;) {
    const left = bytes.subarray(from);
    const begins = left.toString('latin1', 0, STATUS_END);
    const could = /^HTTP\/1\.[01] 1\d{1,2}$/.test(begins) || INTERIM.some((one) => one.startsWith(begins));
    const is = /^HTTP\/1\.[01] 1\d\d[ \r]$/.test(begins) && !/ 101.$/.test(begins);
    if (!is) return { left, skipped: from, incomplete: could };
    const end = left.indexOf(HEAD_END, 0, 'latin1');
    if (end < 0) return { left, skipped: from, incomplete: !left.includes('\n\n') };
    from += end + HEAD_END.length;
  }
}
