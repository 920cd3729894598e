import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitBatch } from '../../lambdas/ingest/split-batch.ts';

const blanks = fc.stringMatching(/^[ \t\n\r]{0,2}$/);

it('gives back the very text of every event, whatever its strings hold', () => {
  const item = fc.oneof(
    fc.json(),
    fc.string({ unit: fc.constantFrom('"', '\\', '[', '}', ',', 'a') }).map((s) => JSON.stringify([s])),
  );
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 20 }), blanks, (items, blank) => {
      const text = `${blank}{${blank}"events"${blank}:${blank}[${items.map((one) => blank + one + blank).join(',')}]${blank}}`;
      expect(splitBatch(text)).toEqual(items);
    }),
  );
});

it('cuts at the right place after an escaped quotation mark, without reading the whole twice', () => {
  // The repeated key would fail a scan of the whole: only cutting apart can succeed here.
  const items = ['{"t":"\\"}"}', '{"t":"\\\\"}', '{"a":1,"a":2}'];
  expect(splitBatch(`{"events":[${items.join()}]}`)).toEqual(items);
});
