const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
/** A size line is some digits; extensions are the parser's business. What is longer is handed over as it is. */
const LONGEST_LINE = 64;

/** Goes along a chunked body and takes off the blanks that some servers pad chunk sizes with. */
export interface ChunkSizes {
  push(bytes: Buffer): Buffer;
}

/**
 * `2␠␠\r\n` for a chunk of two bytes: curl, Go and Python read it, undici's parser does not. Blanks before an
 * extension are RFC 9112's own (§7.1.1), and undici does not read those either.
 */
export function createChunkSizes(): ChunkSizes {
  /** Bytes of the chunk, with its line end, that are still to come. */
  let left = 0;
  let line: Buffer = Buffer.alloc(0);
  /** At the last chunk, or where something is wrong: everything is the parser's. */
  let done = false;

  return {
    push(bytes) {
      const out: Buffer[] = [];
      let at = 0;
      while (at < bytes.length) {
        if (done) {
          out.push(bytes.subarray(at));
          break;
        }
        if (left > 0) {
          const taken = Math.min(left, bytes.length - at);
          out.push(bytes.subarray(at, at + taken));
          left -= taken;
          at += taken;
          continue;
        }
        const end = bytes.indexOf(LF, at);
        const upTo = end < 0 ? bytes.length : end + 1;
        line = line.length === 0 ? bytes.subarray(at, upTo) : Buffer.concat([line, bytes.subarray(at, upTo)]);
        at = upTo;
        if (end < 0 && line.length <= LONGEST_LINE) break;
        const size = end < 0 ? undefined : sizeOf(line);
        if (size === undefined || size === 0) done = true;
        else left = size + 2;
        out.push(size === undefined ? line : withoutPadding(line));
        line = Buffer.alloc(0);
      }
      return out.length === 1 ? out[0]! : Buffer.concat(out);
    },
  };
}

/** @returns undefined for what is no size: the parser says what is wrong with it. */
function sizeOf(line: Buffer): number | undefined {
  const digits = /^([0-9a-fA-F]{1,8})[ \t]*(?:;|\r?\n$)/.exec(line.toString('latin1', 0, LONGEST_LINE));
  return digits ? Number.parseInt(digits[1]!, 16) : undefined;
}

/** Without the blanks behind the digits of a size. */
function withoutPadding(line: Buffer): Buffer {
  const digits = /^[0-9a-fA-F]*/.exec(line.toString('latin1', 0, LONGEST_LINE))![0].length;
  let next = digits;
  while (line[next] === SPACE || line[next] === TAB) next++;
  return next === digits ? line : Buffer.concat([line.subarray(0, digits), line.subarray(next)]);
}
