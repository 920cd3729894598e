import { MAX_KEY_DESCRIPTION, SCOPES, type Scope } from '../lambdas/domain/api-key.ts';
import { OWNER_PATTERN } from '../lambdas/domain/event.ts';
import { createApiKeyStore } from '../lambdas/stores/dynamodb/api-keys.ts';
import { makeApiKey } from './make-api-key.ts';
import { readOptions } from './read-options.ts';
import { LOCAL_OUTPUTS, openStack } from './stack.ts';

const USAGE = `npm run keys -- create --scope <${SCOPES.join('|')}> [--organization <id>] [--description <text>]
npm run keys -- list
npm run keys -- revoke <key id>
  --outputs <file>   outputs of the stack (default ${LOCAL_OUTPUTS})`;

const { values, positionals } = readOptions(
  {
    allowPositionals: true,
    options: {
      scope: { type: 'string', multiple: true, default: [] },
      organization: { type: 'string' },
      description: { type: 'string' },
      outputs: { type: 'string', default: LOCAL_OUTPUTS },
    },
  },
  USAGE,
);

async function create(): Promise<void> {
  const unknown = values.scope.find((scope) => !SCOPES.includes(scope as Scope));
  if (values.scope.length === 0 || unknown !== undefined) {
    throw new Error(`Expected --scope with one of ${SCOPES.join(', ')}, got ${unknown ?? 'none'}.\n${USAGE}`);
  }
  const { organization, description } = values;
  if (values.scope.includes('organization') && organization === undefined) {
    throw new Error('The scope organization needs --organization <id>.');
  }
  if (values.scope.includes('admin') && organization !== undefined) {
    throw new Error(
      'The scope admin sees every organization: leave --organization out, or use the scope organization.',
    );
  }
  if (organization !== undefined && !OWNER_PATTERN.test(organization)) {
    throw new Error('Expected --organization with 1 to 64 letters, digits, _ or -.');
  }
  if (description !== undefined && description.length > MAX_KEY_DESCRIPTION) {
    throw new Error(
      `Expected --description with at most ${MAX_KEY_DESCRIPTION} characters, got ${description.length}.`,
    );
  }
  const stack = openStack(values.outputs);
  const { id, key } = await makeApiKey(stack.dynamoDb, stack.output('ApiKeysTableName'), {
    scopes: values.scope as Scope[],
    organization,
    description,
  });
  console.log(`${id}\n${key}\nThe key is shown this once; only its hash is stored.`);
}

async function list(): Promise<void> {
  const stack = openStack(values.outputs);
  const store = createApiKeyStore(stack.dynamoDb, stack.output('ApiKeysTableName'));
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit: 100, cursor });
    for (const key of page.items) {
      const state = key.revoked_at === undefined ? 'valid' : 'revoked';
      const words = [key.id, key.scopes.join(','), key.organization ?? '-', state, key.created_at];
      console.log([...words, ...(key.description === undefined ? [] : [key.description])].join('  '));
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

async function revoke(): Promise<void> {
  const id = positionals[1];
  if (id === undefined) throw new Error(`Expected the id of a key, as list shows it.\n${USAGE}`);
  const stack = openStack(values.outputs);
  const store = createApiKeyStore(stack.dynamoDb, stack.output('ApiKeysTableName'));
  if (!(await store.revoke(id, new Date().toISOString()))) throw new Error(`No API key has the id "${id}".`);
  console.log(`${id} is revoked and stops working within 60 s.`);
}

const commands: Record<string, () => Promise<void>> = { create, list, revoke };

try {
  const command = commands[positionals[0] ?? ''];
  if (!command) throw new Error(USAGE);
  await command();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
