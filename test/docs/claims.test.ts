import { describe, expect, it } from 'vitest';
import { falseClaims, type Kind, type World } from './claims.ts';
import { anchorsOf } from './world.ts';

/** A small repository: what it has is said, all else does not exist. */
const PATHS = [
  'docs/guide.md',
  'docs/runbook.md',
  'docs',
  'lambdas',
  'lambdas/sender',
  'lambdas/sender/settle.ts',
  'LICENSE',
];
const WORLD: World = {
  exists: (path) => PATHS.includes(path.replace(/\/$/, '')),
  existsBelow: (path) => PATHS.some((one) => `/${one}`.endsWith(`/${path.replace(/\/$/, '')}`)),
  anchors: (path) => (path.endsWith('.md') ? new Set(['before-you-begin']) : undefined),
  scripts: (workspace) =>
    workspace === undefined ? new Set(['start', 'test', 'dlq']) : workspace === 'local' ? new Set(['test']) : undefined,
  commands: (script) => (script === 'dlq' ? new Set(['peek']) : undefined),
  variables: new Set(['POSTHORN_RETRY_DELAYS']),
  routes: [
    { method: 'GET', path: '/v1/attempts', query: ['organization', 'outcome'] },
    { method: 'GET', path: '/v1/subscriptions/{id}', query: [] },
    { method: 'POST', path: '/v1/subscriptions/{id}/ping', query: ['wait'] },
    { method: 'GET', path: '/openapi.json', query: [] },
  ],
  pages: ['/console/catalogue', '/console/subscriptions/:id'],
  alarms: new Set(['posthorn-delivery-age']),
  knowsWord: (word) => word === 'AttemptsFailed',
};

const claims = (text: string, kinds?: Kind[]): string[] => falseClaims('docs/guide.md', text, WORLD, kinds);

describe('a document that names only what there is', () => {
  it.each([
    [
      'a link',
      'See [the runbook](runbook.md), [its beginning](runbook.md#before-you-begin), [the licence](../LICENSE).',
    ],
    [
      'a link within the page, or elsewhere',
      '[above](#before-you-begin), [RFC](https://www.rfc-editor.org/rfc/rfc9457#x)',
    ],
    ['scripts', '`npm start`, `npm test -w local`, `npm run dlq -- peek --queue events`'],
    ['a setting', '`POSTHORN_RETRY_DELAYS=1,2,3 npm start`'],
    [
      'routes',
      '`GET /v1/attempts?organization=<organization>&outcome=exhausted`, `/v1/subscriptions/sub_…` and /openapi.json.',
    ],
    ['a route with a value', '`curl "$(out ApiUrl)/v1/subscriptions/$id"`, `POST /v1/subscriptions/{id}/ping?wait=10`'],
    ['a console page', 'Open /console/catalogue, or `/console/subscriptions/<id>`.'],
    ['sources', '`lambdas/sender/settle.ts`, `sender/settle.ts`, `settle.ts`, `lambdas/sender/`'],
    ['what commands make', '`.local/outputs.json`, `outputs.json`'],
    ['an alarm', '`posthorn-delivery-age` rings, `posthorn-table-…-throttled` is a family.'],
    ['a metric', '`AttemptsFailed` rises.'],
    ['what is marked as planned', '<!-- unchecked: planned -->`npm run preflight`<!-- /unchecked -->'],
  ])('passes with %s', (_, text) => {
    expect(claims(text)).toEqual([]);
  });
});

describe('a sentence that is not so', () => {
  it.each([
    ['links', '[moved](moved.md)', 'link moved.md: docs/moved.md does not exist'],
    ['links', '![gone](../images/gone.png)', 'link ../images/gone.png: images/gone.png does not exist'],
    [
      'links',
      '[there](runbook.md#after-you-end)',
      'link runbook.md#after-you-end: docs/runbook.md has no such heading',
    ],
    ['links', '[here](#nowhere)', 'link #nowhere: docs/guide.md has no such heading'],
    ['npmScripts', 'Run `npm run deploy`.', 'npm run deploy: no such script'],
    ['npmScripts', '`npm run dlq -- empty`', 'npm run dlq -- empty: no such command'],
    ['npmScripts', '`npm start -w local`', 'npm start -w local: no such script'],
    ['npmScripts', '`npm test -w website`', 'npm test -w website: no such script'],
    ['settings', '`POSTHORN_RETRIES=5`', 'POSTHORN_RETRIES: nothing reads this variable'],
    ['routes', '`GET /v1/deliveries`', 'GET /v1/deliveries: no such route'],
    ['routes', 'ask /v1/attempts/newest/first.', '/v1/attempts/newest/first: no such route'],
    ['routes', '`DELETE /v1/attempts`', 'DELETE /v1/attempts: this route has GET only'],
    ['routes', '`/v1/attempts?status=500`', '/v1/attempts?status=500: this route has no parameter status'],
    ['routes', '`GET /v1/subscriptions/{id}/pong`', 'GET /v1/subscriptions/{id}/pong: no such route'],
    ['consolePages', 'the page /console/deliveries.', '/console/deliveries: the console has no such page'],
    ['sourcePaths', '`lambdas/sender/line.ts`', 'lambdas/sender/line.ts: no such file or folder'],
    ['sourcePaths', 'node lambdas/sender/main.ts', 'lambdas/sender/main.ts: no such file or folder'],
    ['sourcePaths', '`line.ts` counts', 'line.ts: no such file or folder'],
    ['sourcePaths', '`lambdas/postman/`', 'lambdas/postman/: no such file or folder'],
    ['alarms', '`posthorn-mail-late` rings', 'posthorn-mail-late: no such alarm'],
    [
      'words',
      '`AttemptsVanished` rises',
      'AttemptsVanished: neither a metric nor anything else in the code has this name',
    ],
  ] as const)('is found among %s: %s', (kind, text, problem) => {
    expect(claims(text)).toEqual([problem]);
    expect(claims(text, [kind])).toEqual([problem]);
  });

  it('is found outside of a part that is marked', () => {
    expect(claims('<!-- unchecked: planned -->`npm run a`<!-- /unchecked --> `npm run b`')).toEqual([
      'npm run b: no such script',
    ]);
  });

  it('is found in a part that is marked without a reason', () => {
    expect(claims('<!-- unchecked: -->`npm run a`<!-- /unchecked -->')).toHaveLength(1);
  });
});

describe('the anchors of headings', () => {
  it('are made as GitHub makes them', () => {
    const text =
      '# Before you begin\n## `posthorn-x`: what, when?\n```sh\n# no heading\n```\n### 16. One machine: `npm start`\n';

    expect([...anchorsOf(text)]).toEqual(['before-you-begin', 'posthorn-x-what-when', '16-one-machine-npm-start']);
  });
});
