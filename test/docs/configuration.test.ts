import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS, SCHEMA_FILE } from '../../bin/read-settings.ts';
import { settingsSchema } from '../../lib/setting-types.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import { formatted } from './formatted.ts';
import { withMarked } from './marked.ts';
import { commentsIn, settingsTable } from './settings-table.ts';

const ROOT = join(import.meta.dirname, '../..');
const source = readFileSync(join(ROOT, 'lib/settings.ts'), 'utf8');

describe('docs/configuration.md', () => {
  // Written anew by: npm run vitest -- test/docs/configuration.test.ts -u
  it('lists every setting as lib/settings.ts and lib/setting-types.ts have it', async () => {
    const { page, anew } = await withMarked('docs/configuration.md', { settings: settingsTable(source) });

    await expect(anew).toMatchFileSnapshot(page);
  });

  it('names every variable that code reads', () => {
    const page = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
    const files = globSync('{bin,lib,lambdas,local,console,receiver,bench,scripts}/**/*.{ts,tsx}', {
      cwd: ROOT,
      exclude: (name) => ['node_modules', 'dist', 'test'].includes(name),
    });
    const read = files.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').match(/\bPOSTHORN_[A-Z0-9_]+/g) ?? []);

    expect(read).toEqual(expect.arrayContaining(['POSTHORN_LOCAL_PORT', 'POSTHORN_VERSION']));
    expect([...new Set(read)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the JSON Schema of an environment', () => {
  // Written anew as the page is.
  it('lies beside the files of environments as lib/ has the settings', async () => {
    const path = join(ENVIRONMENTS, SCHEMA_FILE);
    const anew = await formatted(path, JSON.stringify(settingsSchema(commentsIn(source))));

    await expect(anew).toMatchFileSnapshot(path);
  });

  it('takes the defaults, and refuses what synth refuses', () => {
    const validator = new Validator(settingsSchema(commentsIn(source)), '2020-12');

    expect(validator.validate(DEFAULTS).errors).toEqual([]);
    for (const wrong of [
      { downDays: 0 },
      { downDays: 'five' },
      { alarmEmail: 'on call' },
      { retryDelays: [1] },
      { name: '1' },
      { fanOut: 3 },
    ]) {
      expect(validator.validate(wrong).valid, JSON.stringify(wrong)).toBe(false);
    }
  });
});

describe('the table of settings', () => {
  it('has a row with description, values and default for each', () => {
    const rows = settingsTable(source).split('\n').slice(2);

    expect(rows).toHaveLength(Object.keys(DEFAULTS).length);
    for (const row of rows) expect(row).toMatch(/^\| `POSTHORN_[A-Z0-9_]+` \| `\w+` \| \S.* \| \S.* \| \S.* \|$/);
  });

  it('tells of retry delays what settings.ts does', () => {
    const source = '/** Seconds before\n   * the 2nd. @default [10, 60, 180] */\n  retryDelays: number[];';

    expect(settingsTable(source)).toContain(
      '| `POSTHORN_RETRY_DELAYS` | `retryDelays` | Seconds before the 2nd. | three whole numbers of seconds from 0 to 900, comma-separated or a list | `10,60,180` |',
    );
  });
});
