import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from './deployment.ts';
import { withoutTable } from './older-assembly.ts';

/** One command or a few, as a person would type them. @returns what it found. @throws what should not be. */
type Step = [name: string, take: () => Promise<string>];
/** The steps of one story. */
export type Chapter = (deployment: Deployment) => Step[];

/** An account that nobody has deployed to. */
export const firstDeployment: Chapter = (deployment) => [
  ['preflight before bootstrap', () => refused(deployment.posthorn('preflight'), /stop +bootstrap: .*/)],
  [
    'bootstrap',
    async () => said(await deployment.cdk(await deployment.app(), 'bootstrap', 'aws://123456789012/us-east-1'), /✅.*/),
  ],
  ['preflight', async () => said(await deployment.posthorn('preflight'), /ok +tables: .*/)],
  [
    'first deployment',
    async () => {
      await deployment.deploy(await deployment.app());
      return `${(await deployment.account.tables()).length} tables`;
    },
  ],
  ['first key', async () => (said(await deployment.keys('create', '--scope', 'admin'), /phk_\w+/), 'made')],
];

/** The same again, and a setting that changes. */
export const changes: Chapter = (deployment) => [
  ['second deployment', async () => said(await deployment.deploy(await deployment.app()), /no changes/)],
  [
    'diff',
    async () => {
      const diff = await deployment.cdk(await deployment.app(), 'diff');
      if (/\[[-+~]\]/.test(diff)) throw new Error(`expected no difference, got\n${diff}`);
      return 'none';
    },
  ],
  [
    'changed setting',
    async () => {
      const before = await deployment.account.live('Posthorn-Sender');
      const changed = await deployment.synthesize('changed', { POSTHORN_RETRY_DELAYS: '1,2,3' });
      said(await deployment.cdk(changed, 'diff', '--method=template'), /RETRY_DELAYS/);
      await deployment.deploy(changed);
      const { version, variables } = await deployment.account.live('Posthorn-Sender');
      if (variables['RETRY_DELAYS'] !== '1,2,3')
        throw new Error(`expected RETRY_DELAYS 1,2,3, got ${JSON.stringify(variables)}`);
      if (version === before.version) throw new Error(`expected another version than ${version} behind the alias`);
      return `the alias went from version ${before.version} to ${version}`;
    },
  ],
  [
    'the setting back',
    async () => (
      await deployment.deploy(await deployment.app()),
      `version ${(await deployment.account.live('Posthorn-Sender')).version}`
    ),
  ],
];

/** A release that added a table is rolled back and deployed again, as the runbook has it. */
export const backAndForth: Chapter = (deployment) => {
  let older = '';
  return [
    [
      'rollback with --all',
      async () => {
        older = withoutTable(await deployment.app(), join(deployment.work, 'older'), 'Statistics');
        return refused(deployment.deploy(older), /Cannot delete export \S*Statistics\S* as it is in use/);
      },
    ],
    ['rollback with --exclusively', async () => (await deployment.deploy(older, 'Posthorn', '--exclusively'), 'done')],
    ['then --all', async () => (await deployment.deploy(older), 'done')],
    ['upgrade', async () => (await deployment.deploy(await deployment.app()), 'done')],
  ];
};

/** All is destroyed; the tables stay, and the next deployment is told of them. */
export const takenDown: Chapter = (deployment) => [
  ['destroy', () => destroy(deployment)],
  ['preflight then', () => refused(deployment.posthorn('preflight'), BEGINS_EMPTY)],
  [
    'deployment that adopts them',
    async () => {
      const before = await deployment.account.tables();
      const adopting = await deployment.synthesize('adopting', { POSTHORN_ADOPTED_TABLES: await setting(deployment) });
      await deployment.deploy(adopting);
      same(await deployment.account.tables(), before);
      return `no new table, ${await firstKey(deployment)}`;
    },
  ],
  ['destroy again', async () => destroy(deployment)],
];

/** The same, by somebody who did not ask preflight. */
export const adoption: Chapter = (deployment) => {
  let adopting = '';
  return [
    [
      'deployment without a thought',
      async () => {
        adopting = await deployment.synthesize('adopting', { POSTHORN_ADOPTED_TABLES: await setting(deployment) });
        await deployment.deploy(await deployment.app());
        if ((await deployment.keys('list')).includes('admin')) throw new Error('expected an empty Posthorn');
        return `empty, ${(await deployment.account.tables()).length} tables`;
      },
    ],
    [
      'preflight then, again',
      async () => said(await deployment.posthorn('preflight'), /warning +tables: some are retained/),
    ],
    ['adopting with --all', () => refused(deployment.deploy(adopting), /Cannot delete export \S* as it is in use/)],
    [
      'adopting with --exclusively',
      async () => (await deployment.deploy(adopting, 'Posthorn', '--exclusively'), firstKey(deployment)),
    ],
    [
      'then --all, adopted',
      async () => {
        const all = await deployment.account.tables();
        await deployment.deploy(adopting);
        same(await deployment.account.tables(), all);
        return firstKey(deployment);
      },
    ],
  ];
};

