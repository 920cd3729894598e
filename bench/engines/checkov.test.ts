import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXPLAINED } from './checkov.ts';

it('explains in docs/proof.md what it explains', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/proof.md'), 'utf8');

  const rows = [...text.matchAll(/^\| `(CKV_\w+)` *\| (.*?) *\|$/gm)].map(([, id, why]) => [id, why]);

  expect(Object.fromEntries(rows)).toEqual(EXPLAINED);
});
