import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOpenApi } from '../../lambdas/api/http/openapi.ts';
import { createRoutes, type ApiDeps } from '../../lambdas/api/routes.ts';

// The guides name routes and files; those exist.

const ROOT = join(import.meta.dirname, '../..');
const GUIDES = ['docs/producers.md', 'docs/receivers.md', 'receiver/README.md'];

// Routes ask for their dependencies when they are called, which nobody does here.
const { paths } = createOpenApi(createRoutes({} as ApiDeps), '0.0.0') as { paths: Record<string, object> };

describe.each(GUIDES)('%s', (guide) => {
  const text = readFileSync(join(ROOT, guide), 'utf8');

  it('names only routes that there are', () => {
    for (const [, path] of text.matchAll(/(\/v1\/[a-z0-9/{}_-]+)/g)) expect(Object.keys(paths)).toContain(path);
  });

  it('links only to files that there are', () => {
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(join(ROOT, dirname(guide), link!)), link).toBe(true);
    }
  });
});
