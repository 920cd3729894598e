import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
const [, promises = ''] = /## Promises and their tests\n([^]*?)\n## /.exec(page) ?? [];
const rows = promises.split('\n').filter((line) => line.startsWith('| ') && !/^\| (promise|-)/.test(line));

describe('docs/security.md', () => {
  it('names a test for each promise', () => {
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row.split('|').at(-2), row).toMatch(/`(\w+\/)?test\/[^`]+\.ts`/);
  });

  it('names only files that exist', () => {
    const named = [...page.matchAll(/`((?:test|lambdas|lib|docs|scripts)\/[^`]+\.\w+)`/g)].map(([, path]) => path!);
    const linked = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => join('docs', path!));
    expect(named.length).toBeGreaterThan(rows.length);
    expect([...named, ...linked].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
