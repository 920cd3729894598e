import { resourceHash } from '../lambdas/stores/purges.ts';
import type { Call } from './call-api.ts';

/** What was purged: an organization, or one resource of it. */
export interface PurgeRecord {
  organization: string;
  resource?: string | undefined;
}

interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/**
 * What the audit trail says was purged since a time. Of a resource it holds a hash only, so the events that are there are
 * asked for those of that hash: one whose events a restore has not brought back needs no purge.
 */
export async function purgedSince(since: string, call: Call): Promise<PurgeRecord[]> {
  const targets = new Map<string, Set<string> | 'all'>();
  const query = `action=data.purged&since=${encodeURIComponent(since)}`;
  for await (const { object_id, changes } of every<AuditLine>(call, `/v1/audit?${query}`)) {
    const hash = changes?.resource?.old;
    const known = targets.get(object_id) ?? new Set();
    targets.set(object_id, hash === undefined || known === 'all' ? 'all' : known.add(hash));
  }
  const found: PurgeRecord[] = [];
  for (const [organization, hashes] of targets) {
    if (hashes === 'all') found.push({ organization });
    else for (const resource of await resourcesOf(organization, hashes, call)) found.push({ organization, resource });
  }
  return found;
}

interface AuditLine {
  object_id: string;
  changes?: { resource?: { old?: string } };
}

async function resourcesOf(organization: string, hashes: ReadonlySet<string>, call: Call): Promise<Set<string>> {
  const found = new Set<string>();
  const list = `/v1/events?organization=${organization}&limit=100`;
  for await (const { resource_id } of every<{ resource_id?: string }>(call, list)) {
    if (resource_id && hashes.has(resourceHash(organization, resource_id))) found.add(resource_id);
  }
  return found;
}

async function* every<T>(call: Call, path: string): AsyncGenerator<T> {
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page<T> = await call('GET', cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
    yield* page.data;
    cursor = page.next_cursor;
  }
}
