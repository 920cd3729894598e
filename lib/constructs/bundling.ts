/**
 * How a function's code is bundled: by the stack for AWS and for the local run, and by bench/, which measures the same bytes.
 * Names as in esbuild's own options.
 */
export const BUNDLING = {
  format: 'esm',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  // CommonJS dependencies inside an ESM bundle ask for `require`.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  // undici's own name for "bundled into Node's core": leaves out its second, experimental parser, 166 KB of the sender's
  // bundle. line.ts chooses the other one anyway.
  define: { esbuildDetection: 'true' },
} as const;
