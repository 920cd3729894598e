import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkRelease, type Release } from './release/check.ts';
import { readOptions } from './read-options.ts';

const ROOT = join(import.meta.dirname, '..');
/** Packages that others install; the console and the local run are parts of this repository. */
const PACKAGES = ['construct', 'receiver'];

const USAGE = `npm run release -- [--dry-run] [--skip-tests] [--to <folder>]
Checks that everything is ready, packs ${PACKAGES.join(' and ')}, and tags the commit v<version>. Publishes and pushes nothing.
  --dry-run      checks and packs, and says what it would tag
  --skip-tests   for when CI has tested this very commit
  --to <folder>  where the packages go (default dist/packages)`;

const { values } = readOptions(
  {
    options: {
      'dry-run': { type: 'boolean', default: false },
      'skip-tests': { type: 'boolean', default: false },
      to: { type: 'string', default: 'dist/packages' },
    },
  },
  USAGE,
);

const git = (...words: string[]): string => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim();
const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { version: string }).version;

function readRelease(): Release {
  return {
    uncommitted: git('status', '--porcelain'),
    tags: git('tag', '--list', 'v*').split('\n').filter(Boolean),
    versions: Object.fromEntries(
      ['.', 'console', 'construct', 'local', 'receiver'].map((folder) => [folder, versionOf(folder)]),
    ),
    vectors: readdirSync(join(ROOT, 'test/compatibility')).filter((name) => /^\d/.test(name)),
    changelog: readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'),
  };
}

function test(): void {
  if (values['skip-tests']) return console.log('Tests: left out, as asked.');
  execFileSync('npm', ['test'], { cwd: ROOT, stdio: 'inherit' });
}

function pack(): string[] {
  const to = resolve(ROOT, values.to);
  mkdirSync(to, { recursive: true });
  return PACKAGES.map((folder) => {
    const words = ['pack', join(ROOT, folder), '--json', '--pack-destination', to];
    const printed = execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    // What the packages' own builds print comes before.
    const [packed] = JSON.parse(printed.slice(printed.search(/^\[$/m))) as { filename: string; size: number }[];
    return `${values.to}/${packed!.filename} (${Math.ceil(packed!.size / 1000)} kB)`;
  });
}

try {
  const release = readRelease();
  const tag = `v${release.versions['.']}`;
  const wrong = checkRelease(release);
  for (const line of wrong) console.error(`- ${line}`);
  if (wrong.length > 0) throw new Error(`${tag} cannot be released: ${wrong.length} to fix, see above.`);
  test();
  console.log(`Packed: ${pack().join(', ')}`);
  if (values['dry-run']) {
    console.log(`Would tag ${git('rev-parse', '--short', 'HEAD')} as ${tag}. Nothing was tagged, published or pushed.`);
  } else {
    git('tag', '--annotate', tag, '--message', `Posthorn ${tag.slice(1)}`);
    console.log(`Tagged ${tag}. Yours to do: git push origin ${tag}, and npm publish of the packages.`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
