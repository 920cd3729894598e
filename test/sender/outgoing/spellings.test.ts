import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createChunkSizes } from '../../../lambdas/sender/outgoing/chunk-sizes.ts';
import { createHeadRepair, endOfPlainHead } from '../../../lambdas/sender/outgoing/head-repair.ts';
import { client, closeAll, post, serve } from './set-up.ts';

// Answers as real servers spell them, over a real connection. What curl, Go's net/http and Python's http.client read as
// a 200 is delivered, unless it could be read in two ways; docs/receivers.md has the same list.

afterEach(closeAll);

const OK = 'Content-Length: 2\r\n\r\nok';
const READ: [what: string, answer: string][] = [
  ['a value folded with CRLF', `HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n${OK}`],
  ['a value folded with a tab', `HTTP/1.1 200 OK\r\nX-A: b\r\n\tc\r\n${OK}`],
  ['a value folded many times', `HTTP/1.1 200 OK\r\nX-A: b${'\r\n c'.repeat(200)}\r\n${OK}`],
  ['a fold with nothing in it', `HTTP/1.1 200 OK\r\nX-A: b\r\n \r\n${OK}`],
  ["nginx's value over several lines", `HTTP/1.1 200 OK\r\nCSP: default-src 'self';\n    script-src 'self'\r\n${OK}`],
  ['a folded length', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\nok'],
  ['a folded transfer coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
  ['a fold at the end of the head', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n c\r\n\r\nok'],
  ['100, then 200', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${OK}`],
  [
    '103, then 100, then 200',
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${OK}`,
  ],
  ['102, then 100, then 200', `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 200 OK\r\n${OK}`],
  [
    'fifty interim answers',
    `${'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'.repeat(25)}HTTP/1.1 200 OK\r\n${OK}`,
  ],
  [
    'an interim answer that is folded',
    `HTTP/1.1 103 Early Hints\r\nLink: </a>,\r\n </b>\r\n\r\nHTTP/1.1 200 OK\r\n${OK}`,
  ],
  ['a blank before the colon', `HTTP/1.1 200 OK\r\nServer : x\r\n${OK}`],
  ['blanks before the colon of the length', 'HTTP/1.1 200 OK\r\nContent-Length \t: 2\r\n\r\nok'],
  ['the same length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nok'],
  ['blanks after a chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2  \r\nok\r\n0 \r\n\r\n'],
  ['blanks before a chunk extension', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 ;a=b\r\nok\r\n0\r\n\r\n'],
];

const REFUSED: [what: string, answer: string][] = [
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
  [
    'two lengths after one that is repeated',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\nok',
  ],
  ['a length that a fold makes two', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 3\r\n\r\nok'],
  ['line ends of LF alone', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['a blank inside a name', `HTTP/1.1 200 OK\r\nX A: b\r\n${OK}`],
  ['a first header that begins with a blank', `HTTP/1.1 200 OK\r\n X-A: b\r\n${OK}`],
  ['NUL in a folded value', `HTTP/1.1 200 OK\r\nX-A: b\r\n \0\r\n${OK}`],
  ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ['a blank inside a chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 2\r\nok\r\n0\r\n\r\n'],
];

describe('an answer with', () => {
  it.each(READ)('%s is read', async (_what, answer) => {
    const server = await serve([{ read: 'request' }, { send: answer }]);

    const got = await post(await client(), server);

    expect(got).toMatchObject({ kind: 'response', status: 200 });
  });

  it.each(READ)(
    '%s is read byte by byte as well, and the connection serves the next request',
    async (_what, answer) => {
      const cut = answer.length > 400 ? 50 : 1;
      const parts = Array.from({ length: Math.ceil(answer.length / cut) }, (_, i) =>
        answer.slice(i * cut, (i + 1) * cut),
      );
      const server = await serve([{ loop: [{ read: 'request' }, ...parts.map((send) => ({ send }))] }]);
      const outgoing = await client();

      const [first, second] = [await post(outgoing, server), await post(outgoing, server)];

      expect(first).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
      expect(second).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
      expect(second.timings.connect).toBeUndefined();
    },
  );

  it.each(REFUSED)('%s is refused', async (_what, answer) => {
    const server = await serve([{ read: 'request' }, { send: answer }, { close: 'fin' }]);

    const got = await post(await client(), server);

    expect(got).toMatchObject({ kind: 'error', class: 'bad_response' });
  });
});

describe('what is put right in a head', () => {
  const line = fc.constantFrom(
    'X-A: b\r\n',
    'X-A: b\r\n c\r\n',
    'X-B :  d\r\n',
    'Csp: a;\n  b\r\n',
    'Content-Length: 2\r\n',
    'content-length: 2\r\n',
    'X-C:\r\n\t\r\n',
  );
  const cuts = fc.array(fc.nat(400), { maxLength: 12 });
  const pieces = (text: string, at: number[]): Buffer[] => {
    const places = [...new Set([0, ...at.filter((n) => n < text.length), text.length])].sort((a, b) => a - b);
    return places.slice(1).map((end, i) => Buffer.from(text.slice(places[i], end), 'latin1'));
  };

  it('is the same however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), cuts, (lines, at) => {
        const whole = `HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`;
        const read = (parts: Buffer[]): string => {
          const repair = createHeadRepair();
          const outcomes = parts.map((part) => repair.push(part));
          expect(outcomes.at(-1)!.rest).toEqual(Buffer.alloc(0));
          return Buffer.concat(outcomes.map(({ head }) => head)).toString('latin1');
        };

        const once = read([Buffer.from(whole, 'latin1')]);

        expect(read(pieces(whole, at))).toBe(once);
        // And what came out needs no repair any more.
        expect(endOfPlainHead(Buffer.from(once, 'latin1'))).toBe(once.length);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a chunked body as it is but for padded sizes, however its bytes are cut', () => {
    const chunk = fc.tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.constantFrom('', ' ', ' \t ', ';a=b', ' ;a'));
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), cuts, (chunks, at) => {
        const body = (withPadding: boolean): string =>
          [...chunks, ['', '']]
            .map(([data, after]) => {
              const bytes = Buffer.from(data!).toString('latin1');
              const padding = withPadding ? after : after!.trim();
              return `${bytes.length.toString(16)}${padding}\r\n${bytes}${bytes ? '\r\n' : ''}`;
            })
            .join('') + '\r\n';
        const sizes = createChunkSizes();

        const read = Buffer.concat(pieces(body(true), at).map((part) => sizes.push(part))).toString('latin1');

        expect(read).toBe(body(false));
      }),
      { numRuns: 500 },
    );
  });
});
