import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
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

interface Bundle {
  outfile: string;
  /** Files that are in it. */
  inputs: string[];
  /** Paths of its parts that are read with it. */
  readAtStart: string[];
}

/** Bundles with the options of the stack (lib/constructs/bundling.ts), into a temporary folder. */
export function createBundles(): Bundles {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const make = async (entry: string): Promise<Bundle> => {
    const name = entry.replaceAll('/', '-').replace(/\.ts$/, '');
    const { banner, conditions, mainFields, ...options } = BUNDLING;
    const { metafile } = await build({
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
      metafile: true,
    });
    const code = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.mjs'));
    const inputs = code.flatMap(([, { inputs }]) => Object.entries(inputs).filter(([, one]) => one.bytesInOutput > 0));
    const first = code.find(([, { entryPoint }]) => entryPoint === entry)![0];
    return {
      outfile: join(folder, `${name}.mjs`),
      inputs: [...new Set(inputs.map(([path]) => path))],
      readAtStart: importedFrom(first, metafile.outputs).map((path) => join(ROOT, path)),
    };
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
    readAtStart: async (stage) => (await bundle(handlerOf(stage))).readAtStart,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns an output and all that it imports, as `metafile` names them. */
function importedFrom(first: string, outputs: Metafile['outputs']): string[] {
  const found = new Set([first]);
  for (const path of found) {
    for (const { kind, path: next } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && outputs[next]) found.add(next);
  }
  return [...found];
}

function handlerOf(stage: string): string {
  return `lambdas/${stage}/handler.ts`;
}

/** Bytes of a file. */
export function sizeOf(path: string): number {
  return statSync(path).size;
}
