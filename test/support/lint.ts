import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const OXLINT = join(ROOT, 'node_modules/oxlint/bin/oxlint');
/** Looked for in the folder that is linted, otherwise. */
const TSGOLINT = join(ROOT, 'node_modules/.bin/tsgolint');

export interface Complaint {
  /** As the configuration calls it. */
  rule: string;
  /** From 1. */
  line: number;
  message: string;
}

/**
 * What lint says of files as if they stood in this repository: the real command in a folder of its own, with the real
 * configuration. One run for many files: it takes a second of a processor. @param files their code by path
 * @param flags of the command, e.g. `--type-check`
 */
export function lintAsIfHere(files: ReadonlyMap<string, string>, ...flags: string[]): Map<string, Complaint[]> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-lint-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  try {
    write('oxlint.config.ts', `export { default } from '${join(ROOT, 'oxlint.config.ts')}';`);
    write('package.json', '{ "type": "module" }');
    write(
      'tsconfig.json',
      JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: { typeRoots: [join(ROOT, 'node_modules/@types')] },
        include: ['.'],
      }),
    );
    for (const [path, code] of files) write(path, code);
    return complaintsOf(folder, [...files.keys()], flags);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report {
  diagnostics: {
    /** None for what is no rule's, as code that cannot be read. */
    code?: string;
    message: string;
    help?: string;
    filename: string;
    labels: { span: { line: number } }[];
  }[];
}

function complaintsOf(folder: string, paths: string[], flags: string[]): Map<string, Complaint[]> {
  const { stdout, stderr } = spawnSync(process.execPath, [OXLINT, '--format', 'json', ...flags], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, OXLINT_TSGOLINT_PATH: TSGOLINT },
    maxBuffer: 100_000_000,
  });
  if (!stdout.startsWith('{')) throw new Error(`Expected oxlint's report as JSON, got:\n${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as Report;
  const complaints = new Map(paths.map((path) => [path, [] as Complaint[]]));
  for (const { code = '', message, help = '', filename, labels } of diagnostics)
    complaints.get(filename)!.push({
      rule: code.replace(/^(.*)\((.*)\)$/, '$1/$2').replace(/^eslint\//, ''),
      line: labels[0]!.span.line,
      message: `${message} ${help}`,
    });
  return complaints;
}
