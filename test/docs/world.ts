import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { environmentName } from '../../bin/read-settings.ts';
import { createOpenApi } from '../../lambdas/api/http/openapi.ts';
import { createRoutes, type ApiDeps } from '../../lambdas/api/routes.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import { resourcesOf } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';
import type { ApiRoute, World } from './claims.ts';
import { AWS_WORDS } from './aws-words.ts';

const ROOT = join(import.meta.dirname, '../..');
const WORKSPACES = ['console', 'construct', 'local', 'receiver'];
const SKIPPED = new Set(['node_modules', '.git', '.local', 'cdk.out', 'dist', 'coverage']);
/** Their planted names are no proof that a name exists. */
const SELF = /^test\/docs\/|\.md$/;
const CODE = /\.(ts|tsx|mjs|json)$/;

/** Paths of all files of the repository, from its root. */
function filesOfRepository(): string[] {
  const found = globSync('{*,.github/**/*,.ci/*,*/**/*}', {
    cwd: ROOT,
    exclude: (name) => SKIPPED.has(name) || name.startsWith('cdk.out-'),
  });
  return found.map((path) => path.replaceAll('\\', '/')).filter((path) => statSync(join(ROOT, path)).isFile());
}

/** Paths of all documents. */
export function documents(): string[] {
  return filesOfRepository().filter((path) => path.endsWith('.md'));
}

export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** All source of the console, for the words on its buttons. */
export function consoleSource(): string {
  const pages = filesOfRepository().filter((path) => /^console\/src\/.*\.tsx$/.test(path));
  return pages.map(readDocument).join('\n');
}

/** The repository as it is. Synthesizes the app for the names of its alarms. */
export function repository(): World {
  const files = filesOfRepository();
  const paths = new Set(files.flatMap((file) => withFolders(file)));
  const code = files
    .filter((file) => CODE.test(file) && !SELF.test(file) && file !== 'package-lock.json')
    .map(readDocument)
    .join('\n');
  const identifiers = new Set(code.match(/[A-Za-z_][A-Za-z0-9_]*/g));
  return {
    exists: (path) => path === '' || paths.has(path.replace(/\/$/, '')),
    existsBelow: (path) => [...paths].some((one) => `/${one}`.endsWith(`/${path.replace(/\/$/, '')}`)),
    anchors: (path) => (path.endsWith('.md') && paths.has(path) ? anchorsOf(readDocument(path)) : undefined),
    scripts: scriptsOf,
    commands: commandsOf,
    variables: new Set([
      ...Object.keys(DEFAULTS).map(environmentName),
      ...[...identifiers].filter((name) => name.startsWith('POSTHORN_')),
    ]),
    routes: routesOfApi(),
    pages: [...readDocument('console/src/app.tsx').matchAll(/<Route path="([^"*]+)"/g)].map(([, path]) => path!),
    alarms: alarmNames(),
    knowsWord: (word) => identifiers.has(word) || AWS_WORDS.has(word),
  };
}

function withFolders(file: string): string[] {
  const parts = file.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** As GitHub makes them: lower case, punctuation gone, blanks as hyphens. */
export function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replace(/^```[^]*?^```/gm, '').match(/^#+ .*$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function scriptsOf(workspace?: string): Set<string> | undefined {
  if (workspace !== undefined && !WORKSPACES.includes(workspace)) return undefined;
  const path = workspace === undefined ? 'package.json' : `${workspace}/package.json`;
  const { scripts = {} } = JSON.parse(readDocument(path)) as { scripts?: Record<string, string> };
  return new Set(Object.keys(scripts));
}

/** A script's source says which words it takes: in its usage, or as a list of modules to load. */
function commandsOf(script: string): Set<string> | undefined {
  const source = { bench: 'bench/run.ts', proof: 'scripts/proof.ts' }[script] ?? `scripts/${script}.ts`;
  if (!statSync(join(ROOT, source), { throwIfNoEntry: false })) return undefined;
  const text = readDocument(source);
  const named = [
    ...text.matchAll(new RegExp(`npm run ${script} -- ([a-z-]+)`, 'g')),
    ...text.matchAll(/^ {2}'?([a-z-]+)'?: \(\) => import\(/gm),
  ];
  return named.length === 0 ? undefined : new Set(named.map(([, name]) => name!));
}

/** Every route of the API's own description. Routes ask for their dependencies when they are called, which nobody does. */
function routesOfApi(): ApiRoute[] {
  const described = createOpenApi(createRoutes({} as ApiDeps), '0.0.0') as {
    paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
  };
  return Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((one) => one.in === 'query').map((one) => one.name),
    })),
  );
}

function alarmNames(): Set<string> {
  // With those that a setting adds; and the sections that some of them share.
  const templates = synthesize({ POSTHORN_ROLLOUT: 'canary-10-percent-5-minutes' });
  const alarms = Object.values(resourcesOf(templates, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const sections = alarms.map(({ AlarmDescription }) => String(AlarmDescription).split('#').at(-1)!);
  return new Set([
    ...alarms.map(({ AlarmName }) => String(AlarmName)),
    ...sections,
    'posthorn-cdk',
    'posthorn-receiver',
    'posthorn-verification',
  ]);
}
