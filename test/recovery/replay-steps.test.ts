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

describe('the first step of a replay that is not written down', () => {
  const asked = (msAgo: number) => {
    const { deps } = aReplay(0, 0);
    const nobody = {
      ...deps,
      replays: { ...deps.replays, get: async () => undefined },
      logger: { info: () => undefined },
    };
    const job = { kind: 'replay', replay_id: 'rpl_1', organization: 'acme', asked_ms: NOW - msAgo } as const;
    return { job, deps: nobody as unknown as RecoveryDeps };
  };

  it.each([
    ['a moment ago is looked for again soon', 1000, 4000],
    ['longer ago once more when the api that asked has ended', 6000, 24_500],
  ])('and was asked for %s', async (_, msAgo, inMs) => {
    const { job, deps } = asked(msAgo);

    await expect(replayStep(job, 0, deps)).rejects.toMatchObject({ againMs: NOW + inMs });
  });

  it('and never will be, because the api died, is over', async () => {
    const { job, deps } = asked(30_500);

    await expect(replayStep(job, 0, deps)).resolves.toBeUndefined();
  });

  it('and was written down before its message, as an automatic one, is over: it has expired', async () => {
    const { deps } = asked(0);

    await expect(replayStep({ kind: 'replay', replay_id: 'rpl_1' }, 0, deps)).resolves.toBeUndefined();
  });
});

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
