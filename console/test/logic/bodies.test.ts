import { describe, expect, it } from 'vitest';
import { differencesOf } from '../../src/pages/call/difference.ts';
import { allFolded, foldedAtFirst, linesOf, pieces, visibleLines } from '../../src/ui/folding.ts';
import { anAttempt } from './factories.ts';

const textOf = (text: string, folded: ReadonlySet<number>): string[] => {
  const { lines } = linesOf(text);
  return visibleLines(lines, folded).map((at) => lines[at]!.text.trim());
};

describe('a body by lines', () => {
  const body = '{"id":9007199254740993,"a":{"b":[1,{}],"c":"} ] {"},"d":[]}';

  it('keeps every digit and character', () => {
    const { lines, isJson } = linesOf(body);

    expect(isJson).toBe(true);
    expect(
      lines
        .map(({ text }) => text.trim())
        .join('')
        .replaceAll('": ', '":'),
    ).toBe(body);
  });

  it('can be folded at whatever holds something, and nowhere else', () => {
    const { lines } = linesOf(body);

    expect(lines.flatMap(({ text, end }) => (end === undefined ? [] : [text.trim()]))).toEqual([
      '{',
      '"a": {',
      '"b": [',
    ]);
    expect(textOf(body, allFolded(lines))).toEqual(['{', '"id": 9007199254740993,', '"a": {', '"d": []', '}']);
    expect(textOf(body, new Set())).toHaveLength(lines.length);
  });

  it('is folded below the second level when it is long, and as a whole seen when it is not', () => {
    const long = JSON.stringify({ list: Array.from({ length: 300 }, (_, id) => ({ id })) });

    expect(foldedAtFirst(linesOf(body).lines).size).toBe(0);
    expect(foldedAtFirst(linesOf(long).lines).size).toBe(300);
  });

  it.each(['plain text\n}', '', '<html>{\n}</html>', '{"not": json\n}'])('that is no JSON is as it is: %j', (text) => {
    const { lines } = linesOf(text);

    expect(lines.map((line) => line.text).join('\n')).toBe(text);
    expect(visibleLines(lines, new Set([0]))).toHaveLength(lines.length);
  });

  it('is cut where a search matches, whatever the case', () => {
    expect(pieces('"Status": "STATUS"', 'status')).toEqual(['"', 'Status', '": "', 'STATUS', '"']);
    expect(pieces('abc', '')).toEqual(['abc']);
    expect(pieces('aaa', 'aa')).toEqual(['', 'aa', 'a']);
  });
});

describe('two tries', () => {
  const first = anAttempt({
    status: 500,
    outcome: 'failed',
    reason: 'status 500',
    request: { headers: { 'webhook-id': 'evt_1', 'webhook-timestamp': '1' }, body: '{"a":1,"b":2}' },
    response: { headers: { 'content-type': 'text/plain' }, body: 'down' },
    timings_ms: { dns: 1, total: 20 },
  });
  const second = anAttempt({
    status: 200,
    outcome: 'delivered',
    request: { headers: { 'webhook-id': 'evt_1', 'webhook-timestamp': '2' }, body: '{"a":1,"b":2}' },
    response: { headers: { 'content-type': 'text/plain' }, body: 'ok' },
    timings_ms: { total: 20 },
  });

  it('are compared by what differs, and by nothing else', () => {
    expect(differencesOf(first, second).map(({ what, before, after }) => [what, before, after])).toEqual([
      ['Outcome', 'failed', 'delivered'],
      ['Status', '500', '200'],
      ['What happened', 'status 500', undefined],
      ['Request header webhook-timestamp', '1', '2'],
      ['Response body', 'down', 'ok'],
      ['Milliseconds dns', '1', undefined],
    ]);
    expect(differencesOf(first, first)).toEqual([]);
  });

  it('have bodies compared line by line, with little of what stayed the same', () => {
    const big = (value: number) =>
      JSON.stringify({ list: [...Array.from({ length: 20 }, (_, n) => n), value, 21, 22, 23, 24] });
    const other = { ...first, request: { ...first.request, body: big(100) } };

    const [difference] = differencesOf(other, { ...other, request: { ...other.request, body: big(200) } });

    expect(difference!.lines!.map(({ sign, text }) => `${sign}${text.trim()}`)).toEqual([
      ' …',
      ' 18,',
      ' 19,',
      '-100,',
      '+200,',
      ' 21,',
      ' 22,',
      ' …',
    ]);
  });

  it('show blanks that only the raw bodies differ in', () => {
    const other = { ...first, request: { ...first.request, body: '{"a": 1,"b":2}' } };

    const [difference] = differencesOf(first, other);

    expect(difference!.lines!.filter(({ sign }) => sign !== ' ').map(({ text }) => text)).toEqual([
      '{"a":1,"b":2}',
      '{"a": 1,"b":2}',
    ]);
  });
});
