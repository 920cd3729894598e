const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const SEMICOLON = 0x3b;
const COLON = 0x3a;
const NO_BYTES = Buffer.alloc(0);
/** The parser refuses it wherever it may stand here. */
const REFUSED = Buffer.from([0]);
/** Beyond 2^48 bytes the parser may judge. */
const MOST_DIGITS = 12;

/** Goes along a chunked body and takes off what says nothing, and what the parser would trip over. */
export interface ChunkSizes {
  /** @returns the very bytes that came where nothing is to be taken off. */
  push(bytes: Buffer): Buffer;
}

type State =
  | 'size'
  | 'padding'
  | 'extension'
  | 'sizeEnd'
  | 'data'
  | 'line'
  | 'name'
  | 'gap'
  | 'value'
  | 'lineEnd'
  | 'rest';

/**
 * A recipient ignores chunk extensions (RFC 9112 §7.1.1: MUST, for those that it does not know), may discard trailers
 * (§7.1.2), and finds blanks around both (`2␠␠`, `2 ;a`, `2; a`). curl, Go and Python read all of that; undici's parser
 * refuses blanks, folded trailers and trailers of certain names. So it gets sizes and data alone. What is no extension
 * and no trailer, such as a second number, a control character or a line end without CR, is made sure to be refused.
 */
export function createChunkSizes(): ChunkSizes {
  let state: State = 'size';
  let digits = 0;
  let size = 0;
  /** Bytes of the chunk, with its line end, that are still to come. */
  let left = 0;
  /** Of the trailers: the line before ended with LF alone, so this one must go on with its value. */
  let mustFold = false;
  let trailers = 0;

  /** What one byte outside the data does. @returns whether the parser gets to see it; undefined: it must refuse. */
  const take = (byte: number): boolean | undefined => {
    switch (state) {
      case 'size': {
        const digit = hexDigit(byte);
        if (digit < 0) return digits === 0 ? undefined : afterSize(byte);
        if (size > 0 || digit > 0) digits = size === 0 ? 1 : digits + 1;
        else digits = Math.max(digits, 1);
        size = size * 16 + digit;
        return digits > MOST_DIGITS ? undefined : true;
      }
      case 'padding':
        return afterSize(byte);
      case 'extension':
        if (byte !== CR && byte !== LF) return isControl(byte) ? undefined : false;
        return afterSize(byte);
      case 'sizeEnd':
        return sizeEnded(byte);
      case 'line':
        return lineBegins(byte);
      case 'name':
      case 'gap':
        if (byte === COLON) state = 'value';
        else if (byte === SPACE || byte === TAB) state = 'gap';
        else if (state === 'gap' || isControl(byte)) return undefined;
        return false;
      case 'value':
        if (byte === CR) state = 'lineEnd';
        else if (byte === LF) [state, mustFold] = ['line', true];
        else if (isControl(byte)) return undefined;
        return false;
      case 'lineEnd':
        if (byte !== LF) return undefined;
        [state, mustFold] = ['line', false];
        return false;
      default:
        return true;
    }
  };
  const afterSize = (byte: number): boolean | undefined => {
    if (byte === CR) {
      state = 'sizeEnd';
      return true;
    }
    state = byte === SEMICOLON ? 'extension' : 'padding';
    return byte === SEMICOLON || byte === SPACE || byte === TAB ? false : undefined;
  };
  const sizeEnded = (byte: number): boolean | undefined => {
    if (byte !== LF) return undefined;
    if (size === 0) [state, trailers] = ['line', 0];
    else [state, left] = ['data', size + 2];
    return true;
  };
  const lineBegins = (byte: number): boolean | undefined => {
    if (byte === SPACE || byte === TAB) {
      state = 'value';
      return trailers > 0 ? false : undefined;
    }
    if (mustFold || byte === LF || byte === COLON) return undefined;
    // The end of the body: its line end, and whatever follows, is the parser's.
    state = byte === CR ? 'rest' : 'name';
    trailers++;
    return byte === CR ? true : isControl(byte) ? undefined : false;
  };

  return {
    push(bytes) {
      const out: Buffer[] = [];
      /** Seen by the parser and not yet in `out`: from here. */
      let from = 0;
      let at = 0;
      while (at < bytes.length && state !== 'rest') {
        if (state === 'data') {
          const taken = Math.min(left, bytes.length - at);
          left -= taken;
          at += taken;
          if (left === 0) [state, size, digits] = ['size', 0, 0];
          continue;
        }
        const seen = take(bytes[at]!);
        if (seen !== true) {
          if (at > from) out.push(bytes.subarray(from, at));
          from = at + 1;
        }
        if (seen === undefined) {
          out.push(REFUSED);
          state = 'rest';
        }
        at++;
      }
      if (from === 0) return bytes;
      if (from < bytes.length) out.push(bytes.subarray(from));
      return out.length === 0 ? NO_BYTES : Buffer.concat(out);
    },
  };
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const isControl = (byte: number): boolean => (byte < SPACE && byte !== TAB) || byte === 0x7f;