/** The same tables under CloudFormation again. */
export const imported: Chapter = (deployment) => {
  let key = '';
  let before: string[] = [];
  return [
    [
      'destroy before an import',
      async () => {
        key = await deployment.account.key('PosthornData');
        return destroy(deployment);
      },
    ],
    [
      'cdk import',
      async () => {
        before = await deployment.account.tables();
        const mapping = join(deployment.work, 'tables.json');
        writeFileSync(
          mapping,
          JSON.stringify(identifiers(await deployment.app(), deployment, { tables: before, KeyId: key })),
        );
        return said(
          await deployment.cdk(await deployment.app(), 'import', 'PosthornData', '--resource-mapping', mapping),
          /✅ +PosthornData/,
        );
      },
    ],
    [
      'deployment after the import',
      async () => {
        await deployment.deploy(await deployment.app());
        same(await deployment.account.tables(), before);
        return `no new table, ${await firstKey(deployment)}`;
      },
    ],
  ];
};

const BEGINS_EMPTY = /stop +tables: a deployment would begin empty beside \d+ retained tables/;

async function destroy(deployment: Deployment): Promise<string> {
  const before = await deployment.account.tables();
  await deployment.cdk(await deployment.app(), 'destroy', '--all', '--force');
  same(await deployment.account.tables(), before);
  return `${before.length} tables remain`;
}

/** The setting as preflight prints it; what it leaves to the reader comes from the outputs of the last deployment, and AWS. */
async function setting(deployment: Deployment): Promise<string> {
  const told = await deployment.posthorn('preflight').catch((error: unknown) => String(error));
  const [, text] = /"adoptedTables": (\{.*?\})/.exec(told) ?? [];
  if (text === undefined) throw new Error(`expected a setting in\n${told}`);
  let filled = text.replaceAll(/"(\w+)":"<one of: [^>]+>"/g, (_, id: string) => {
    return `"${id}":"${deployment.output(`${id}TableName`)}"`;
  });
  for (const [placeholder, table] of text.matchAll(/<LatestStreamArn of ([^>]+)>/g)) {
    filled = filled.replace(placeholder, await deployment.account.stream(table!));
  }
  return filled;
}

/** What `cdk import` asks a person for: the key, and tables by name: of several the one in the outputs of the last deployment. */
function identifiers(
  app: string,
  deployment: Deployment,
  { tables, KeyId }: { tables: readonly string[]; KeyId: string },
): Record<string, Record<string, string>> {
  const { Resources } = JSON.parse(readFileSync(join(app, 'PosthornData.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string }>;
  };
  return Object.fromEntries(
    Object.entries(Resources).map(([id, { Type }]): [string, Record<string, string>] => {
      if (Type === 'AWS::KMS::Key') return [id, { KeyId }];
      const [first = '', ...others] = tables.filter((name) => name.startsWith(`PosthornData-${id}`));
      const output = `${/^(\w+)Table/.exec(id)?.[1]}TableName`;
      return [id, { TableName: others.length === 0 || !deployment.has(output) ? first : deployment.output(output) }];
    }),
  );
}

async function firstKey(deployment: Deployment): Promise<string> {
  return said(await deployment.keys('list'), /admin/) && 'the first key is there';
}

function same(found: readonly string[], expected: readonly string[]): void {
  const [is, was] = [found, expected].map((names) => names.toSorted().join(', '));
  if (is !== was) throw new Error(`expected the tables ${was}, found ${is}`);
}

/** @returns the words that were expected. @throws with the text when they are not in it. */
function said(text: string, words: RegExp): string {
  const found = words.exec(text)?.[0];
  if (found === undefined) throw new Error(`expected ${String(words)}, got\n${text}`);
  return found.trim();
}

/** @returns the words of the refusal. @throws unless the command is refused with them. */
async function refused(command: Promise<string>, words: RegExp): Promise<string> {
  const error = await command.then(
    () => undefined,
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  if (error === undefined) throw new Error(`expected to be refused with ${String(words)}, but it was not`);
  return `refused, as it should be: ${said(error, words)}`;
}
