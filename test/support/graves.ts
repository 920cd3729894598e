import type { Tombstone } from '../../lambdas/domain/purge.ts';
import { graveyardOf, type Graves } from '../../lambdas/stores/purges.ts';

/** Where they cannot be read, and what was accepted before a time may be of a purge that is over. */
export function unreadableGraves(sureFromMs: number): Graves {
  return { ...gravesOf(), isUnsure: (acceptedMs) => acceptedMs < sureFromMs };
}

/** Tombstones as a test puts them up, all at once; by default none. */
export function gravesOf(...tombstones: Partial<Tombstone>[]): Graves {
  const all = tombstones.map((one) => ({ purge: 'pur_1', created_ms: 0, organization: 'acme', ...one }));
  return { load: () => Promise.resolve(graveyardOf(all)), isUnsure: () => false };
}
