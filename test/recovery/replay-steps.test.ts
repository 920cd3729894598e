import { describe, expect, it } from 'vitest';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { replayStep } from '../../lambdas/recovery/replay.ts';

const MINUTE = 60_000;
const NOW = 1_700_000_000_000;

/** A replay of which `step` was made so long ago, and the steps that recovery queues. */
function aReplay(step: number, madeMsAgo: number, advanced = true): { deps: RecoveryDeps; queued: number[] } {
  const queued: number[] = [];
  const row = {
    ...{ id: 'rpl_1', organization: 'acme', subscription: 'sub_1', state: 'running', rate: 50, listed: true },
    ...{ since_ms: 0, until_ms: NOW, created_ms: NOW - MINUTE, stepped_ms: NOW - madeMsAgo },
    ...{ estimate: 2, queued: 2, done: 0, failed: 0, step },
  };
  const deps = {
    replays: { get: async () => row, advance: async () => advanced },
    next: async (message: { step: number }) => void queued.push(message.step),
    now: () => NOW,
  } as unknown as RecoveryDeps;
  return { deps, queued };
}

describe('a step of a replay whose message comes again', () => {
  it('stays in the queue while whoever made it may still queue the next one', async () => {
    const { deps, queued } = aReplay(3, MINUTE);

    await expect(replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps)).rejects.toThrow('Step 3');

    expect(queued).toEqual([]);
  });

  it('queues the next one when it comes back after the visibility timeout', async () => {
    const { deps, queued } = aReplay(3, 12 * MINUTE);

    await replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps);

    expect(queued).toEqual([4]);
  });

  it('stays in the queue when another copy has just made it', async () => {
    const { deps } = aReplay(2, MINUTE, false);

    await expect(replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps)).rejects.toThrow('Step 3');
  });

  it('is done once a later step was made', async () => {
    const { deps, queued } = aReplay(5, MINUTE);

    await replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps);

    expect(queued).toEqual([]);
  });
});
