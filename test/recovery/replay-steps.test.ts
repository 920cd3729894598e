import { describe, expect, it } from 'vitest';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { encodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { workAll } from '../../lambdas/recovery/recovery.ts';
import { replayStep } from '../../lambdas/recovery/replay.ts';
import { handedOut, takeInHand } from '../support/in-hand.ts';

const MINUTE = 60_000;
const NOW = 1_700_000_000_000;

/** A replay of which `step` was made so long ago, and the steps that recovery queues. */
function aReplay(
  step: number,
  madeMsAgo: number,
  { advanced = true, listed = true } = {},
): { deps: RecoveryDeps; queued: number[] } {
  const queued: number[] = [];
  const row = {
    ...{ id: 'rpl_1', organization: 'acme', subscription: 'sub_1', state: 'running', rate: 50, listed },
    ...{ since_ms: 0, until_ms: NOW, created_ms: NOW - MINUTE, stepped_ms: NOW - madeMsAgo },
    ...{ estimate: 2, queued: 2, done: 0, failed: 0, step },
  };
  const deps = {
    replays: { get: async () => row, advance: async () => advanced },
    next: async (message: { step: number }) => void queued.push(message.step),
    now: () => NOW,
    settings: { replayMs: 7 * 24 * 60 * MINUTE },
  } as unknown as RecoveryDeps;
  return { deps, queued };
}

describe('a step of a replay whose message comes again', () => {
  it.each([
    // The pause behind the last look was half of the 50 s for which the replay was running then.
    ['looked whether all have ended', { listed: true }, 25],
    ['queued a page', { listed: false }, 10],
  ])('stays until the next one must have begun, 20 s behind the pause after one that %s', async (_, more, pause) => {
    const madeMsAgo = 10_000;
    const { deps, queued } = aReplay(3, madeMsAgo, more);

    const again = replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps);

    await expect(again).rejects.toThrow('Step 3');
    await expect(again).rejects.toMatchObject({ againMs: NOW - madeMsAgo + (pause + 20) * 1000 });
    expect(queued).toEqual([]);
  });

  it('queues the next one when it comes back after that', async () => {
    const { deps, queued } = aReplay(3, 30_000, { listed: false });

    await replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps);

    expect(queued).toEqual([4]);
  });

  it('stays in the queue when another copy has just made it', async () => {
    const { deps } = aReplay(2, MINUTE, { advanced: false });

    await expect(replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps)).rejects.toThrow('Step 3');
  });

  it('is given back to its queue for as long, not left to the queue’s own timeout', async () => {
    const given: { receiptHandle: string; atMs: number }[] = [];
    const { deps } = aReplay(3, 10_000, { listed: false });
    const take = takeInHand({ giveBack: async (changes) => void given.push(...changes) });
    const body = encodeRecoveryMessage({ v: 1, job: { kind: 'replay', replay_id: 'rpl_1' }, step: 3 });

    const stays = await workAll([handedOut({ messageId: 'm', body })], { ...deps, take });

    expect(stays).toEqual(['m']);
    expect(given).toEqual([{ receiptHandle: 'receipt-m', atMs: NOW + 20_000 }]);
  });

  it('is done once a later step was made', async () => {
    const { deps, queued } = aReplay(5, MINUTE);

    await replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 3, deps);

    expect(queued).toEqual([]);
  });
});
