import type { Tombstone } from '../../lambdas/domain/purge.ts';
import { graveyardOf, type Graves } from '../../lambdas/stores/purges.ts';

/** Tombstones as a test puts them up, all at once; by default none. */
export function gravesOf(...tombstones: Partial<Tombstone>[]): Graves {
  const all = tombstones.map((one) => ({ purge: 'pur_1', created_ms: 0, organization: 'acme', ...one }));
  return { load: () => Promise.resolve(graveyardOf(all)), isCurrent: () => true };
}
