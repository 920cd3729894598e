import { bodyOf, type Client } from '../../api/client.ts';
import type { Attempt, Listed } from '../../api/types.ts';

/** Calls that the overview reads at most: enough for percentiles, few enough for a page that is read every 30 s. */
export const SAMPLE_SIZE = 500;
/** Pages come short where the log is walked event by event; this many requests at most. */
const READS = 12;

/**
 * The newest calls since a time.
 * @returns `complete: false` when there are more than are counted.
 */
export async function readSample(
  client: Client,
  sinceMs: number,
  organization: string | undefined,
): Promise<{ attempts: Attempt[]; complete: boolean }> {
  const attempts: Attempt[] = [];
  const since = new Date(sinceMs).toISOString();
  let cursor: string | undefined;
  for (let read = 0; read < READS && attempts.length < SAMPLE_SIZE; read++) {
    const query = { since, organization, limit: '100', cursor };
    const page: Listed<Attempt> = await bodyOf(client.GET('/v1/attempts', { params: { query } }));
    attempts.push(...page.data);
    if (page.next_cursor === null) return { attempts, complete: true };
    cursor = page.next_cursor;
  }
  return { attempts, complete: false };
}
