import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  globSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FolderInUse, lockFolder } from '../lock.ts';
import { synthesize, type SynthOptions, type Watched } from './synth.ts';

/** Assemblies that are kept, those used last. Their assets are shared, so that one more is 2 MB. */
const KEPT = 16;
/** An assembly that may still be being read is not taken away, milliseconds. */
const YOUNG_MS = 600_000;
/** What npm has installed: stands for all files in node_modules, which nobody edits. */
const INSTALLED = 'node_modules/.package-lock.json';
/** Environment that an app is made of; what concerns only this machine or the tests makes no difference to it. */
const SETTINGS = /^(AWS|CDK|POSTHORN)_(?!LOCAL_|INSPECT$|BROWSER$|TEST_|OUTDIR$)/;
const NEVER_WATCHED = ['**/node_modules', '**/.*', 'cdk.out*'];

/**
 * Synthesizes an app, or hands over what a synthesis of the same files and settings left in `node_modules/.cache/assemblies`: by
 * whichever process, `npm start` or a test. One process at a time synthesizes, the others wait and find what they need.
 * @param watched the files that the app is made of, `watch` of cdk.json.
 * @returns whether it was synthesized.
 * @throws what {@link synthesize} throws.
 */
export async function synthesizeOnce(options: SynthOptions, watched: Watched): Promise<boolean> {
  const cache = join(options.cwd, 'node_modules/.cache/assemblies');
  const entry = (): string => join(cache, `assembly-${keyOf(options, watched)}`);
  if (take(entry(), options.outdir)) return false;
  const unlock = await lockWhenFree(join(cache, 'lock'), options.signal);
  try {
    const place = entry();
    if (take(place, options.outdir)) return false;
    const work = join(cache, 'new');
    await synthesize({ ...options, outdir: work });
    shareAssets(work);
    // Files that were edited, or that the app itself wrote, in the meantime: nobody knows which state of them this is.
    const known = entry() === place;
    const kept = known ? place : work;
    if (known) keep(work, place);
    take(kept, options.outdir);
    return true;
  } finally {
    unlock();
  }
}

function keyOf({ cwd, command, context, env }: SynthOptions, { include, exclude }: Watched): string {
  const hash = createHash('sha256');
  const settings = Object.entries(env).filter(([name]) => SETTINGS.test(name));
  hash.update(JSON.stringify([command, context, settings.sort(), process.version, cwd]));
  const files = globSync(include, { cwd, exclude: [...NEVER_WATCHED, ...exclude], withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
  for (const path of [...files, join(cwd, 'cdk.json'), join(cwd, INSTALLED)].sort()) {
    if (existsSync(path)) hash.update(`\n${path}\n`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Puts a kept assembly where it is wanted: files of its assets are those that are kept, nobody changes them. @returns whether there is one. */
function take(kept: string, outdir: string): boolean {
  if (!existsSync(kept)) return false;
  utimesSync(kept, new Date(), new Date());
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  for (const file of readdirSync(kept, { withFileTypes: true })) {
    const [source, copy] = [join(kept, file.name), join(outdir, file.name)];
    if (file.isDirectory()) linkFolder(source, copy);
    else copyFileSync(source, copy);
  }
  return true;
}

const assetsOf = (assembly: string): string[] => readdirSync(assembly).filter((name) => name.startsWith('asset.'));

/** Stores the assets of a new assembly that another one has too once, and has maps of the others name their sources wherever they lie. */
function shareAssets(work: string): void {
  const cache = dirname(work);
  const others = assembliesIn(cache);
  for (const asset of assetsOf(work)) {
    const same = others.map((other) => join(other, asset)).find((path) => existsSync(path));
    if (same && statSync(same).isDirectory()) {
      rmSync(join(work, asset), { recursive: true });
      linkFolder(same, join(work, asset));
    } else for (const map of globSync(`${asset}/**/*.map`, { cwd: work })) nameSources(join(work, map));
  }
}

/** A map names its sources from where it was made. */
function nameSources(file: string): void {
  const map = JSON.parse(readFileSync(file, 'utf8')) as { sourceRoot?: string };
  const sourceRoot = `${resolve(dirname(file), map.sourceRoot ?? '')}/`;
  writeFileSync(file, JSON.stringify({ ...map, sourceRoot }));
}

const assembliesIn = (cache: string): string[] =>
  readdirSync(cache)
    .filter((name) => name.startsWith('assembly-'))
    .map((name) => join(cache, name));

/** Moves an assembly among those that are kept. */
function keep(work: string, place: string): void {
  const others = assembliesIn(dirname(place));
  renameSync(work, place);
  const byAge = others.map((path) => ({ path, usedMs: statSync(path).mtimeMs })).sort((a, b) => b.usedMs - a.usedMs);
  for (const { path, usedMs } of byAge.slice(KEPT - 1)) {
    if (usedMs < Date.now() - YOUNG_MS) rmSync(path, { recursive: true, force: true });
  }
}

function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const file of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, file.name), join(to, file.name)];
    if (file.isDirectory()) linkFolder(source, copy);
    else linkFile(source, copy);
  }
}

/** One file in two places, or a copy where the second is on another disk or no such thing is known. */
function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

async function lockWhenFree(folder: string, signal?: AbortSignal): Promise<() => void> {
  for (;;) {
    try {
      return lockFolder(folder);
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      await wait(100, undefined, signal && { signal });
    }
  }
}
