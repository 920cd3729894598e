import type { Replay } from '../../api/types.ts';

/** Whether nothing of a job changes any more: one that was stopped never sends what remains. */
export function isOver({ state, remaining }: Pick<Replay, 'state' | 'remaining'>): boolean {
  return state !== 'running' && (state === 'cancelled' || remaining === 0);
}
