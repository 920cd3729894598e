import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const CODE = '{bin,lib,lambdas,local,console,receiver,bench,scripts,test}/**/*.{ts,tsx,mjs}';
const NOT_OURS = new Set(['node_modules', 'dist', '.local']);

/** `7` and `17.13`: sections, and numbered details of §17, that docs/design.md has. */
function sectionsOf(design: string): Set<string> {
  const sections = [...design.matchAll(/^## (\d+)\. /gm)].map(([, number]) => number!);
  const [, details = ''] = /^## 17\. [^]*?\n([^]*?)^#/m.exec(design) ?? [];
  return new Set([...sections, ...[...details.matchAll(/^(\d+)\. /gm)].map(([, number]) => `17.${number}`)]);
}

/** Sections that a text cites and a page lacks. */
function missingSections(text: string, sections: ReadonlySet<string>): string[] {
  const cited = [...text.matchAll(/(?:DESIGN|docs\/design\.md) §(\d+(?:\.\d+)?)/g)].map(([, number]) => number!);
  return cited.filter((number) => !sections.has(number)).map((number) => `§${number}`);
}

const sections = sectionsOf(readFileSync(join(ROOT, 'docs/design.md'), 'utf8'));

describe('what code cites of docs/design.md', () => {
  it('is there', () => {
    const files = globSync([CODE, '*.ts'], { cwd: ROOT, exclude: (name) => NOT_OURS.has(name) });
    const texts = files.filter((file) => !file.endsWith('citations.test.ts'));
    const cited = texts.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')] as const);

    expect(cited.filter(([, text]) => text.includes('docs/design.md §')).length).toBeGreaterThan(10);
    expect(cited.flatMap(([file, text]) => missingSections(text, sections).map((one) => `${file}: ${one}`))).toEqual(
      [],
    );
  });

  it('is missed when it is not', () => {
    expect(missingSections('docs/design.md §10, docs/design.md §17.13', sections)).toEqual([]);
    expect(missingSections('DESIGN §99, docs/design.md §17.99', sections)).toEqual(['§99', '§17.99']);
  });
});
