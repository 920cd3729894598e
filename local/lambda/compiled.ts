import { existsSync, globSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the assets of an assembly, where bootstrap.mjs looks for it. */
const LINK = 'compiled';
/** Bundles change with their sources, and Node removes nothing: what is so old is made again in case somebody needs it. */
const KEPT_MS = 7 * 86_400_000;
/** The first Node that finds what it has compiled by where a module lies beside the cache: `portable`. */
const PORTABLE_SINCE = [24, 12] as const;

/**
 * Has Node keep what it compiles of the bundles of an assembly, and find it again in the next one with the same bundles, wherever
 * that lies: half of what a function takes to load. The folder is linked into each assembly, so that every bundle has the same way
 * from it, by which Node knows it.
 * @param outdir the assembly. @param project whose `node_modules/.cache` is used; without node_modules nothing is kept.
 */
export function keepCompiled(outdir: string, project: string): void {
  const installed = join(project, 'node_modules');
  if (!isPortable() || !existsSync(installed)) return;
  const cache = join(installed, '.cache/functions');
  mkdirSync(cache, { recursive: true });
  for (const path of globSync('*/*', { cwd: cache }).map((name) => join(cache, name))) {
    // Another process may remove it first.
    const changedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changedMs !== undefined && changedMs < Date.now() - KEPT_MS) rmSync(path, { force: true });
  }
  const link = join(outdir, LINK);
  // An assembly may be a copy of one that has it.
  rmSync(link, { force: true });
  symlinkSync(cache, link, 'junction');
}

function isPortable(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [since, sinceMinor] = PORTABLE_SINCE;
  return major > since || (major === since && minor >= sinceMinor);
}
