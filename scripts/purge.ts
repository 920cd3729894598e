import { follow } from './follow.ts';
import { calledHere, readOptions } from './read-options.ts';
import { createCall } from './call-api.ts';
import { purgedSince, type PurgeRecord } from './purged-since.ts';
import { LOCAL_OUTPUTS } from './outputs.ts';

const USAGE = `${calledHere('purge')} --organization <id> [--resource <resource_id>] [--dry-run]
${calledHere('purge')} --again-since <time> [--dry-run]
  --organization <id>    deletes its keys, sessions, subscriptions, secrets, held deliveries, attempts, jobs, statistics, events and dead letters
  --resource <id>        only events of this resource accepted until now, with their attempts and held deliveries
  --again-since <time>   after a restore: everything that the audit trail says was purged since then
  --dry-run              only counts
  --key <api key>        admin key (default: POSTHORN_API_KEY, or the local admin key)
  --outputs <file>       outputs of the stack (default ${LOCAL_OUTPUTS})`;

/** A job as the API shows it. */
interface Purge {
  id: string;
  state: 'running' | 'done';
  deleted: number;
  by_kind: Record<string, number>;
}

const { values } = readOptions(
  {
    options: {
      organization: { type: 'string' },
      resource: { type: 'string' },
      'again-since': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      key: { type: 'string' },
      outputs: { type: 'string', default: LOCAL_OUTPUTS },
    },
  },
  USAGE,
);
const call = createCall(values, USAGE);

async function purge({ organization, resource }: PurgeRecord): Promise<void> {
  const query = new URLSearchParams(values['dry-run'] ? { dry_run: 'true' } : {});
  if (resource !== undefined) {
    query.set('organization', organization);
    query.set('resource_id', resource);
  }
  const path = resource === undefined ? `/v1/organizations/${encodeURIComponent(organization)}` : '/v1/events';
  const answer = await call<Purge & Record<string, unknown>>('DELETE', `${path}?${query.toString()}`);
  const what = resource === undefined ? organization : `a resource of ${organization}`;
  if (values['dry-run']) return console.log(`${what}: ${JSON.stringify(answer)}`);
  console.log(`${what}: ${answer.id} runs. It goes on when this is interrupted.`);
  const end = await follow(
    () => call<Purge>('GET', `/v1/purges/${answer.id}`),
    ({ state }) => state !== 'running',
  );
  for (const [name, count] of Object.entries(end.by_kind)) console.log(`  ${name}  ${count}`);
  console.log(`${end.deleted} deleted. Nothing is left.`);
}

async function main(): Promise<void> {
  const { organization, resource, 'again-since': since } = values;
  if ((organization === undefined) === (since === undefined)) {
    throw new Error(`Expected --organization or --again-since.\n${USAGE}`);
  }
  if (organization !== undefined) return purge({ organization, resource });
  // Left unsaid it would purge everything on record, not the one resource that was meant.
  if (resource !== undefined) throw new Error(`Expected --resource beside --organization only.\n${USAGE}`);
  const records = await purgedSince(since!, call);
  console.log(`${records.length} purges to be made again.`);
  for (const record of records) await purge(record);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
