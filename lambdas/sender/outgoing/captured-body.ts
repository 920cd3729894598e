/** Most of a response body that is kept, bytes. */
export const BODY_LIMIT = 16_384;

/** Collects the beginning of a response body. */
export class CapturedBody {
  #chunks: Buffer[] = [];
  #length = 0;
  #full = false;

  /** Takes a chunk; false once there was more than is kept, so that reading can stop. */
  add(chunk: Buffer): boolean {
    const room = BODY_LIMIT - this.#length;
    // A view: the chunk's memory is the socket's read buffer, free again when the attempt is logged.
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#length += Math.min(chunk.length, room);
    this.#full ||= chunk.length > room;
    return !this.#full;
  }

  /**
   * The text. Bytes that are no UTF-8 become U+FFFD, three bytes each, so the text is cut to the limit again; a cut
   * never leaves half a character.
   */
  toText(): { body: string; truncated: boolean } {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const body = (this.#full ? withoutHalfCharacter(bytes) : bytes).toString('utf8');
    if (Buffer.byteLength(body) <= BODY_LIMIT) return { body, truncated: this.#full };
    const cut = Buffer.from(body, 'utf8').subarray(0, BODY_LIMIT);
    return { body: withoutHalfCharacter(cut).toString('utf8'), truncated: true };
  }
}

/** UTF-8 that may have been cut inside its last character, without that character. */
function withoutHalfCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const wants = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wants > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
