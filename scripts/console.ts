import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { DOCS_INPUTS, writeDocsSite } from './docs-site.ts';
import { withoutMetrics } from './without-metrics.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'console');
const DIST = join(SOURCE, 'dist');
const MADE_OF = '// Made of the OpenAPI document by scripts/console.ts.\n';
/** Inside dist: what the function ships. */
const FILES = 'files';
const TYPES = join(SOURCE, 'src/api/schema.generated.ts');
/** Types of what customers receive, for the receiver kit. */
const EVENT_TYPES = join(ROOT, 'receiver/src/events.generated.ts');
const STAMP = 'stamp';

/** Whatever the built console depends on: its sources, the API that it is typed by, libraries, and customers' documents. */
export const CONSOLE_INPUTS = [
  'console',
  'lambdas/api',
  'lambdas/domain',
  'package-lock.json',
  'scripts/console.ts',
  'scripts/without-metrics.ts',
  ...DOCS_INPUTS,
];
const NOT_INPUTS = new Set([DIST, TYPES, join(SOURCE, 'test'), join(SOURCE, 'README.md')]);

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Builds the console and the documents for customers into console/dist/files, as the api function ships them: every file as brotli and as gzip, and `files.json`
 * with their media types. Runs before every synth and test, and does nothing when its inputs are those of the last time.
 * @returns whether it was out of date.
 * @throws Error when the sources do not build.
 */
export async function buildConsole(): Promise<boolean> {
  const hash = hashOf(CONSOLE_INPUTS);
  const stamp = join(DIST, STAMP);
  if (existsSync(stamp) && existsSync(TYPES) && existsSync(EVENT_TYPES) && readFileSync(stamp, 'utf8') === hash)
    return false;
  await writeTypes();
  // Beside its place, then moved there: two synths at the same time both end with a whole console.
  mkdirSync(join(SOURCE, 'node_modules'), { recursive: true });
  const work = mkdtempSync(join(SOURCE, 'node_modules/dist-'));
  try {
    await bundle(join(work, 'raw'));
    writeDocsSite(join(work, 'raw/docs'));
    compress(join(work, 'raw'), join(work, 'dist', FILES));
    writeFileSync(join(work, 'dist', STAMP), hash);
    replaceFolder(DIST, join(work, 'dist'), join(work, 'old'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return true;
}

/** Types of the management API, and of what customers receive, from the OpenAPI document that the api function serves. */
async function writeTypes(): Promise<void> {
  const [{ createRoutes }, { schemaName }, { default: openApiTypes, astToString }] = await Promise.all([
    import('../lambdas/api/routes.ts'),
    import('../lambdas/api/catalogue/webhooks.ts'),
    import('openapi-typescript'),
  ]);
  // Describing the routes calls none of them, so they get no stores.
  const routes = createRoutes({ ids: {}, version: '' } as never);
  const describe = routes.find((route) => route.path === '/openapi.json')!;
  const { body } = await describe.handle({} as never);
  const { webhooks, components, ...document } = body as { webhooks: object; components: { schemas: object } };
  const typesOf = async (part: object): Promise<string> =>
    `${MADE_OF}${astToString(await openApiTypes({ ...document, ...part } as never))}`;
  // The console receives nothing.
  writeIfNew(TYPES, await typesOf({ components: { ...components, parameters: {}, responses: {} } }));
  const { Problem: _, ...schemas } = components.schemas as Record<string, object>;
  writeIfNew(
    EVENT_TYPES,
    `${await typesOf({ paths: {}, components: { schemas } })}\n${eventTypes(webhooks, schemaName)}`,
  );
}

/** Types that name events by their type, as developers look for them. */
function eventTypes(webhooks: object, schemaName: (type: string) => string): string {
  const types = [...new Set(Object.keys(webhooks).map((name) => name.split('/')[0]!))].filter(
    (type) => type !== 'ping',
  );
  const members = types.map((type) => `  '${type}': components['schemas']['${schemaName(type)}'];`);
  return `/** What \`data\` of each event type holds. */
export interface EventData {
${members.join('\n')}
}

/** Body of a delivery in the format \`standard\`; narrowed by its \`type\`. */
export type StandardEvent<Type extends keyof EventData = keyof EventData> = {
  [Name in Type]: {
    id: string;
    type: Name;
    timestamp: string;
    organization: string;
    account?: string;
    triggering_location: string;
    resource_id?: string;
    data: EventData[Name];
  };
}[Type];
`;
}

function writeIfNew(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

async function bundle(outDir: string): Promise<void> {
  // Loaded only when there is something to build, which is seldom: loading takes half a second.
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  // Also for a test or a synth with another NODE_ENV: React is half as large without its checks for developers.
  const given = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await build({
    root: SOURCE,
    configFile: false,
    base: '/console/',
    // From script to script by their own addresses: the API may be below a path.
    experimental: { renderBuiltUrl: (_, { hostType }) => (hostType === 'html' ? undefined : { relative: true }) },
    logLevel: 'error',
    plugins: [react(), withoutMetrics()],
    // The content security policy allows files of our own only, so nothing is inlined.
    build: {
      outDir,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
      reportCompressedSize: false,
      // Of what the same pages share each set would be a file of its own, up to sixty for a page: ADR 90.
      cssCodeSplit: false,
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'common', minShareCount: 2 }] } } },
    },
  }).finally(() => {
    if (given === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = given;
  });
}

/** Writes the files of a folder as the function ships them, see {@link buildConsole}. @throws on a file of another kind. */
export function compress(from: string, to: string): void {
  const types: Record<string, string> = {};
  for (const path of filesIn(from)) {
    const name = relative(from, path);
    const type = MEDIA_TYPES[extname(name)];
    if (type === undefined) throw new Error(`${name}: expected one of ${Object.keys(MEDIA_TYPES).join(', ')}`);
    types[name] = type;
    const bytes = readFileSync(path);
    mkdirSync(dirname(join(to, name)), { recursive: true });
    writeFileSync(
      join(to, `${name}.br`),
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    );
    writeFileSync(join(to, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
  writeFileSync(join(to, 'files.json'), JSON.stringify(types, null, 2));
}

function replaceFolder(place: string, next: string, aside: string): void {
  try {
    if (existsSync(place)) renameSync(place, aside);
    renameSync(next, place);
  } catch (error) {
    // Another build of the same sources was faster; what it left is as good.
    if (!existsSync(join(place, STAMP))) throw error;
  }
}

function hashOf(inputs: string[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const path of filesIn(join(ROOT, input))) hash.update(`${relative(ROOT, path)}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** All files in a folder and below, sorted; the file itself when it is one. */
function filesIn(path: string): string[] {
  if (extname(path) !== '') return [path];
  return readdirSync(path, { withFileTypes: true })
    .map((entry) => ({ entry, full: join(path, entry.name) }))
    .filter(({ entry, full }) => !NOT_INPUTS.has(full) && entry.name !== 'node_modules')
    .flatMap(({ entry, full }) => (entry.isDirectory() ? filesIn(full) : [full]))
    .sort();
}

if (import.meta.main) console.log((await buildConsole()) ? 'console/dist written' : 'console/dist is up to date');
