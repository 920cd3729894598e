import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthesizeProject } from '../../template/project.ts';

/** What an app does that is made of one file: it notes that it ran, and leaves an assembly with a bundle and its map. */
const APP = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
appendFileSync('runs', 'x');
const out = process.env.CDK_OUTDIR;
mkdirSync(out + '/asset.1', { recursive: true });
const text = readFileSync('lib/source.ts', 'utf8');
if (text.includes('edits itself')) writeFileSync('lib/source.ts', text + '!');
writeFileSync(out + '/asset.1/index.mjs', text);
writeFileSync(out + '/asset.1/index.mjs.map', JSON.stringify({ version: 3, sources: ['../../../../../lib/source.ts'] }));
writeFileSync(out + '/T.template.json', '{}');
const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'T.template.json' } };
writeFileSync(out + '/manifest.json', JSON.stringify({ artifacts: { T: stack } }));
`;

/** Linux has one in memory. */
const OTHER_DISK = '/dev/shm';

interface Project {
  folder: string;
  edit(path: string, text: string): void;
  /** @returns the folder of the assembly. */
  synthesize(settings?: Record<string, string>, outdir?: string): Promise<string>;
  runs(): number;
}

function createProject(cdkJson: object = { watch: { include: ['**'], exclude: ['runs', 'notes'] } }): Project {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-synth-'));
  const edit = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  for (const name of ['lib', 'notes', 'node_modules']) mkdirSync(join(folder, name));
  edit('cdk.json', JSON.stringify({ app: `"${process.execPath}" app.mjs`, ...cdkJson }));
  edit('app.mjs', APP);
  edit('lib/source.ts', 'first');
  edit('node_modules/.package-lock.json', '{}');
  const runs = join(folder, 'runs');
  return {
    folder,
    edit,
    synthesize: async (settings = {}, outdir = mkdtempSync(join(tmpdir(), 'posthorn-out-'))) => {
      await synthesizeProject(outdir, { project: folder, env: { PATH: process.env.PATH, ...settings } });
      return outdir;
    },
    runs: () => (existsSync(runs) ? readFileSync(runs, 'utf8').length : 0),
  };
}

const codeIn = (outdir: string): string => readFileSync(join(outdir, 'asset.1/index.mjs'), 'utf8');

describe('a synthesis', () => {
  it('is not repeated when nothing changed', async () => {
    const project = createProject();
    await project.synthesize();

    const outdir = await project.synthesize();

    expect(project.runs()).toBe(1);
    expect(codeIn(outdir)).toBe('first');
  });

  it.each([
    ['a file that the app is made of', 'lib/source.ts'],
    ['what npm has installed', 'node_modules/.package-lock.json'],
    ['a file that is new', 'lib/more.ts'],
  ])('is made anew after a change of %s', async (_, path) => {
    const project = createProject();
    await project.synthesize();

    project.edit(path, 'second');
    await project.synthesize();

    expect(project.runs()).toBe(2);
  });

  it('is taken again after a change was taken back', async () => {
    const project = createProject();
    await project.synthesize();
    project.edit('lib/source.ts', 'second');
    await project.synthesize();

    project.edit('lib/source.ts', 'first');
    const outdir = await project.synthesize();

    expect(codeIn(outdir)).toBe('first');
    expect(project.runs()).toBe(2);
  });

  it('is made anew under another setting, not for what concerns this machine alone', async () => {
    const project = createProject();
    await project.synthesize({ POSTHORN_LOCAL_PORT: '1', TERM: 'a' });

    await project.synthesize({ POSTHORN_LOCAL_PORT: '2', TERM: 'b' });
    expect(project.runs()).toBe(1);

    await project.synthesize({ POSTHORN_NAME: 'Other' });
    expect(project.runs()).toBe(2);
  });

  it('does not look at what the app is not made of', async () => {
    const project = createProject();
    await project.synthesize();

    project.edit('notes/today.md', 'new');
    await project.synthesize();

    expect(project.runs()).toBe(1);
  });

  it('is not kept when a file changed in the meantime', async () => {
    const project = createProject();
    project.edit('lib/source.ts', 'edits itself');
    await project.synthesize();

    project.edit('lib/source.ts', 'edits itself');
    const outdir = await project.synthesize();

    expect(project.runs()).toBe(2);
    expect(codeIn(outdir)).toBe('edits itself');
  });

  it('is made once for all who want it at the same time', async () => {
    const project = createProject();

    const outdirs = await Promise.all([1, 2, 3].map(() => project.synthesize()));

    expect(project.runs()).toBe(1);
    expect(outdirs.map(codeIn)).toEqual(['first', 'first', 'first']);
  });

  it('is made every time where nothing says what the app is made of', async () => {
    const project = createProject({});
    await project.synthesize();

    await project.synthesize();

    expect(project.runs()).toBe(2);
  });

  it('lies where it is wanted without a copy of its assets', async () => {
    const project = createProject();
    const outdirs = [await project.synthesize(), await project.synthesize()];

    const [first, second] = outdirs.map((outdir) => statSync(join(outdir, 'asset.1/index.mjs')).ino);

    expect(second).toBe(first);
  });

  it.runIf(existsSync(OTHER_DISK))('is copied to another disk', async () => {
    const project = createProject();
    const outdir = mkdtempSync(join(OTHER_DISK, 'posthorn-out-'));

    await project.synthesize({}, outdir);

    expect(codeIn(outdir)).toBe('first');
    rmSync(outdir, { recursive: true });
  });

  it('leads from its maps to the sources, wherever it lies', async () => {
    const project = createProject();
    mkdirSync(join(project.folder, '.local/deeper'), { recursive: true });
    const outdirs = [
      await project.synthesize(),
      await project.synthesize({}, join(project.folder, '.local/deeper/cdk.out')),
    ];

    const sources = outdirs.map((outdir) => {
      const map = JSON.parse(readFileSync(join(outdir, 'asset.1/index.mjs.map'), 'utf8')) as {
        sourceRoot: string;
        sources: string[];
      };
      return resolve(outdir, 'asset.1', map.sourceRoot + map.sources[0]!);
    });

    expect(sources).toEqual([join(project.folder, 'lib/source.ts'), join(project.folder, 'lib/source.ts')]);
  });
});
