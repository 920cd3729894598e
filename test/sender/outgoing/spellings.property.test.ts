import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createChunkSizes } from '../../../lambdas/sender/outgoing/chunk-sizes.ts';
import { createHeadRepair, readPlainHead } from '../../../lambdas/sender/outgoing/head-repair.ts';

// What stands before undici's parser: the same however the bytes are cut, and no work that grows with their square.

afterEach(() => vi.restoreAllMocks());

const cuts = fc.array(fc.nat(400), { maxLength: 12 });
const pieces = (text: string, at: number[]): Buffer[] => {
  const places = [...new Set([0, ...at.filter((n) => n < text.length), text.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => Buffer.from(text.slice(places[i], end), 'latin1'));
};
const everyByte = (text: string): Buffer[] => [...text].map((byte) => Buffer.from(byte, 'latin1'));

function repaired(parts: Buffer[]): string {
  const repair = createHeadRepair();
  const outcomes = parts.map((part) => repair.push(part));
  expect(outcomes.at(-1)!.rest).toEqual(Buffer.alloc(0));
  return Buffer.concat(outcomes.map(({ head }) => head)).toString('latin1');
}

describe('what is put right in a head', () => {
  const status = fc.constantFrom('HTTP/1.1 200 OK\r\n', 'HTTP/1.1   200 OK\r\n', 'HTTP/1.1 200\r\n');
  const line = fc.constantFrom(
    'X-A: b\r\n',
    'X-A: b\r\n c\r\n',
    'X-B :  d\r\n',
    'Csp: a;\n  b\r\n',
    'Content-Length: 2\r\n',
    'content-length: 2 \t\r\n',
    'CONTENT-LENGTH \t:\r\n 2\r\n',
    'X-C:\r\n\t\r\n',
  );

  it('is the same however its bytes are cut', () => {
    fc.assert(
      fc.property(status, fc.array(line, { maxLength: 8 }), cuts, (first, lines, at) => {
        const whole = `${first}${lines.join('')}\r\n`;

        const once = repaired([Buffer.from(whole, 'latin1')]);

        expect(repaired(pieces(whole, at))).toBe(once);
        expect(repaired(everyByte(whole))).toBe(once);
        // And what came out needs no repair any more.
        expect(readPlainHead(Buffer.from(once, 'latin1'))?.end).toBe(once.length);
      }),
      { numRuns: 500 },
    );
  });

  it('shows the parser the status line at once, so that what is no HTTP need not end to be refused', () => {
    expect(createHeadRepair().push(Buffer.from('220 mail.example.com')).head.toString()).toBe('220 mail.example.com');
  });
});

describe('a chunked body', () => {
  const chunk = fc.tuple(
    fc.string({ minLength: 1, maxLength: 40 }),
    fc.constantFrom('', ' ', ' \t ', ';a=b', ' ;a', '; a = "b;c" ', `;${'x'.repeat(100)}`),
  );
  const trailers = fc.constantFrom('', 'X: a\r\n', 'X : a\r\n b\r\nY: c\n d\r\n', 'Content-Length: 3\r\n');

  it('keeps its data and its sizes alone, however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), trailers, cuts, (chunks, trailer, at) => {
        const body = (asSent: boolean): string => {
          const coded = chunks.map(([data, after]) => {
            const bytes = Buffer.from(data).toString('latin1');
            return `${bytes.length.toString(16)}${asSent ? after : ''}\r\n${bytes}\r\n`;
          });
          return `${coded.join('')}0\r\n${asSent ? trailer : ''}\r\n`;
        };
        const read = (parts: Buffer[]): string => {
          const sizes = createChunkSizes();
          return Buffer.concat(parts.map((part) => sizes.push(part))).toString('latin1');
        };

        expect(read(pieces(body(true), at))).toBe(body(false));
        expect(read(everyByte(body(true)))).toBe(body(false));
      }),
      { numRuns: 500 },
    );
  });

  it('is not copied where nothing is to be taken off', () => {
    const bytes = Buffer.from('2\r\nok\r\n3\r\nyes\r\n0\r\n\r\n');

    expect(createChunkSizes().push(bytes)).toBe(bytes);
  });
});

describe('bytes are copied a few times, not once for each that follows', () => {
  const SIZE = 60_000;
  /** Bytes that were copied while this ran. */
  function copiedBy(act: () => void): number {
    const concat = vi.spyOn(Buffer, 'concat');
    const from = vi.spyOn(Buffer, 'from');
    act();
    const copies = [...concat.mock.results, ...from.mock.results];
    return copies.reduce((sum, { value }) => sum + (value as Buffer).length, 0);
  }

  it.each([
    ['folds in one piece', `X-A: b${'\r\n '.repeat(SIZE / 3)}`, SIZE * 2],
    ['folds byte by byte', `X-A: b${'\r\n '.repeat(SIZE / 3)}`, 1],
    ['one long value byte by byte', `X-A : ${'b'.repeat(SIZE)}`, 1],
    ['blanks inside a length, byte by byte', `Content-Length: 2${' '.repeat(SIZE)}2`, 1],
  ])('of %s', (_what, header, step) => {
    const text = `HTTP/1.1 200 OK\r\n${header}\r\n\r\n`;
    const parts = Array.from({ length: Math.ceil(text.length / step) }, (_, i) =>
      Buffer.from(text.slice(i * step, (i + 1) * step), 'latin1'),
    );
    const repair = createHeadRepair();

    expect(copiedBy(() => parts.forEach((part) => void repair.push(part)))).toBeLessThan(5 * text.length);
  });

  it('of an extension that goes on and on, byte by byte', () => {
    const sizes = createChunkSizes();
    const byte = Buffer.from('a');
    sizes.push(Buffer.from('2;'));

    expect(copiedBy(() => Array.from({ length: SIZE }, () => sizes.push(byte)))).toBeLessThan(SIZE);
  });
});
