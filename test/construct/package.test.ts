import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConstruct } from '../../scripts/construct.ts';
import { synthesize } from '../support/stacks.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const json = (...path: string[]): Record<string, never> => JSON.parse(read(...path)) as Record<string, never>;

interface Template {
  Resources: Record<string, { Type: string; DeletionPolicy?: string; Properties: Record<string, never> }>;
  Outputs: Record<string, unknown>;
}

const CONTEXT = JSON.stringify({
  // CDK asks for it at the stack, and every app that `cdk init` has made sets it; otherwise actions stand in another order.
  '@aws-cdk/aws-iam:minimizePolicies': true,
  // Which line made what stands in no template, and takes most of the time of an app.
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-stack-trace': true,
});

let app: string;
let packed: string[];

/**
 * An empty app that has installed the package as npm packs it; what it is a peer of comes from this repository's own node_modules.
 * Packed by the command that installs it: to compress 14 MB for a file of their own took 2 s.
 */
beforeAll(async () => {
  await buildConstruct();
  app = mkdtempSync(join(tmpdir(), 'posthorn-app-'));
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }');
  execFileSync(
    'npm',
    [
      ...['install', '--install-links', join(ROOT, 'construct'), '--ignore-scripts'],
      ...['--legacy-peer-deps', '--offline', '--no-audit', '--no-fund'],
    ],
    { cwd: app },
  );
  const installed = join(app, 'node_modules/posthorn-cdk');
  const files = readdirSync(installed, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  packed = files.map(({ parentPath, name }) => relative(installed, join(parentPath, name)));
  for (const peer of ['aws-cdk-lib', 'constructs', '@types'])
    symlinkSync(join(ROOT, 'node_modules', peer), join(app, 'node_modules', peer));
  // Seven bundles and the console: 25 s of CPU, and more on a machine that others share.
}, 600_000);
afterAll(() => rmSync(app, { recursive: true, force: true }));

/** What stands in apps that have `app`, as their authors wrote it, by the name of their file. */
const APPS = {
  'own.js': `
    const description = 'Posthorn: subscriptions, secrets and logs';
    const data = new PosthornTables(new Stack(app, 'PosthornData', { description }), 'Default');
    const stack = new Stack(app, 'Posthorn', { description: 'Posthorn: webhook delivery' });
    new Posthorn(stack, 'Default', { tables: data.tables });`,
  'alone.js': `new Posthorn(new Stack(app, 'Stack'), 'Webhooks');`,
  'two.mjs': `
    const stack = new Stack(app, 'Stack');
    new Posthorn(stack, 'Webhooks', { downDays: 7 });
    new Posthorn(stack, 'Partners');`,
  'firewall.js': `
    const { FirewallStack } = require('posthorn-cdk');
    new FirewallStack(app, 'Firewall', { firewallRate: 3000 });`,
  'nested.js': `new Posthorn(new NestedStack(new Stack(app, 'Stack'), 'Nested'), 'Webhooks');`,
};
type AppFile = keyof typeof APPS;
const WRONG = [
  `new Posthorn(new Stack(app, 'A'), 'Webhooks', { downDays: 'five' })`,
  `new Posthorn(new Stack(app, 'B'), 'Webhooks', { downdays: 5 })`,
  `new Posthorn(new Stack(app, 'C'), 'Webhooks', { name: '2nd' })`,
  `{ new Posthorn(new Stack(app, 'D'), 'Webhooks'); new Posthorn(new Stack(app, 'E'), 'WebHooks'); }`,
];

const headOf = (file: string): string =>
  file.endsWith('.mjs')
    ? `import { App, NestedStack, Stack } from 'aws-cdk-lib'; import { Posthorn, PosthornTables } from 'posthorn-cdk';`
    : `const { App, NestedStack, Stack } = require('aws-cdk-lib'); const { Posthorn, PosthornTables } = require('posthorn-cdk');`;

/**
 * Runs the apps one after the other, in one process: each for itself loaded and compiled the CDK and the package, 1 s of a processor.
 * @returns what was printed on standard error, and what {@link WRONG} was told.
 */
function runApps(): { printed: string; told: string } {
  for (const [file, lines] of Object.entries(APPS)) {
    const options = `{ outdir: 'out/${file}', context: ${CONTEXT} }`;
    writeFileSync(join(app, file), `${headOf(file)}\nconst app = new App(${options});\n${lines}\napp.synth();\n`);
  }
  const tries = WRONG.map((line) => `try { ${line} } catch (e) { console.log(e.message) }`);
  writeFileSync(join(app, 'wrong.js'), [headOf('wrong.js'), 'const app = new App();', ...tries].join('\n'));
  const files = [...Object.keys(APPS), 'wrong.js'];
  writeFileSync(join(app, 'all.mjs'), files.map((file) => `await import('./${file}');\n`).join(''));
  // No TypeScript and no bundler of this repository's: a plain Node, as it would be at its author's.
  const env = { PATH: '/usr/bin:/bin', HOME: app, CDK_VALIDATION: 'false' };
  const args = ['--no-experimental-strip-types', 'all.mjs'];
  const { stderr, stdout } = spawnSync(process.execPath, args, { cwd: app, env, encoding: 'utf8' });
  return { printed: stderr, told: stdout };
}

