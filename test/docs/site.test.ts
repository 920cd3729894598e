import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { serveConsole } from '../../lambdas/api/console/console.ts';
import { createStaticFiles } from '../../lambdas/api/console/static-files.ts';
import { compress } from '../../scripts/console.ts';
import { writeDocsSite } from '../../scripts/docs-site.ts';

// The documents that the api function serves at /docs, as it serves them.

const folder = mkdtempSync(join(tmpdir(), 'docs-site-'));
const raw = join(folder, 'raw');
const files = createStaticFiles(join(folder, 'files'));
let pages: Map<string, string>;

beforeAll(() => {
  writeDocsSite(join(raw, 'docs'));
  compress(raw, join(folder, 'files'));
  pages = new Map(
    readdirSync(join(raw, 'docs'))
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name.replace('.html', ''), readFileSync(join(raw, 'docs', name), 'utf8')]),
  );
});

describe('the documents at /docs', () => {
  it.each(['/docs', '/docs/', '/docs/receivers', '/docs/verify', '/docs/troubleshooting.html'])(
    'answer %s with a page',
    async (path) => {
      const { statusCode, headers } = await serveConsole(files, path, 'br');

      expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    },
  );

  it.each(['/docs/nothing', '/docs/../index', '/docs/docs'])('answer %s with a 404', async (path) => {
    await expect(serveConsole(files, path, 'br')).rejects.toMatchObject({ status: 404 });
  });

  it('lead nowhere but to pages, headings and addresses that exist', () => {
    const ids = (name: string): string[] => [...pages.get(name)!.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    for (const [name, html] of pages) {
      for (const [, href] of html.matchAll(/href="([^"]+)"/g)) {
        if (/^https:|^\/(docs\.css|openapi\.json|docs\/docs\.css)?$/.test(href!)) continue;
        const [path = '', anchor] = href!.split('#');
        const page = path === '' ? name : path === '/docs' ? 'index' : path.replace('/docs/', '');
        expect([...pages.keys()], `${href} in ${name}`).toContain(page);
        if (anchor !== undefined) expect(ids(page), `${href} in ${name}`).toContain(anchor);
      }
    }
  });

  it('have code for every language, whole', () => {
    const code = readFileSync(join(import.meta.dirname, '../../docs/verify/verify.py'), 'utf8').trim();
    const shown = pages
      .get('verify')!
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');

    expect(shown).toContain(code);
    for (const name of ['Node', 'Python', 'Go', 'Java', 'C#', 'PHP', 'Ruby']) {
      expect(shown).toContain(`>${name}</h2>`);
    }
  });

  it('hold no script and no style of their own, which the content security policy would not let run', () => {
    for (const html of pages.values()) expect(html).not.toMatch(/<script|<style|style="/);
  });
});
