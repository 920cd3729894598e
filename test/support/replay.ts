import type { Replay } from '../../lambdas/domain/delivery/replay.ts';

/** A replay that has just begun. @param nowMs when it was made. */
export function aReplayAt(nowMs: number, change: Partial<Replay> = {}): Replay {
  return {
    id: 'rpl_1',
    organization: 'org_1',
    subscription: 'sub_1',
    state: 'running',
    since_ms: 0,
    until_ms: nowMs,
    created_ms: nowMs,
    rate: 50,
    estimate: 3,
    queued: 0,
    done: 0,
    failed: 0,
    step: -1,
    stepped_ms: nowMs,
    ...change,
  };
}
