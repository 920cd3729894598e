import { keyFaults, MAX_KEY_DESCRIPTION, SCOPES, type KeyRights, type Scope } from '../lambdas/domain/api-key.ts';
import { OWNER_PATTERN } from '../lambdas/domain/event.ts';
import type { ApiKey } from '../lambdas/stores/api-keys.ts';
import { calledHere, readOptions } from './read-options.ts';
import { LOCAL_OUTPUTS } from './outputs.ts';

const USAGE = `${calledHere('keys')} create --scope <${SCOPES.join('|')}> [options]
${calledHere('keys')} list
${calledHere('keys')} revoke <key id>
  --scope <scope>        what the key may do; may be given twice, as --scope support --scope payloads:read
  --organization <id>    the only one that it may see or publish for; the scope organization needs it
  --account <id>         with the scope organization: the key sees this account of it alone
  --read-only            with the scope organization: it may change nothing
  --no-payloads          with the scope organization: it sees no bodies of events and calls
  --expires-at <time>    it ends then, within a year: 2026-12-31T23:59:59.000Z
  --description <text>   whose it is; the audit trail shows it
  --outputs <file>       outputs of the stack (default ${LOCAL_OUTPUTS})`;

const { values, positionals } = readOptions(
  {
    allowPositionals: true,
    options: {
      scope: { type: 'string', multiple: true, default: [] },
      organization: { type: 'string' },
      account: { type: 'string' },
      'read-only': { type: 'boolean' },
      'no-payloads': { type: 'boolean' },
      'expires-at': { type: 'string' },
      description: { type: 'string' },
      outputs: { type: 'string', default: LOCAL_OUTPUTS },
    },
  },
  USAGE,
);

/** What asks AWS, once it is known what to ask. */
const withAws = async () => ({
  ...(await import('./stack.ts')),
  ...(await import('./make-api-key.ts')),
  ...(await import('../lambdas/stores/dynamodb/api-keys.ts')),
});

async function create(): Promise<void> {
  const unknown = values.scope.find((scope) => !SCOPES.includes(scope as Scope));
  if (values.scope.length === 0 || unknown !== undefined) {
    throw new Error(`Expected --scope with one of ${SCOPES.join(', ')}, got ${unknown ?? 'none'}.\n${USAGE}`);
  }
  const { organization, description } = values;
  const rights: KeyRights & { scopes: Scope[] } = {
    scopes: [...new Set(values.scope as Scope[])],
    organization,
    account: values.account,
    read_only: values['read-only'],
    payloads: values['no-payloads'] ? false : undefined,
    expires_at: values['expires-at'],
  };
  refuseFaults(rights);
  for (const option of ['organization', 'account'] as const) {
    const given = values[option];
    if (given === undefined || OWNER_PATTERN.test(given)) continue;
    throw new Error(`Expected --${option} with 1 to 64 letters, digits, _ or -.`);
  }
  if (description !== undefined && description.length > MAX_KEY_DESCRIPTION) {
    throw new Error(
      `Expected --description with at most ${MAX_KEY_DESCRIPTION} characters, got ${description.length}.`,
    );
  }
  const { openStack, makeApiKey } = await withAws();
  const stack = openStack(values.outputs);
  const { id, key } = await makeApiKey(stack.dynamoDb, stack.output('ApiKeysTableName'), {
    ...rights,
    expires_at: rights.expires_at && new Date(rights.expires_at).toISOString(),
    description,
  });
  console.log(`${id}\n${key}\nThe key is shown this once; only its hash is stored.`);
}

/** @throws what was expected, in the words of the command line. */
function refuseFaults(rights: KeyRights): void {
  const options: Record<keyof KeyRights, string> = {
    scopes: '--scope',
    organization: '--organization',
    account: '--account',
    read_only: '--read-only',
    payloads: '--no-payloads',
    expires_at: '--expires-at',
  };
  const faults = keyFaults(rights, Date.now());
  if (faults.length > 0) throw new Error(faults.map(({ field, detail }) => `${options[field]} ${detail}.`).join('\n'));
}

async function list(): Promise<void> {
  const { openStack, createApiKeyStore } = await withAws();
  const stack = openStack(values.outputs);
  const store = createApiKeyStore(stack.dynamoDb, stack.output('ApiKeysTableName'));
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit: 100, cursor });
    for (const key of page.items) {
      const limits = [key.read_only && 'read-only', key.payloads === false && 'no-payloads'].filter(Boolean);
      const words = [key.id, [...key.scopes, ...limits].join(','), ownerOf(key), stateOf(key), key.created_at];
      if (key.expires_at !== undefined) words.push(`until ${key.expires_at}`);
      console.log([...words, ...(key.description === undefined ? [] : [key.description])].join('  '));
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

function ownerOf({ organization = '-', account }: ApiKey): string {
  return account === undefined ? organization : `${organization}/${account}`;
}

function stateOf({ revoked_at, expires_at }: ApiKey): 'valid' | 'revoked' | 'expired' {
  if (revoked_at !== undefined) return 'revoked';
  return expires_at !== undefined && Date.parse(expires_at) <= Date.now() ? 'expired' : 'valid';
}

async function revoke(): Promise<void> {
  const id = positionals[1];
  if (id === undefined) throw new Error(`Expected the id of a key, as list shows it.\n${USAGE}`);
  const { openStack, createApiKeyStore } = await withAws();
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
