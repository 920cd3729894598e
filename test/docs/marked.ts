import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatted } from './formatted.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * A page with what stands between `<!-- name: … -->` and `<!-- /name -->` replaced, formatted as the page itself is.
 * @throws when the page lacks one of the marks.
 */
export async function withMarked(path: string, parts: Record<string, string>): Promise<{ page: string; anew: string }> {
  const file = join(ROOT, path);
  let text = readFileSync(file, 'utf8');
  for (const [name, content] of Object.entries(parts)) {
    const marked = new RegExp(`(<!-- ${name}:[^>]*-->\n)[^]*?(\n<!-- /${name} -->)`);
    if (!marked.test(text)) throw new Error(`${path}: expected <!-- ${name}: … --> and <!-- /${name} -->.`);
    text = text.replace(marked, (_, begin: string, end: string) => `${begin}\n${content}\n${end}`);
  }
  return { page: file, anew: await formatted(file, text) };
}
