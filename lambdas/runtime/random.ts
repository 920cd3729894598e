import { getRandomValues } from 'node:crypto';

/** One system call fills this many; a ULID takes 16. */
const POOL = new Uint32Array(256);
let used = POOL.length;

/** A number from 0 to below 1 that nobody can foretell, for ids: `Math.random` can be computed from earlier ids. */
export function randomFraction(): number {
  if (used === POOL.length) {
    getRandomValues(POOL);
    used = 0;
  }
  return POOL[used++]! / 2 ** 32;
}
