import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { build, type Plugin } from 'esbuild';
import { StageFunction } from '../lib/constructs/function.ts';
import { Posthorn } from '../lib/posthorn.ts';
import { writeCatalogue } from './catalogue.ts';
import { buildConsole } from './console.ts';

const ROOT = join(import.meta.dirname, '..');
const PACKAGE = join(ROOT, 'construct');
const DIST = join(PACKAGE, 'dist');

/**
 * Builds construct/dist, which is all that the package for other people's CDK apps holds: the construct as CommonJS, as
 * aws-cdk-lib itself is, so that every app can load it; the functions' bundles, exactly those that this repository's app
 * deploys; types; operators' commands. Nothing is left to compile or to bundle where it is installed.
 */
export async function buildConstruct(): Promise<void> {
  writeCatalogue();
  await buildConsole();
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  await bundleConstruct();
  await bundleCommands();
  copyFunctions();
  writeTypes();
}

const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' } as const;

async function bundleConstruct(): Promise<void> {
  await build({
    ...common,
    entryPoints: [join(ROOT, 'lib/index.ts')],
    outfile: join(DIST, 'index.js'),
    format: 'cjs',
    external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'],
    plugins: [takePrebuilt],
  });
}

const takePrebuilt: Plugin = {
  name: 'take-prebuilt-functions',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/function-code\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path.replace(/\.ts$/, '.prebuilt.ts'), 'utf8'),
      loader: 'ts',
    })),
};

async function bundleCommands(): Promise<void> {
  await build({
    ...common,
    entryPoints: [join(ROOT, 'scripts/commands.ts')],
    outfile: join(DIST, 'commands.mjs'),
    format: 'esm',
    minify: true,
    banner: {
      js: "#!/usr/bin/env node\nimport{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  });
}

/** Bundled by a synthesis, not beside it: the assets of an app with the package are then those of this repository's own. */
function copyFunctions(): void {
  // As deep as cdk.out: source maps name their sources from there.
  const outdir = mkdtempSync(join(ROOT, 'cdk.out-'));
  try {
    // Nobody reads which line made what: it takes longer than to make it.
    const context = { 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-stack-trace': true };
    const app = new App({ outdir, context, treeMetadata: false });
    new Posthorn(new Stack(app, 'Stack'), 'Default');
    app.synth();
    for (const fn of app.node.findAll().filter((node) => node instanceof StageFunction)) {
      const { s3Key } = Stack.of(fn).resolve((fn.node.defaultChild as CfnFunction).code) as { s3Key: string };
      cpSync(join(outdir, `asset.${s3Key.replace(/\.zip$/, '')}`), join(DIST, 'functions', fn.stage), {
        recursive: true,
      });
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Declarations of what can be reached from the entry; their imports name files as they are called there. */
function writeTypes(): void {
  const all = mkdtempSync(join(tmpdir(), 'posthorn-types-'));
  try {
    const tsc = join(ROOT, 'node_modules/typescript-7/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', PACKAGE, '--outDir', all]);
    const seen = new Set<string>();
    const copy = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = readFileSync(path, 'utf8');
      const to = join(DIST, 'types', relative(all, path));
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, text.replace(/(['"])(\.{1,2}\/[^'"]+)\.ts\1/g, '$1$2.js$1'));
      for (const [, imported] of text.matchAll(/['"](\.{1,2}\/[^'"]+)\.ts['"]/g)) {
        copy(join(dirname(path), `${imported}.d.ts`));
      }
    };
    copy(join(all, 'lib/index.d.ts'));
  } finally {
    rmSync(all, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  await buildConstruct();
  console.log(`construct/dist written: ${readdirSync(DIST).join(', ')}`);
}
