import type { Socket } from 'node:net';
import { OutgoingError } from './failure.ts';

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
const CONTINUE = Buffer.from('HTTP/1.1 100');

/**
 * Reads a socket's bytes before undici's parser does, for what that does not do:
 * - it counts neither line ends nor the reason phrase against its limit of the head;
 * - it breaks the connection at a `100 Continue`, which RFC 9110 §15.2 wants ignored when it was not asked for;
 * - it skips chunk extensions without end;
 * - bytes that nobody waits for close the connection here, whatever they are.
 * undici takes everything through `socket.read()`, so that is the place.
 */
export function guardResponses(socket: Socket): ResponseGate {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let state: 'idle' | 'head' | 'body' = 'idle';
  let atStart = true;
  let seen = 0;
  let rest: Buffer = Buffer.alloc(0); // a `100 Continue` that is not complete, or the last bytes of an open head

  const refuse = (reason: string): null => {
    socket.destroy(new OutgoingError('bad_response', reason));
    return null;
  };
  const tooLong = (): null => refuse(`the head of the response is longer than ${HEAD_LIMIT} bytes`);

  const body = (chunk: Buffer): Buffer | null => {
    seen += chunk.length;
    return seen > BODY_BYTES_LIMIT ? refuse('the response body is all chunk extensions') : chunk;
  };

  const head = (chunk: Buffer): Buffer | null => {
    if (atStart) {
      const { left, skipped } = withoutContinue(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk);
      seen += skipped;
      if (left.incomplete && seen + left.bytes.length <= HEAD_LIMIT) {
        rest = left.bytes;
        return null;
      }
      if (left.incomplete) return tooLong();
      atStart = false;
      rest = Buffer.alloc(0);
      chunk = left.bytes;
    }
    if (seen + chunk.length > HEAD_LIMIT) {
      const end = Buffer.concat([rest, chunk]).indexOf(HEAD_END, 0, 'latin1');
      if (end < 0 || seen - rest.length + end + HEAD_END.length > HEAD_LIMIT) return tooLong();
    }
    seen += chunk.length;
    rest = chunk.subarray(-3);
    return chunk;
  };

  socket.read = (size?: number): Buffer | null => {
    const chunk = read(size);
    if (chunk === null) return chunk;
    if (state === 'body') return body(chunk);
    if (state === 'head') return head(chunk);
    socket.destroy();
    return null;
  };
  return {
    expectAnswer() {
      state = 'head';
      atStart = true;
      seen = 0;
      rest = Buffer.alloc(0);
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

/** Takes `100 Continue` heads off the front. `incomplete`: what is left may still be the beginning of one. */
function withoutContinue(bytes: Buffer): { left: { bytes: Buffer; incomplete: boolean }; skipped: number } {
  let from = 0;
  for (;;) {
    const length = Math.min(bytes.length - from, CONTINUE.length);
    const matches = CONTINUE.compare(bytes, from, from + length, 0, length) === 0;
    const after = bytes[from + CONTINUE.length];
    const isContinue = matches && (after === undefined || after === 0x20 || after === 0x0d);
    const end = isContinue ? bytes.indexOf(HEAD_END, from, 'latin1') : -1;
    if (end < 0) return { left: { bytes: bytes.subarray(from), incomplete: isContinue }, skipped: from };
    from = end + HEAD_END.length;
  }
}
