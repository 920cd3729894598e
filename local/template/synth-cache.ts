import { createHash } from 'node:crypto';
import {
  cpSync,
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
import { dirname, join, relative } from 'node:path';
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
 * Synthesizes an app, or hands over what a synthesis of the same files and settings left in `node_modules/.cache/synth`: by
 * whichever process, `npm start` or a test. One process at a time synthesizes, the others wait and find what they need.
 * @param watched the files that the app is made of, `watch` of cdk.json.
 * @returns whether it was synthesized.
 * @throws what {@link synthesize} throws.
 */
export async function synthesizeOnce(options: SynthOptions, watched: Watched): Promise<boolean> {
  const cache = join(options.cwd, 'node_modules/.cache/synth');
  const entry = (): string => join(cache, `assembly-${keyOf(options, watched)}`);
  if (take(entry(), options.outdir)) return false;
  const unlock = await lockWhenFree(join(cache, 'lock'), options.signal);
  try {
    const place = entry();
    if (take(place, options.outdir)) return false;
    // As deep as what is kept: source maps name their sources from there.
    const work = join(cache, 'new');
    await synthesize({ ...options, outdir: work });
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

/** Copies a kept assembly to where it is wanted. @returns whether there is one. */
function take(kept: string, outdir: string): boolean {
  if (!existsSync(kept)) return false;
  utimesSync(kept, new Date(), new Date());
  rmSync(outdir, { recursive: true, force: true });
  copyFolder(kept, outdir);
  return true;
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, file.name), join(to, file.name)];
    if (file.isDirectory()) copyFolder(source, copy);
    else if (file.name.endsWith('.map')) copyMap(source, copy);
    else cpSync(source, copy);
  }
}

/** Sources of a map are named from its folder, wherever that is now. */
function copyMap(from: string, to: string): void {
  const map = JSON.parse(readFileSync(from, 'utf8')) as { sourceRoot?: string };
  const sourceRoot = `${relative(dirname(to), join(dirname(from), map.sourceRoot ?? ''))}/`;
  writeFileSync(to, JSON.stringify({ ...map, sourceRoot }));
}

/** Moves an assembly among those that are kept; assets that another one has too are stored once. */
function keep(work: string, place: string): void {
  const cache = dirname(place);
  const others = readdirSync(cache)
    .filter((name) => name.startsWith('assembly-'))
    .map((name) => join(cache, name));
  for (const asset of readdirSync(work).filter((name) => name.startsWith('asset.'))) {
    const same = others.map((other) => join(other, asset)).find((path) => existsSync(path));
    if (!same || !statSync(same).isDirectory()) continue;
    rmSync(join(work, asset), { recursive: true });
    linkFolder(same, join(work, asset));
  }
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
    else linkSync(source, copy);
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