const template = (of: AppFile, name: string): Template =>
  JSON.parse(read(app, 'out', of, `${name}.template.json`)) as Template;

/** Files of environments, and the rule that keeps to one, are this repository's app's alone. */
function withoutEnvironment(of: Template): Template {
  const copy = structuredClone(of) as Template & { Parameters: object; Rules: object };
  for (const [part, name] of [
    ['Parameters', 'Environment'],
    ['Rules', 'SameEnvironment'],
  ] as const) {
    expect(copy[part]).toHaveProperty(name);
    copy[part] = Object.fromEntries(Object.entries(copy[part]).filter(([key]) => key !== name));
  }
  return copy;
}

/** Without the keys of the functions' code, which the tests' own templates do not bundle. */
function withoutCode(of: Template): Template {
  // Of which the ids of the functions' versions are made, too.
  const copy = JSON.parse(JSON.stringify(of).replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1')) as Template;
  for (const { Type, Properties } of Object.values(copy.Resources)) {
    if (Type === 'AWS::Lambda::Function') (Properties as Record<string, unknown>)['Code'] = 'left out';
  }
  return copy;
}

function ofType(of: Template, type: string): Template['Resources'][string][] {
  return Object.values(of.Resources).filter(({ Type }) => Type === type);
}

describe('the tarball', () => {
  it('holds what it needs and nothing else', () => {
    const kinds = new Set(packed.map((path) => path.replace(/^(dist\/(functions|types))\/.*/, '$1')));

    expect([...kinds].sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/commands.mjs',
      'dist/functions',
      'dist/index.js',
      'dist/types',
      'package.json',
    ]);
    expect(packed.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  it('says its licence, its version and what it stands beside', () => {
    const { license, version, peerDependencies, dependencies } = json(ROOT, 'construct/package.json');

    expect({ license, version, dependencies }).toEqual({
      license: 'Apache-2.0',
      version: json(ROOT, 'package.json').version,
      dependencies: undefined,
    });
    expect(read(ROOT, 'construct/LICENSE')).toBe(read(ROOT, 'LICENSE'));
    expect(peerDependencies).toEqual({
      // The oldest one that it is tested with, and the range of constructs that this one asks for itself.
      'aws-cdk-lib': `^${String(json(ROOT, 'package.json')['devDependencies']!['aws-cdk-lib'])}`,
      constructs: json(ROOT, 'node_modules/aws-cdk-lib/package.json')['peerDependencies']!['constructs'],
    });
  });

  it('names no folder of the machine that made it', () => {
    const folder = join(app, 'node_modules/posthorn-cdk/dist/functions');
    for (const stage of readdirSync(folder)) {
      const { sources } = JSON.parse(read(folder, stage, 'index.mjs.map')) as { sources: string[] };
      expect(sources.filter((source) => !/^\.\.\/\.\.\/(lambdas|node_modules)\//.test(source))).toEqual([]);
    }
  });
});

function complaintsOfTypeScript(folder: string): string {
  const tsc = join(ROOT, 'node_modules/typescript-7/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout;
}

function complaintsOfTypeScript6(folder: string): string {
  const config = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys));
  const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config.config, ts.sys, folder);
  const program = ts.createProgram(fileNames, options);
  return ts.formatDiagnostics([...errors, ...ts.getPreEmitDiagnostics(program)], {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => '\n',
  });
}

describe('an app with the package', () => {
  let printed: string;
  let told: string;
  beforeAll(() => void ({ printed, told } = runApps()));

  it('has the very templates of this repository’s app, whatever its flags are', () => {
    const own = synthesize();

    expect(printed).toBe('');
    expect(template('own.js', 'PosthornData')).toEqual(withoutEnvironment(own.data.toJSON() as Template));
    expect(withoutCode(template('own.js', 'Posthorn'))).toEqual(
      withoutCode(withoutEnvironment(own.posthorn.toJSON() as Template)),
    );
  });

  it('deploys the functions as they were bundled, keeps its tables when it goes, and has no network of its own', () => {
    const out = join(app, 'out/alone.js');
    const installed = join(app, 'node_modules/posthorn-cdk/dist/functions');
    const codeIn = (folder: string, name: string): string => read(folder, name, 'index.mjs');
    const assets = readdirSync(out).filter((name) => name.startsWith('asset.'));
    const stack = template('alone.js', 'Stack');
    const tables = ofType(stack, 'AWS::DynamoDB::Table');

    expect(printed).toBe('');
    expect(assets).toHaveLength(7);
    expect(new Set(assets.map((name) => codeIn(out, name)))).toEqual(
      new Set(readdirSync(installed).map((stage) => codeIn(installed, stage))),
    );
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter(({ DeletionPolicy }) => DeletionPolicy === 'Delete')).toEqual([]);
    expect(Object.values(stack.Resources).filter(({ Type }) => Type.startsWith('AWS::EC2'))).toEqual([]);
  });

  it('may be of ECMAScript modules, and have two of them in one stack', () => {
    const { Outputs, Resources } = template('two.mjs', 'Stack');

    expect(printed).toBe('');
    expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(['WebhooksApiUrl', 'PartnersApiUrl']));
    const alarms = Object.values(Resources).flatMap(({ Properties }) => Properties?.['AlarmName'] ?? []);
    expect(new Set(alarms).size).toBe(alarms.length);
    expect(alarms.filter((name) => String(name).startsWith('webhooks-')).length).toBe(alarms.length / 2);
  });

  it('may have a firewall before it', () => {
    expect(printed).toBe('');
    expect(ofType(template('firewall.js', 'Firewall'), 'AWS::WAFv2::WebACL')).toHaveLength(1);
  });

  it('may have it in a nested stack', () => {
    const nested = readdirSync(join(app, 'out/nested.js')).find((name) => name.endsWith('.nested.template.json'))!;

    expect(printed).toBe('');
    const within = template('nested.js', nested.replace('.template.json', ''));
    expect(ofType(within, 'AWS::Lambda::Function')).toHaveLength(7);
  });

  it('is stopped by what is wrong: its name, what was expected, what came', () => {
    for (const text of [
      'downDays of A/Webhooks: expected a whole number of days from 1 to 30, got "five"',
      'B/Webhooks: expected properties among name, retryDelays, ',
      'name of C/Webhooks: expected a letter and up to 39 letters, digits or hyphens after it, got "2nd"',
      'name of E/WebHooks: expected one of its own in its account and region, got "WebHooks", which is that of D/Webhooks.',
      ', got downdays.',
    ]) {
      expect(told).toContain(text);
    }
  });

  it.each([
    ['commonjs', 'node10'],
    ['nodenext', 'nodenext'],
  ])('is told by its types what is right and wrong, with module %s', (module, moduleResolution) => {
    writeFileSync(
      join(app, 'app.ts'),
      `import { App, Stack } from 'aws-cdk-lib';
import { Posthorn, PosthornTables, type PosthornProps, type Tables } from 'posthorn-cdk';
const tables: Tables = new PosthornTables(new Stack(new App(), 'Data'), 'Tables').tables;
const props: PosthornProps = { downDays: 7, retryDelays: [1, 2, 3], tables };
export const url: string = new Posthorn(new Stack(new App(), 'Stack'), 'Webhooks', props).url;
// @ts-expect-error a number of days
export const wrong: PosthornProps = { downDays: 'seven' };
`,
    );
    mkdirSync(join(app, 'types'), { recursive: true });
    const compilerOptions = {
      ...{
        module,
        moduleResolution,
        target: 'es2022',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
      },
      // The other one reads all of aws-cdk-lib, for App and Stack; here its core alone, where they are: half of the files.
      ...(moduleResolution === 'node10'
        ? { ignoreDeprecations: '6.0', paths: { 'aws-cdk-lib': ['./node_modules/aws-cdk-lib/core/lib/index.d.ts'] } }
        : {}),
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['app.ts'] }));

    // The way of node10 is TypeScript 6's and older ones' alone.
    expect(moduleResolution === 'node10' ? complaintsOfTypeScript6(app) : complaintsOfTypeScript(app)).toBe('');
  });
});

