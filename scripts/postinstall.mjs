// After `npm install`: takes away what nobody needs of the Node 24 that npm installs beside the libraries, because npm can neither
// leave out a package that the running Node makes superfluous nor a part of one. Plain JavaScript, for every Node.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_PACKAGES } from './node-packages.mjs';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
// npm's own Node: the one that runs this is already the one that was installed, whose `node` npm puts before all others.
const isNode24 = /\bnode\/v24\./.test(process.env.npm_config_user_agent ?? '');
for (const name of Object.values(NODE_PACKAGES)) {
  // Headers for those who compile native code: 67 of 189 MB. On Node 24 scripts/node24.mjs uses the running one.
  rmSync(join(modules, name, isNode24 ? '' : 'include'), { recursive: true, force: true });
}
if (isNode24) rmSync(join(modules, '.bin/node'), { force: true });
