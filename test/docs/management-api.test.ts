import { expect, it } from 'vitest';
import { createRoutes, type ApiDeps } from '../../lambdas/api/routes.ts';
import { readDocument } from './world.ts';

/** Paths of the table in §12 of the design; `…/resume` stands beside, or below, the path before it. */
function pathsOfDesign(): Set<string> {
  const [, section = ''] = /^## 12\. [^\n]*\n([^]*?)^## 13\. /m.exec(readDocument('docs/design.md')) ?? [];
  const paths = new Set<string>();
  for (const [, cell = ''] of section.matchAll(/^\| (`[^|]*`) +\|/gm)) {
    let before = '';
    for (const [, name = ''] of cell.matchAll(/`([^`?]+)[^`]*`/g)) {
      const last = name.replace('…/', '');
      if (name === last) before = name;
      for (const path of name === last ? [name] : [`${before}/${last}`, before.replace(/[^/]+$/, last)])
        paths.add(path);
    }
  }
  return paths;
}

it('is listed in the design, every route of it', () => {
  const listed = pathsOfDesign();
  const routes = createRoutes({} as ApiDeps).map(({ path }) => path);

  expect(routes.length).toBeGreaterThan(40);
  expect(routes.filter((path) => !listed.has(path))).toEqual([]);
});
