import { describe, expect, it } from 'vitest';
import type { RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { newPurge, type Purge, type PurgePlace, type Tombstone } from '../../lambdas/domain/purge.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { purgeStep, resumePurges } from '../../lambdas/recovery/purge.ts';

// One step at a time. Doubled: the job's row, what is deleted, the queue and the clock.

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const JOB = { kind: 'purge' as const, purge_id: 'pur_1', organization: 'acme' };

function setUp({ parts = [0], resource }: { parts?: number[]; resource?: string } = {}) {
  const world = {
    now: NOW,
    purge: newPurge({ id: 'pur_1', organization: 'acme', resource }, NOW),
    next: [] as { message: RecoveryMessage; delaySeconds: number }[],
    asked: [] as unknown[],
    /** What each part of a pass finds at present. */
    parts,
    /** Which call fails next, as if the process had died there. */
    dies: undefined as 'remove' | 'advance' | 'next' | 'end' | undefined,
  };
  const call = (name: typeof world.dies) => {
    if (world.dies !== name) return;
    world.dies = undefined;
    throw new Error('killed');
  };
  const stone: Tombstone = { purge: 'pur_1', organization: 'acme', created_ms: NOW };
  const deps = {
    purges: {
      get: async () => structuredClone(world.purge),
      tombstones: async () => [stone],
      add: async (_: Purge, deleted: { events?: number }) => void (world.purge.found += deleted.events ?? 0),
      advance: async (purge: Purge, step: { step: number; nowMs: number; place?: PurgePlace }) => {
        call('advance');
        if (world.purge.step >= step.step) return false;
        const { place } = step;
        const pass = place
          ? { place }
          : { pass: purge.pass + 1, pass_began_ms: step.nowMs, found: 0, place: undefined };
        Object.assign(world.purge, { step: step.step, stepped_ms: step.nowMs, ...pass });
        return true;
      },
      end: async () => {
        call('end');
        world.purge.state = 'done';
        stone.ended_ms = world.now;
      },
    },
    purgeable: {
      remove: async (target: unknown, place: PurgePlace | undefined) => {
        world.asked.push(target);
        const at = place?.at ?? 0;
        const events = world.parts[at]!;
        world.parts[at] = 0;
        call('remove');
        return { deleted: { events }, ...(at + 1 < world.parts.length && { place: { at: at + 1 } }) };
      },
    },
    next: async (message: RecoveryMessage, delaySeconds: number) => {
      call('next');
      world.next.push({ message, delaySeconds });
    },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    settings: { purgeMs: 5 * MINUTE },
    now: () => world.now,
  } as unknown as RecoveryDeps;
  /** Works on messages as SQS hands them out, again while they fail, until none is left. */
  const run = async () => {
    const queue: RecoveryMessage[] = [{ v: 1, job: JOB, step: 0 }];
    for (let turns = 0; queue.length > 0; turns++) {
      if (turns > 100) throw new Error('It never ends.');
      const { step } = queue[0]!;
      try {
        await purgeStep(JOB, step, deps);
        queue.shift();
      } catch {
        world.now += 13 * MINUTE;
      }
      for (const { message, delaySeconds } of world.next.splice(0)) {
        world.now += delaySeconds * 1000;
        queue.push(message);
      }
    }
  };
  return { world, deps, run };
}

describe('a purge', () => {
  it('is done when a pass has found nothing that began when everybody knew of it', async () => {
    const { world, run } = setUp({ parts: [3, 0, 2] });

    await run();

    expect(world.purge.state).toBe('done');
    expect(world.purge.pass_began_ms).toBeGreaterThanOrEqual(NOW + 5 * MINUTE);
    expect(world.purge.pass).toBeGreaterThan(2);
  });

  it('looks again for what came while it waited', async () => {
    const { world, deps } = setUp();
    await purgeStep(JOB, 0, deps);
    expect(world.next).toMatchObject([{ delaySeconds: 300, message: { step: 1 } }]);
    world.now += 5 * MINUTE;
    world.parts = [1];

    await purgeStep(JOB, 1, deps);

    expect(world.purge.state).toBe('running');
    expect(world.next[1]).toMatchObject({ message: { step: 2 } });
  });

  it.each(['remove', 'advance', 'next', 'end'] as const)('that dies at "%s" goes on where it stood', async (where) => {
    const { world, run } = setUp({ parts: [3, 0, 2] });
    world.dies = where;

    await run();

    expect(world.dies).toBeUndefined();
    expect(world.purge.state).toBe('done');
  });

  it('that dies between two passes goes on once the pause is over that there was', async () => {
    const { world, deps } = setUp({ parts: [3] });
    world.now += 5 * MINUTE;
    world.dies = 'next';
    await expect(purgeStep(JOB, 0, deps)).rejects.toThrow('killed');

    await expect(purgeStep(JOB, 0, deps)).rejects.toMatchObject({ againMs: world.now + 22_000 });
    world.now += 22_000;
    await purgeStep(JOB, 0, deps);

    expect(world.next).toMatchObject([{ delaySeconds: 0, message: { step: 1 } }]);
  });

  it('makes a step once, whoever has a copy of its message', async () => {
    const { world, deps } = setUp({ parts: [1, 1] });
    await purgeStep(JOB, 0, deps);

    await expect(purgeStep(JOB, 0, deps)).rejects.toThrow('was made a moment ago');
    await purgeStep(JOB, 1, deps);
    await purgeStep(JOB, 0, deps);

    expect(world.next.map(({ message }) => message.step)).toEqual([1, 2]);
  });

  it('takes of a resource what was accepted until it was asked for, of an organization everything', async () => {
    const [one, all] = [setUp({ resource: 'hash' }), setUp()];

    await purgeStep(JOB, 0, one.deps);
    await purgeStep(JOB, 0, all.deps);

    expect(one.world.asked).toMatchObject([{ resource: 'hash', through_ms: NOW }]);
    expect(all.world.asked).toMatchObject([{ through_ms: Infinity }]);
  });

  it('that has lost its message is put on its way again by the schedule, and left alone while it goes', async () => {
    const { world, deps } = setUp();

    await resumePurges(deps);
    expect(world.next).toEqual([]);
    world.now += 14 * MINUTE;
    await resumePurges(deps);

    expect(world.next).toMatchObject([{ message: { job: JOB, step: 0 } }]);
  });
});
