// After `npm install`: takes away what nobody needs of what it brought, because npm can leave out neither a package that the
// running Node makes superfluous nor a part of one. Plain JavaScript, for every Node.
import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_PACKAGES } from './node-packages.mjs';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

/** @param {string} path inside node_modules; may be missing */
const remove = (path) => rmSync(join(modules, path), { recursive: true, force: true });

// npm's own Node: the one that runs this is already the one that was installed, whose `node` npm puts before all others.
const isNode24 = /\bnode\/v24\./.test(process.env.npm_config_user_agent ?? '');
for (const name of Object.values(NODE_PACKAGES)) {
  // Headers for those who compile native code: 67 of 189 MB. On Node 24 scripts/node24.mjs uses the running one.
  remove(join(name, isNode24 ? '' : 'include'));
}
if (isNode24) remove('.bin/node');

// What bindings for other languages than JavaScript are made of: 22 MB.
for (const name of ['.jsii.gz', '.jsii.tabl.json.gz', 'rosetta']) remove(join('aws-cdk-lib', name));

// Compiled for other machines: 5 MB.
for (const name of list('classic-level/prebuilds')) {
  const [platform, processors] = name.split('-');
  const isOurs = platform === process.platform && processors.split('+').includes(process.arch);
  if (!isOurs) remove(join('classic-level/prebuilds', name));
}

// TypeScript 6 is only a library here, for what TypeScript 7 cannot be: its commands and their messages in other languages are not. Of
// TypeScript 7 only the command is used, which is `tsc`. 16 MB.
for (const name of list('typescript/lib'))
  if (!name.includes('.') || /^_?(tsc|tsserver|typingsInstaller|watchGuard)\.js$/.test(name))
    remove(`typescript/lib/${name}`);
remove('typescript/bin');
for (const name of ['dist', 'vendor']) remove(`typescript-7/${name}`);
if (list('.bin').includes('tsc')) {
  remove('.bin/tsc');
  symlinkSync('../typescript-7/bin/tsc', join(modules, '.bin/tsc'));
}

// The same for browsers, or for readers of what nobody writes here: 26 MB.
const OTHER_LANGUAGES = /^(acorn|angular|dist|flow|glimmer|graphql|jiti|meriyah|plugin|sorter|v3|v4)-/;
for (const path of [
  ...['sinon.js', 'sinon-no-sourcemaps.cjs'].map((name) => `sinon/pkg/${name}`),
  ...list('oxfmt/dist').flatMap((name) => (OTHER_LANGUAGES.test(name) ? `oxfmt/dist/${name}` : [])),
  ...list('react-dom/cjs').flatMap((name) => (/-(profiling|server)/.test(name) ? `react-dom/cjs/${name}` : [])),
  '@cloudscape-design/components/test-utils',
  'axe-core/locales',
  'playwright-core/lib/vite',
  'svix/src',
  'zod/src',
])
  remove(path);
// Types for TypeScript 3: 7 MB.
for (const scope of ['@aws-sdk', '@smithy'])
  for (const name of list(scope)) remove(`${scope}/${name}/dist-types/ts3.4`);

// Maps to sources that are not there, of what no function is made of: 20 MB.
const MAPPED = ['@cloudscape-design', '@dnd-kit', '@material', '@tanstack', 'cloudevents', 'esquery', 'marked'];
for (const name of [...MAPPED, 'openapi-typescript', 'svix']) removeFiles(name, /\.map$/);
// What is read on the web, but for licences and what `cdk init` copies: 13 MB. Links lead to our own workspaces.
for (const entry of entriesOf('.'))
  if (entry.isDirectory() && !/^(\.|aws-cdk$)/.test(entry.name))
    removeFiles(entry.name, /^(?!.*(licen[cs]e|notice|copying)).*\.md$/i);

/** @param {string} folder inside node_modules, no link @param {RegExp} names of the files that are taken away */
function removeFiles(folder, names) {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeFiles(path, names);
    else if (names.test(entry.name)) remove(path);
  }
}

/** @param {string} folder inside node_modules @returns names in it; none for what is no folder */
function list(folder) {
  return entriesOf(folder).map(({ name }) => name);
}

/** @param {string} folder inside node_modules */
function entriesOf(folder) {
  try {
    return readdirSync(join(modules, folder), { withFileTypes: true });
  } catch {
    return [];
  }
}
