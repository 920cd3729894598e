import { describe, expect, it } from 'vitest';
import { createAnswerReader } from '../../../lambdas/aws/fast-path/answer-reader.ts';

/** Where a connection puts what it reads: the next bytes lie over those before. */
const place = Buffer.alloc(4096);

function lay(text: string): Buffer {
  return place.subarray(0, place.write(text, 'utf8'));
}

const BODY = '{"n":"ü"}';
const KNOWN = `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`;
const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6;x=y\r\n{"n":"\r\n4\r\nü"}\r\n0\r\nTrailer: t\r\n\r\n';

describe.each([
  ['of a known length', KNOWN],
  ['in chunks', CHUNKED],
])('an answer %s', (_what, text) => {
  it('is whole with its last byte, wherever it is cut', () => {
    for (let cut = 1; cut < text.length; cut++) {
      const reader = createAnswerReader();

      const early = reader.push(lay(text.slice(0, cut)));
      const answer = reader.push(lay(text.slice(cut)));

      expect([cut, early, answer?.text, answer?.isLast]).toEqual([cut, undefined, BODY, false]);
    }
  });

  it('is whole when each byte comes alone', () => {
    const reader = createAnswerReader();

    const answers = [...text].map((letter) => reader.push(lay(letter)));

    expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
    expect(answers.at(-1)).toMatchObject({ status: 200, text: BODY });
  });
});
