// Messages of several texts over a stream of bytes: how many bytes each has, on a line, then all of them. Plain JavaScript,
// because the bootstrap uses it too.

const LINE_END = 10;

/**
 * @param {readonly string[]} parts
 * @returns {string}
 */
export function writeParts(parts) {
  let lengths = '';
  for (const part of parts) lengths += `${Buffer.byteLength(part)} `;
  return `${lengths}\n${parts.join('')}`;
}

/**
 * @param {(parts: string[]) => void} take is told each message.
 * @returns {(bytes: Buffer) => void} takes what came next, however it is cut; its bytes are only looked at now.
 */
export function createPartsReader(take) {
  /** @type {Buffer[]} */
  let held = [];
  let heldBytes = 0;
  /** As much as the message that has begun needs. */
  let needed = 1;
  return (bytes) => {
    if (heldBytes + bytes.length < needed) {
      held.push(Buffer.from(bytes));
      heldBytes += bytes.length;
      return;
    }
    let all = heldBytes > 0 ? Buffer.concat([...held, bytes]) : bytes;
    for (;;) {
      const end = all.indexOf(LINE_END);
      const lengths = end < 0 ? [] : all.toString('latin1', 0, end).trimEnd().split(' ').map(Number);
      needed = end < 0 ? all.length + 1 : lengths.reduce((sum, length) => sum + length, end + 1);
      if (all.length < needed) break;
      let at = end + 1;
      const parts = lengths.map((length) => all.toString('utf8', at, (at += length)));
      all = all.subarray(at);
      take(parts);
    }
    held = all.length > 0 ? [Buffer.from(all)] : [];
    heldBytes = all.length;
  };
}
