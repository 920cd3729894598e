import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleContents, writeBundle } from '../../lib/constructs/bundle.ts';
import { BUNDLING } from '../../lib/constructs/bundling.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Bundles made by one run of a benchmark. */
export interface Bundles {
  /** The handler of a stage as it is deployed. @returns path of the module. */
  stage(stage: string): Promise<string>;
  /** A file of bench/, so that what is compared with a bundle is one too. @param path from the repository's root. */
  file(path: string): Promise<string>;
  /** Files that are in a stage's bundle. */
  inputs(stage: string): Promise<string[]>;
  /** Paths of what a cold start of a stage reads: its handler's file and what that one imports, not what it loads on demand. */
  readAtStart(stage: string): Promise<string[]>;
  close(): void;
}

/** Those of the stack (lib/constructs/bundle.ts), which are made once of the same sources, in a temporary folder. */
export function createBundles(): Bundles {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const stages = new Map<string, string>();
  const writeStage = (stage: string): string => {
    const known = stages.get(stage) ?? join(folder, stage);
    if (!stages.has(stage)) writeBundle(known, { stage, minify: true });
    stages.set(stage, known);
    return known;
  };
  const files = new Map<string, Promise<string>>();
  const file = (path: string): Promise<string> => {
    const known = files.get(path) ?? bundleFile(path, folder);
    files.set(path, known);
    return known;
  };
  return {
    stage: async (stage) => join(writeStage(stage), 'index.mjs'),
    file,
    inputs: async (stage) => bundleContents({ stage, minify: true }).sources,
    readAtStart: async (stage) => {
      const { readAtStart } = bundleContents({ stage, minify: true });
      return readAtStart.map((name) => join(writeStage(stage), name));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns path of the bundle. */
async function bundleFile(entry: string, folder: string): Promise<string> {
  const name = entry.replaceAll('/', '-').replace(/\.ts$/, '');
  const { banner, conditions, mainFields, ...options } = BUNDLING;
  await build({
    ...options,
    absWorkingDir: ROOT,
    minify: true,
    sourcemap: true,
    banner: { js: banner },
    conditions: [...conditions],
    mainFields: [...mainFields],
    entryPoints: { [name]: join(ROOT, entry) },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    logLevel: 'warning',
  });
  return join(folder, `${name}.mjs`);
}

/** Bytes of a file. */
export function sizeOf(path: string): number {
  return statSync(path).size;
}
