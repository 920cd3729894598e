import { expect, it } from 'vitest';
import { createPartsReader, writeParts } from '../../lambda/parts.mjs';

const MESSAGES = [['{"id":1}', '{"ä":"🩺\\n"}'], ['', 'one\ntwo\n', ''], ['7 8\n'], ['x'.repeat(1000), 'y']];

it.each([1, 2, 7, 500, 100_000])('messages are read as they were written, cut into pieces of %i bytes', (size) => {
  const read: string[][] = [];
  const push = createPartsReader((parts) => read.push(parts));
  const bytes = Buffer.from(MESSAGES.map(writeParts).join(''));
  const piece = Buffer.alloc(size);

  // All in one place, as the next bytes come over the last ones.
  for (let at = 0; at < bytes.length; at += size) push(piece.subarray(0, bytes.copy(piece, 0, at)));

  expect(read).toEqual(MESSAGES);
});
