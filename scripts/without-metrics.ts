import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/**
 * Modules of Cloudscape that count its components for AWS's own consoles, and look a second after each has come whether a style
 * sheet is missing: a timer, an idle callback, and an exception once it goes, for each of hundreds on a page. With each, the hook
 * that does so.
 */
const LEFT_OUT: readonly [module: string, hook: string][] = [
  ['@cloudscape-design/component-toolkit/mjs/internal/base-component/component-metrics.js', 'useComponentMetrics'],
  ['@cloudscape-design/components/internal/hooks/use-base-component/styles-check.js', 'useMissingStylesCheck'],
];

/**
 * Leaves them out of the console: its style sheet is part of the build, and nobody gets the counts.
 * @throws Error, from the build, when Cloudscape has them elsewhere.
 */
export function withoutMetrics(): Plugin {
  const found = new Set<string>();
  return {
    name: 'without-metrics',
    load(id) {
      const [module, hook] = LEFT_OUT.find(([path]) => id.endsWith(path)) ?? [];
      if (module === undefined || !readFileSync(id, 'utf8').includes(`export function ${hook}(`)) return undefined;
      found.add(module);
      return `export function ${hook}() {}`;
    },
    buildEnd(error) {
      const missing = LEFT_OUT.filter(([path]) => !found.has(path));
      if (error || missing.length === 0) return;
      const hooks = missing.map(([path, hook]) => `${hook} in ${path}`).join(', ');
      throw new Error(`Expected ${hooks}, found none. See where Cloudscape has it now, and correct LEFT_OUT.`);
    },
  };
}
