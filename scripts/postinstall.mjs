// After `npm install`: takes away what nobody needs of what it brought, because npm can leave out neither a package that the
// running Node makes superfluous nor a part of one. Plain JavaScript, for every Node.
import { readdirSync, rmSync } from 'node:fs';
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

// Maps to sources that are not there, of what only the console's build reads, which makes none: 17 MB.
for (const name of ['@cloudscape-design', '@tanstack']) removeMaps(name);

/** @param {string} folder */
function removeMaps(folder) {
  for (const entry of list(folder)) {
    const path = join(folder, entry);
    if (entry.endsWith('.map')) remove(path);
    else if (!entry.includes('.')) removeMaps(path);
  }
}

/** @param {string} folder inside node_modules @returns {string[]} names in it; none for what is no folder */
function list(folder) {
  try {
    return readdirSync(join(modules, folder));
  } catch {
    return [];
  }
}
