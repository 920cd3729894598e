import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, posix } from 'node:path';
import { Marked } from 'marked';

const ROOT = join(import.meta.dirname, '..');

/** Pages for customers and producers, by their names below `/docs/`, each of a document in the repository. */
const PAGES: Record<string, { source: string; title: string }> = {
  receivers: { source: 'docs/receivers.md', title: 'Receiving webhooks' },
  producers: { source: 'docs/producers.md', title: 'Publishing events' },
  troubleshooting: { source: 'docs/troubleshooting.md', title: 'When webhooks do not arrive' },
  'receiver-kit': { source: 'receiver/README.md', title: 'The receiver kit for Node' },
};

/** Code to verify a signature, in the order of the page. */
const LANGUAGES: Record<string, string> = {
  'verify.mjs': 'Node',
  'verify.py': 'Python',
  'verify.go': 'Go',
  'Verify.java': 'Java',
  'Verify.cs': 'C#',
  'verify.php': 'PHP',
  'verify.rb': 'Ruby',
};
const CODE = 'docs/verify';

/** What the site is made of: shows whether it is out of date. */
export const DOCS_INPUTS = [...Object.values(PAGES).map(({ source }) => source), CODE, 'scripts/docs-site.ts'];

/**
 * Writes `/docs` as files of HTML: no script, one style sheet, so that the console's content security policy holds for
 * them too.
 * @throws Error when code for a language has no place on the page.
 */
export function writeDocsSite(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, title: string, markdown: string, source: string): void =>
    writeFileSync(join(folder, `${name}.html`), page(title, toHtml(markdown, source)));
  for (const [name, { source, title }] of Object.entries(PAGES)) {
    write(name, title, readFileSync(join(ROOT, source), 'utf8'), source);
  }
  write('verify', 'Verify a signature', verifyPage(), 'docs/verify.md');
  write('index', 'Webhooks', indexPage(), 'docs/index.md');
  writeFileSync(join(folder, 'docs.css'), STYLE);
}

function indexPage(): string {
  return `# Webhooks

| I want to …                          | read                                                          |
| ------------------------------------ | ------------------------------------------------------------- |
| **receive** webhooks                 | [Receiving webhooks](receivers.md): five rules, then the rest |
| **verify** a signature               | [Code for seven languages](verify.md)                         |
| receive with **Node**                | [The receiver kit](../receiver/README.md)                     |
| know why something **did not arrive** | [Causes by status and reason](troubleshooting.md)            |
| **publish** events                   | [Publishing events](producers.md)                             |
| look into my log, change a URL       | <a href="/">the console</a>                                   |
| call the **API**                     | <a href="/openapi.json">its description, OpenAPI</a>          |

## The first webhook in five minutes

1. Sign in to <a href="/">the console</a> with your API key, and add a subscription with your URL.
2. Its page shows its secret and the code for your language ([all of them](verify.md)). Answer 200 once the delivery is stored.
3. Press _Send …_ for an example. The console shows your answer.
4. Does it say anything but 200? [Causes by status](troubleshooting.md).
`;
}

function verifyPage(): string {
  const files = readdirSync(join(ROOT, CODE)).sort();
  const homeless = files.filter((file) => !Object.hasOwn(LANGUAGES, file));
  if (homeless.length > 0) throw new Error(`Say in scripts/docs-site.ts which language ${homeless.join(', ')} is.`);
  const sections = Object.entries(LANGUAGES).map(([file, language]) => {
    const code = readFileSync(join(ROOT, CODE, file), 'utf8').trimEnd();
    return `## ${language}\n\n\`\`\`${extname(file).slice(1)}\n${code}\n\`\`\`\n`;
  });
  return `# Verify a signature

Any library of [Standard Webhooks](https://www.standardwebhooks.com) will do. Without one, copy the function of your language:
it needs nothing but the standard library, and is tested against the public library. Give it the bytes of the body as they came,
before any JSON parser. Does it not match? [The usual causes](troubleshooting.md#the-signature-does-not-match).

${sections.join('\n')}`;
}

/** @param source the document's path, from which its links are read. */
function toHtml(markdown: string, source: string): string {
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${slug(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const to = target(href, source);
        return to === undefined ? text : `<a href="${escapeHtml(to)}">${text}</a>`;
      },
      table(token) {
        const cells = (row: typeof token.header, tag: 'th' | 'td'): string =>
          `<tr>${row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
        const body = token.rows.map((row) => cells(row, 'td')).join('\n');
        return `<div class="table" tabindex="0" role="region" aria-label="Table"><table><thead>${cells(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  return marked.parse(markdown, { async: false }).replace(/<!--[\s\S]*?-->/g, '');
}

/** Where a link of a document leads on the site; undefined: to a part of the repository that is not on it. */
function target(href: string, source: string): string | undefined {
  if (/^(https?:|#|\/)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const full = posix.join(dirname(source), path);
  const name = full === 'docs/verify.md' ? 'verify' : Object.keys(PAGES).find((one) => PAGES[one]!.source === full);
  const fromCode = dirname(full) === CODE ? `verify#${slug(LANGUAGES[basename(full)] ?? '')}` : undefined;
  if (name === undefined) return fromCode && `/docs/${fromCode}`;
  return `/docs/${name}${anchor === undefined ? '' : `#${anchor}`}`;
}

/** The anchor of a heading, as GitHub makes it. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Posthorn</title>
<link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
<nav aria-label="Documents"><a href="/docs">Documents</a> <a href="/docs/receivers">Receive</a> <a href="/docs/verify">Verify</a>
<a href="/docs/troubleshooting">Troubleshoot</a> <a href="/docs/producers">Publish</a> <a href="/">Console</a></nav>
<main>
${content}</main>
</body>
</html>
`;
}

const STYLE = `:root { color-scheme: light dark; --line: #8886; --shade: #8881; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --link: #8ab4f8; } }
body { font: 16px/1.6 system-ui, sans-serif; margin: 0 auto; max-width: 52rem; padding: 0 1rem 4rem; overflow-wrap: anywhere; }
nav { border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0.75rem 0; }
a { color: var(--link); }
h1, h2, h3 { line-height: 1.25; margin-top: 2rem; }
pre { background: var(--shade); border-radius: 6px; overflow-x: auto; padding: 0.75rem 1rem; overflow-wrap: normal; }
code { font: 0.9em ui-monospace, monospace; }
.table { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; vertical-align: top; }
td:first-child { min-width: 6rem; }
@media (max-width: 600px) { td { overflow-wrap: break-word; min-width: 9rem; } }
`;
