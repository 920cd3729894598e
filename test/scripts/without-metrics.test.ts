import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { withoutMetrics } from '../../scripts/without-metrics.ts';

const folder = mkdtempSync(join(tmpdir(), 'posthorn-metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

const METRICS = 'node_modules/@cloudscape-design/component-toolkit/mjs/internal/base-component/component-metrics.js';
const STYLES = 'node_modules/@cloudscape-design/components/internal/hooks/use-base-component/styles-check.js';

/** Builds what uses both hooks, which are where `files` say. @returns the script. */
async function built(name: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  const imports = Object.keys(files).map((path, at) => `import * as m${at} from './${path}'; console.log(m${at});`);
  writeFileSync(join(folder, name, 'main.js'), imports.join('\n'));
  const made = await build({
    root: join(folder, name),
    configFile: false,
    logLevel: 'silent',
    plugins: [withoutMetrics()],
    build: { write: false, minify: false, rolldownOptions: { input: join(folder, name, 'main.js') } },
  });
  return (made as { output: { code?: string }[] }).output.map(({ code }) => code ?? '').join('\n');
}

describe("the console's build", () => {
  it('leaves out what Cloudscape does once more for each of its components', async () => {
    const script = await built('both', {
      [METRICS]: 'export function useComponentMetrics() { console.log("counted"); }',
      [STYLES]: 'export function useMissingStylesCheck() { console.log("looked"); }',
    });

    expect(script).toMatch(/useComponentMetrics[^]*useMissingStylesCheck/);
    expect(script).not.toMatch(/counted|looked/);
  });

  it('fails when Cloudscape has it elsewhere, and says what is where no longer', async () => {
    const other = { [METRICS]: 'export function useComponentMetrics() {}', [STYLES]: 'export function useOther() {}' };

    await expect(built('moved', other)).rejects.toThrow(
      /Expected useMissingStylesCheck in .*styles-check\.js, found none/,
    );
  });
});
