import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
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
  close(): void;
}

interface Bundle {
  outfile: string;
  /** Files that are in it. */
  inputs: string[];
}

/** Bundles with the options of the stack (lib/constructs/bundling.ts), into a temporary folder. */
export function createBundles(): Bundles {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const make = async (entry: string): Promise<Bundle> => {
    const outfile = join(folder, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
    const { banner, mainFields, ...options } = BUNDLING;
    const { metafile } = await build({
      ...options,
      absWorkingDir: ROOT,
      minify: true,
      sourcemap: true,
      banner: { js: banner },
      mainFields: [...mainFields],
      entryPoints: [join(ROOT, entry)],
      outfile,
      bundle: true,
      platform: 'node',
      logLevel: 'warning',
      metafile: true,
    });
    const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
    const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    return { outfile, inputs: inputs.map(([name]) => name) };
  };
  const made = new Map<string, Promise<Bundle>>();
  /** Each is made once. */
  const bundle = (entry: string): Promise<Bundle> => {
    const known = made.get(entry) ?? make(entry);
    made.set(entry, known);
    return known;
  };
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return {
    stage: async (stage) => (await bundle(handlerOf(stage))).outfile,
    file: async (path) => (await bundle(path)).outfile,
    inputs: async (stage) => (await bundle(handlerOf(stage))).inputs,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function handlerOf(stage: string): string {
  return `lambdas/${stage}/handler.ts`;
}

/** Bytes of a file. */
export function sizeOf(path: string): number {
  return statSync(path).size;
}
