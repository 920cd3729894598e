import { afterEach, describe, expect, it } from 'vitest';
import { client, closeAll, post, serve } from './set-up.ts';

// Answers as real servers spell them, over a real connection. What curl, Go's net/http and Python's http.client read as
// a 200 is delivered, unless it could be read in two ways; docs/receivers.md has the same list. All of READ were read as a
// 200 by curl 7.88, Go 1.26 and Python 3.11 on these bytes, or is demanded by the RFC.

afterEach(closeAll);

const OK = 'Content-Length: 2\r\n\r\nok';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
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
  ['many blanks after a chunk size', `${CHUNKED}2${' '.repeat(300)}\r\nok\r\n0\r\n\r\n`],
  ['tabs after a chunk size with zeros before it', `${CHUNKED}00000000000000002\t\t\r\nok\r\n000\t\r\n\r\n`],
  ['blanks before a chunk extension', `${CHUNKED}2 ;a=b\r\nok\r\n0\r\n\r\n`],
  ['blanks before a long chunk extension', `${CHUNKED}2 ;a=${'b'.repeat(200)}\r\nok\r\n0\r\n\r\n`],
  ['blanks inside and after a chunk extension', `${CHUNKED}2; a = "b c" \r\nok\r\n0\r\n\r\n`],
  ['an empty chunk extension', `${CHUNKED}2;\r\nok\r\n0;\r\n\r\n`],
  ['chunks in capital letters, padded', 'HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n2 \r\nok\r\n0\r\n\r\n'],
  ['trailers', `${CHUNKED}2\r\nok\r\n0\r\nX-A: b\r\nX-B: c\r\n\r\n`],
  ['a folded trailer', `${CHUNKED}2\r\nok\r\n0\r\nX-A: b\r\n c\r\nX-B: d\n e\r\n\r\n`],
  ['a blank before the colon of a trailer', `${CHUNKED}2\r\nok\r\n0\r\nX-A : b\r\n\r\n`],
  ['a length among the trailers', `${CHUNKED}2\r\nok\r\n0\r\nContent-Length: 7\r\n\r\n`],
  ['blanks after the length', 'HTTP/1.1 200 OK\r\nContent-Length: 2  \r\n\r\nok'],
  ['a tab after the length', 'HTTP/1.1 200 OK\r\nX-A: b\r\ncontent-length: 2\t\r\nX-B: c\r\n\r\nok'],
  [
    'the same length twice, in small and capital letters',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCONTENT-LENGTH: 2\r\n\r\nok',
  ],
  ['several blanks before the status', `HTTP/1.1   200 OK\r\n${OK}`],
  ['several blanks before an interim status', `HTTP/1.1  100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${OK}`],
  ['an interim answer with LF alone', `HTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\r\n${OK}`],
  ['an interim answer that ends with LF, CR, LF', `HTTP/1.1 100 Continue\n\r\nHTTP/1.1 200 OK\r\n${OK}`],
  ['the word chunked in another header', 'HTTP/1.1 200 OK\r\nX-A: /chunked\r\nContent-Length: 2\r\n\r\nok'],
];

const REFUSED: [what: string, answer: string][] = [
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
  [
    'two lengths after one that is repeated',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\nok',
  ],
  ['a length that a fold makes two', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 3\r\n\r\nok'],
  [
    'another length with a blank that is none',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\xa0\r\n\r\nok',
  ],
  [
    'a length and chunks with a blank before the colon',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
  ],
  ['lengths in a list', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
  ['one line end of LF alone', `HTTP/1.1 200 OK\r\nX-A: b\n${OK}`],
  ['an empty line of LF alone', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok'],
  ['line ends of LF alone', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['a blank inside a name', `HTTP/1.1 200 OK\r\nX A: b\r\n${OK}`],
  ['a first header that begins with a blank', `HTTP/1.1 200 OK\r\n X-A: b\r\n${OK}`],
  ['NUL in a folded value', `HTTP/1.1 200 OK\r\nX-A: b\r\n \0\r\n${OK}`],
  ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ['a blank inside a chunk size', `${CHUNKED}2 2\r\nok\r\n0\r\n\r\n`],
  ['a blank before a chunk size', `${CHUNKED} 2\r\nok\r\n0\r\n\r\n`],
  ['a chunk size that LF alone ends', `${CHUNKED}2\nok\r\n0\r\n\r\n`],
  ['a chunk extension that LF alone ends', `${CHUNKED}2;a\nok\r\n0\r\n\r\n`],
  ['a control character in a chunk extension', `${CHUNKED}2;a=\x01\r\nok\r\n0\r\n\r\n`],
  ['a chunk size beyond all measure', `${CHUNKED}ffffffffffffffff2\r\nok\r\n0\r\n\r\n`],
  ['a trailer without a colon', `${CHUNKED}2\r\nok\r\n0\r\nX-A\r\n\r\n`],
  ['a first trailer that begins with a blank', `${CHUNKED}2\r\nok\r\n0\r\n X-A: b\r\n\r\n`],
  ['a control character in a trailer', `${CHUNKED}2\r\nok\r\n0\r\nX-A: \0\r\n\r\n`],
  ['a trailer that LF alone ends', `${CHUNKED}2\r\nok\r\n0\r\nX-A: b\nX-B: c\r\n\r\n`],
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

it.each([
  ['that look like a padded chunk size', '2  \r\nok'],
  ['that look like a chunk extension', '12 ;ab'],
])('bytes of a body %s stay as they are when the body is not chunked', async (_what, body) => {
  const head = `HTTP/1.1 200 OK\r\nX-A: unchunked\r\nContent-Length: ${body.length}\r\n\r\n`;
  const server = await serve([{ read: 'request' }, { send: head + body }]);

  expect(await post(await client(), server)).toMatchObject({ kind: 'response', status: 200, body });
});
