/**
 * How a function's code is bundled: by the stack for AWS and for the local run, and by bench/, which measures the same bytes.
 * Names as in esbuild's own options.
 */
export const BUNDLING = {
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  // What is asked for by `import()` is a file of its own beside the handler's, and compiled when it is asked for.
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  // AWS's SDK is loaded on demand (lambdas/aws/on-demand). `module` is what esbuild takes by itself where no condition is given.
  conditions: ['bundled', 'module'],
  // CommonJS dependencies inside an ESM bundle ask for `require`.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  // A map lies beside each bundle, so that a place in it is found in the source (`npm run where`). Lambda never opens it:
  // only Node's --enable-source-maps does, at 15 ms of every cold start. It doubles the zip, from 0.24 to 0.48 MB.
  // Sources are in the repository.
  sourcesContent: false,
  // To import Node's http as an ECMAScript module reads all that it exports, WebSocket too, for which Node loads its inner undici:
  // 27 of the 150 ms of processor time of a cold start, which are 190 ms at 256 MB. Read as an object it is loaded without.
  // Nobody speaks HTTP/2 here, but undici's client and the SDK import Node's: 9 of the 111 ms of the sender's cold start.
  alias: {
    http: './lambdas/aws/node-http.cjs',
    'node:http': './lambdas/aws/node-http.cjs',
    http2: './lambdas/aws/node-http2.cjs',
    'node:http2': './lambdas/aws/node-http2.cjs',
  },
  // undici's own name for "bundled into Node's core": leaves out its second, experimental parser, 166 KB of the sender's
  // bundle. line.ts chooses the other one anyway.
  define: { esbuildDetection: 'true' },
} as const;
