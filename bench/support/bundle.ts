import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLING } from '../../lib/bundling.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Bundles made by one run of a benchmark. */
export interface Bundles {
  /** The handler of a stage as it is deployed. @returns path of the module. */
  stage(stage: string): Promise<string>;
  /** A file of bench/, so that what is compared with a bundle is one too. @param path from the repository's root. */
  file(path: string): Promise<string>;
  close(): void;
}

/** Bundles with the options of the stack (lib/bundling.ts), into a temporary folder. */
export function createBundles(): Bundles {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const bundle = async (entry: string): Promise<string> => {
    const outfile = join(folder, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
    const { banner, mainFields, ...options } = BUNDLING;
    await build({
      ...options,
      banner: { js: banner },
      mainFields: [...mainFields],
      entryPoints: [join(ROOT, entry)],
      outfile,
      bundle: true,
      platform: 'node',
      logLevel: 'warning',
    });
    return outfile;
  };
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return {
    stage: (stage) => bundle(`lambdas/${stage}/handler.ts`),
    file: bundle,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Bytes of a file. */
export function sizeOf(path: string): number {
  return statSync(path).size;
}
