import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, version, type Metafile } from 'esbuild';
import { BUNDLING } from './bundling.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/bundles');
/** What npm has installed: stands for all files in node_modules, which nobody edits. */
const INSTALLED = 'node_modules/.package-lock.json';

/** Another one for other members of {@link Kept}: what older code has kept is then left alone. */
const FORMAT = 2;

/** What makes a bundle. */
export interface BundleProps {
  /** Folder in lambdas/: `ingest`, `fan-out`, … */
  stage: string;
  minify: boolean;
  /** Folder of bundles made before. @default node_modules/.cache/bundles */
  cache?: string;
}

/** One bundle as it is kept: its files, and what they were made of. */
interface Kept {
  /** Hash of each file that went into it, by path from the repository's root. */
  inputs: Record<string, string>;
  /** Text of each file, by its path in the bundle. Maps name their sources as if it lay in the repository's root. */
  files: Record<string, string>;
  contents: BundleContents;
}

/** What is in a bundle. */
export interface BundleContents {
  /** Paths, from the repository's root, of all files of which something is in it, of npm's packages too. */
  sources: string[];
  /** Those of its files that are read before anything is asked for: `index.mjs` and what that one imports. */
  readAtStart: string[];
}

/**
 * Writes the bundle of a stage into a folder: `index.mjs`, in `parts/` what is loaded on demand, and beside each its source map. It
 * is made only when what it is made of is not what it was the last time: seven bundles are six seconds of a processor.
 * @returns whether it was made.
 */
export function writeBundle(folder: string, props: BundleProps): boolean {
  const { bundle, isNew } = bundleOf(props);
  for (const [name, text] of Object.entries(bundle.files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name.endsWith('.map') ? movedMap(text, name, folder) : text);
  }
  return isNew;
}

/** What is in the bundle of a stage, which is made if need be. */
export function bundleContents(props: BundleProps): BundleContents {
  return bundleOf(props).bundle.contents;
}

function bundleOf({ stage, minify, cache = CACHE }: BundleProps): { bundle: Kept; isNew: boolean } {
  const file = join(cache, `${stage}-${hash(JSON.stringify([FORMAT, minify, BUNDLING, version]))}.json`);
  const kept = readKept(file);
  if (kept) return { bundle: kept, isNew: false };
  const bundle = makeBundle(stage, minify);
  keep(file, bundle);
  return { bundle, isNew: true };
}

/** A map whose sources are named as esbuild would name them, had it written the bundle into that folder. */
function movedMap(text: string, name: string, folder: string): string {
  const map = JSON.parse(text) as { sources: string[] };
  const [from, to] = [join(ROOT, name, '..'), join(folder, name, '..')];
  return JSON.stringify({ ...map, sources: map.sources.map((source) => relative(to, join(from, source))) });
}

/** What is kept, when it was made of the files as they are now. Without a list of what npm has installed nobody knows. */
function readKept(file: string): Kept | undefined {
  if (!existsSync(file) || hashOf(INSTALLED) === '') return undefined;
  const kept = parseKept(readFileSync(file, 'utf8'));
  return kept && Object.entries(kept.inputs).every(([path, was]) => hashOf(path) === was) ? kept : undefined;
}

/** A file that a full disk left half written is none. */
function parseKept(text: string): Kept | undefined {
  try {
    return JSON.parse(text) as Kept;
  } catch {
    return undefined;
  }
}

function makeBundle(stage: string, minify: boolean): Kept {
  const { banner, conditions, mainFields, ...options } = BUNDLING;
  const { outputFiles, metafile } = buildSync({
    ...options,
    absWorkingDir: ROOT,
    banner: { js: banner },
    bundle: true,
    conditions: [...conditions],
    entryPoints: { index: `lambdas/${stage}/handler.ts` },
    logLevel: 'warning',
    mainFields: [...mainFields],
    metafile: true,
    minify,
    outdir: ROOT,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    sourcemap: true,
    write: false,
  });
  const own = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'));
  const inputs = [...own, INSTALLED, 'tsconfig.json', 'package.json'];
  return {
    inputs: Object.fromEntries(inputs.map((path) => [path, hashOf(path)])),
    files: Object.fromEntries(outputFiles.map(({ path, text }) => [relative(ROOT, path), text])),
    contents: contentsOf(metafile.outputs),
  };
}

function contentsOf(outputs: Metafile['outputs']): BundleContents {
  const parts = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const readAtStart = new Set(['index.mjs']);
  for (const name of readAtStart) {
    for (const { kind, path } of outputs[name]?.imports ?? [])
      if (kind === 'import-statement' && outputs[path]) readAtStart.add(path);
  }
  return {
    sources: [...new Set(parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path))],
    readAtStart: [...readAtStart],
  };
}

/** In one step: another synthesis may be reading it. */
function keep(file: string, bundle: Kept): void {
  mkdirSync(dirname(file), { recursive: true });
  const work = mkdtempSync(`${file}-`);
  writeFileSync(join(work, 'new'), JSON.stringify(bundle));
  renameSync(join(work, 'new'), file);
  rmSync(work, { recursive: true });
}

/** @returns empty: there is no such file. */
function hashOf(path: string): string {
  const full = join(ROOT, path);
  return existsSync(full) ? hash(readFileSync(full)) : '';
}

const hash = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 32);

/** Copies a folder of the repository beside the code. */
export function copyBeside(folder: string, { from, to }: { from: string; to: string }): void {
  cpSync(join(ROOT, from), join(folder, to), { recursive: true });
}
