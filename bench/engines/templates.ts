import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeStacks } from '../../test/support/stacks.ts';
import { LINTED } from './settings.ts';
import { python, run } from './tools.ts';

/** W3005: a DependsOn that is implied, which CDK writes. W6001: an ImportValue, by which CDK couples its stacks. */
const KNOWN = ['W3005', 'W6001'];
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2'];

/** Holds all templates, under each of {@link LINTED}, against AWS's own schemas of every resource. @throws with cfn-lint's findings. */
export async function lintTemplates(): Promise<string> {
  const folder = await python();
  const work = mkdtempSync(join(tmpdir(), 'posthorn-templates-'));
  try {
    const files = Object.entries(LINTED).flatMap(([name, settings]) =>
      Object.entries(synthesizeStacks(settings)).map(([stack, template]) => {
        const file = join(work, `${name}-${stack}.template.json`);
        writeFileSync(file, JSON.stringify(template.toJSON()));
        return file;
      }),
    );
    await run(join(folder, 'bin/cfn-lint'), ['-i', ...KNOWN, '-r', ...REGIONS, '-t', ...files]);
    return `no finding in ${files.length} templates for ${REGIONS.length} regions`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
