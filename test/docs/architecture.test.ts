import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../lambdas/domain/delivery/attempt.ts';
import { CIRCUITS, TRANSITIONS } from '../../lambdas/domain/endpoint/states.ts';
import { synthesize } from '../support/stacks.ts';
import { architectureTables } from './architecture-tables.ts';
import { withMarked } from './marked.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const page = read('docs/architecture.md');

/** First cells of the rows under a heading, without code font. */
function firstCells(heading: string): string[] {
  const section =
    page
      .split(/^## /m)
      .find((one) => one.startsWith(`${heading}\n`))
      ?.split('<!--')[0] ?? '';
  const rows = section.split('\n').filter((line) => /^\| `/.test(line));
  return rows.map((line) => /^\| `([^`]+)`/.exec(line)![1]!);
}

function transitionsTable(): string {
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const rows = TRANSITIONS.map(
    ({ from, to, who, when }) => `| ${code(from)} | \`${to}\` | ${who.join(', ')} | ${when} |`,
  );
  return ['| from | to | by | when |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

describe('docs/architecture.md', () => {
  // Written anew by: npm run vitest -- test/docs/architecture.test.ts -u
  it('lists functions, queues and tables, and who may use them, as the templates do', async () => {
    const { page, anew } = await withMarked('docs/architecture.md', {
      ...architectureTables(synthesize()),
      transitions: transitionsTable(),
    });

    await expect(anew).toMatchFileSnapshot(page);
  });

  it('names every state of a circuit', () => {
    expect(firstCells('An endpoint')).toEqual(['closed', ...CIRCUITS]);
  });

  it('names every standing of a delivery', () => {
    expect(firstCells('A delivery').sort()).toEqual([...OUTCOMES, 'pending'].sort());
  });
});
