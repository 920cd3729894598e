import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as source from '../src/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript-7/bin/tsc');
const read = (path: string): Record<string, Record<string, string>> =>
  JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Record<string, Record<string, string>>;

let app: string;
let packed: string[];

/** An empty app that has installed the tarball; its one dependency comes from this repository's own node_modules. */
beforeAll(() => {
  execFileSync(process.execPath, [TSC, '-p', join(ROOT, 'receiver')]);
  app = mkdtempSync(join(tmpdir(), 'posthorn-receiver-'));
  const pack = ['pack', join(ROOT, 'receiver'), '--json', '--ignore-scripts', '--offline', '--pack-destination', app];
  const [tarball] = JSON.parse(execFileSync('npm', pack, { cwd: app, encoding: 'utf8' })) as {
    filename: string;
    files: { path: string }[];
  }[];
  packed = tarball!.files.map(({ path }) => path);
  // As npm lays it out; it could not be asked without the registry.
  const folder = join(app, 'node_modules/posthorn-receiver');
  execFileSync('mkdir', ['-p', folder]);
  execFileSync('tar', ['-xzf', join(app, tarball!.filename), '-C', folder, '--strip-components', '1']);
  for (const name of ['standardwebhooks', '@stablelib', 'fast-sha256', '@types'])
    symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

describe('the tarball', () => {
  it('holds JavaScript, types, a README and the licence, and nothing else', () => {
    const others = packed.filter((path) => !/^dist\/(listen\/)?[a-z.-]+\.(js|d\.ts)$/.test(path));

    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(readFileSync(join(ROOT, 'receiver/LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  });

  it('needs the very versions that it was tested with', () => {
    const mine = read('receiver/package.json');
    const root = read('package.json');
    for (const [name, version] of Object.entries({ ...mine.dependencies, ...mine.devDependencies })) {
      expect(root.devDependencies![name]).toBe(version);
    }
  });
});

describe('an app with the package', () => {
  it('gets what the source exports', () => {
    writeFileSync(
      join(app, 'app.mjs'),
      `import * as kit from 'posthorn-receiver'; console.log(JSON.stringify(Object.keys(kit)));`,
    );
    const ran = spawnSync(process.execPath, ['--no-experimental-strip-types', 'app.mjs'], {
      cwd: app,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    });

    expect(ran.stderr).toBe('');
    expect((JSON.parse(ran.stdout) as string[]).sort()).toEqual(Object.keys(source).sort());
  });

  it('has the command listen', () => {
    const { bin, version } = read('receiver/package.json') as unknown as {
      bin: Record<string, string>;
      version: string;
    };
    const command = join(app, 'node_modules/posthorn-receiver', bin['posthorn-receiver']!);
    const run = (...words: string[]) =>
      spawnSync(process.execPath, ['--no-experimental-strip-types', command, ...words], { cwd: app, encoding: 'utf8' });

    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(run('--version').stdout).toBe(`${version}\n`);
    expect(run('listen')).toMatchObject({ status: 2, stderr: expect.stringContaining('Expected --url') as string });
  });

  it('is told by its types what is right and wrong', () => {
    writeFileSync(
      join(app, 'app.mts'),
      `import { createNodeHandler, type StandardEvent } from 'posthorn-receiver';
export const handle = createNodeHandler({ secrets: 'whsec_x' }, (delivery) => console.log(delivery.id));
export const typeOf = (event: StandardEvent): string => event.type;
// @ts-expect-error it has to know the secrets
createNodeHandler({}, () => undefined);
`,
    );
    const words = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--types', 'node', 'app.mts'];
    const ran = spawnSync(process.execPath, [TSC, ...words], { cwd: app, encoding: 'utf8' });

    expect(ran.stdout).toBe('');
  });
});
