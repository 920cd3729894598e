import { describe, expect, it } from 'vitest';
import { csvPageOf, readCsv, type CsvPage } from '../../src/ui/csv-pages.ts';

const quietly = { told: () => undefined, isStopped: () => false };

/** A list of pages, which are asked for by their numbers. */
function listOf(...pages: string[]): (cursor: string | undefined) => Promise<CsvPage> {
  return (cursor) => {
    const at = Number(cursor ?? 0);
    const next = at + 1 < pages.length ? String(at + 1) : undefined;
    return Promise.resolve({ text: `id,reason\r\n${pages[at]}`, next });
  };
}

describe('a list as one file', () => {
  it('has the headings once, and every record of every page, also of an empty one', async () => {
    const pages = listOf('1,a\r\n2,b\r\n', '', '3,"said ""no"",\r\ntwice"\r\n');

    const file = await readCsv(pages, quietly);

    expect(file).toEqual({
      text: 'id,reason\r\n1,a\r\n2,b\r\n3,"said ""no"",\r\ntwice"\r\n',
      records: 3,
      isCut: false,
    });
  });

  it('ends when somebody stops it, and says that more follows', async () => {
    const told: number[] = [];

    const file = await readCsv(listOf('1,a\r\n', '2,b\r\n', '3,c\r\n'), {
      told: (records) => told.push(records),
      isStopped: () => told.length === 2,
    });

    expect([file.records, file.isCut, told]).toEqual([2, true, [1, 2]]);
  });

  it('goes on with the cursor of the address that the answer names', async () => {
    const answer = (link?: string) =>
      csvPageOf(Promise.resolve({ data: 'id\r\n', response: new Response('', { headers: link ? { link } : {} }) }));

    expect((await answer('<https://api.example/v1/events?cursor=a%2Bb&limit=100>; rel="next"')).next).toBe('a+b');
    expect((await answer()).next).toBeUndefined();
  });
});
