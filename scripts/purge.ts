import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { OWNER_PATTERN } from '../lambdas/domain/event.ts';
import { createIds } from '../lambdas/domain/ids.ts';
import { randomFraction } from '../lambdas/runtime/random.ts';
import { auditRecord, shortHash } from '../lambdas/stores/audit-record.ts';
import { createAuditStore } from '../lambdas/stores/dynamodb/audit.ts';
import { DEFAULTS } from '../lib/settings.ts';
import { purge } from './purge-data.ts';
import { calledHere, readOptions } from './read-options.ts';
import { LOCAL_OUTPUTS, openStack } from './stack.ts';

const USAGE = `${calledHere('purge')} --organization <id> [--resource <resource_id>] [--dry-run]
  --organization <id>    deletes its keys, subscriptions, secrets, held deliveries, attempts, replays, statistics and events
  --resource <id>        only events of this resource, with their attempts and held deliveries
  --dry-run              only counts
  --outputs <file>       outputs of the stack (default ${LOCAL_OUTPUTS})`;

/** What functions wrote while others were deleted, and what the guard keeps of deleted rows, is found again. */
const MOST_ROUNDS = 20;
const REST_MS = 5000;

const { values } = readOptions(
  {
    options: {
      organization: { type: 'string' },
      resource: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      outputs: { type: 'string', default: LOCAL_OUTPUTS },
    },
  },
  USAGE,
);

async function main(): Promise<void> {
  const { organization, resource } = values;
  if (organization === undefined || !OWNER_PATTERN.test(organization)) {
    throw new Error(`Expected --organization with 1 to 64 letters, digits, _ or -.\n${USAGE}`);
  }
  if (resource === '') throw new Error('Expected --resource with the resource_id of events, got an empty text.');
  const stack = openStack(values.outputs);
  const options = { dynamoDb: stack.dynamoDb, table: stack.output, target: { organization, resource } };
  if (values['dry-run']) return print(await purge({ ...options, dryRun: true }));
  await createAuditStore(stack.dynamoDb, stack.output('AuditTrailTableName'), {
    retentionDays: DEFAULTS.auditRetentionDays,
  }).append(
    auditRecord({
      id: createIds({ now: Date.now, random: randomFraction }).audit(),
      actor: 'command',
      actor_name: userInfo().username,
      action: 'data.purged',
      object_type: 'organization',
      object_id: organization,
      organization,
      changes: resource === undefined ? undefined : { resource: { old: shortHash(resource) } },
      changed: resource === undefined ? [] : ['resource'],
    }),
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (round > 0) await setTimeout(REST_MS);
    const counts = await purge(options);
    print(counts);
    if (Object.values(counts).every((count) => count === 0)) return console.log('Nothing is left in the tables.');
  }
  throw new Error('Something still writes for this organization. Stop its producers, then run this again.');
}

function print(counts: Record<string, number>): void {
  for (const [output, count] of Object.entries(counts)) console.log(`${output.replace(/TableName$/, '')}  ${count}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