describe('its commands', () => {
  const command = (outputs: object, env: Record<string, string> = {}): string => {
    writeFileSync(join(app, 'outputs.json'), JSON.stringify(outputs));
    // What npx runs, which has been asked above; it takes three times as long to find it.
    const posthorn = join(app, 'node_modules/.bin/posthorn');
    const ran = spawnSync(posthorn, ['dlq', 'peek', '--outputs', 'outputs.json'], {
      cwd: app,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return ran.stderr;
  };

  it('are those of this repository', () => {
    const ran = spawnSync('npx', ['--offline', 'posthorn', 'keys', '--help'], { cwd: app, encoding: 'utf8' });

    expect(ran.stdout).toContain('npx posthorn keys create --scope');
  });

  it('find the outputs of the one Posthorn, and ask which where there are two', () => {
    const of = (name: string): object => ({
      [`${name}ApiUrl`]: 'x',
      [`${name}DeliveriesQueueUrl`]: 'x',
      [`${name}SlowDeliveriesQueueUrl`]: 'x',
    });

    expect(command({ Stack: { ...of('Webhooks'), ...of('Partners') } })).toContain('Expected an output DeliveriesDead');
    const one = { ...of('Webhooks'), WebhooksDeliveriesDeadLetterQueueUrl: 'http://127.0.0.1:9/a' };
    expect(command({ Stack: one })).not.toMatch(/Expected (an|one) output/);
    const two = {
      ...one,
      ...of('Partners'),
      PartnersDeliveriesDeadLetterQueueUrl: 'http://127.0.0.1:9/b',
    };
    expect(command({ Stack: two })).toContain('say which with POSTHORN_CONSTRUCT=Webhooks.');
    expect(command({ Stack: two }, { POSTHORN_CONSTRUCT: 'Partners' })).not.toContain('say which');
  });
});
