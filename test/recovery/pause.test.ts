import { describe, expect, it } from 'vitest';
import { SENDER_SECONDS, VISIBILITY_TIMES } from '../../lambdas/domain/limits.ts';
import { stateToTell } from '../../lambdas/domain/endpoint/told.ts';
import { firstPace } from '../../lambdas/domain/endpoint/release.ts';
import type { RecoveryMessage, ReleaseJob } from '../../lambdas/domain/messages/messages.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { releaseStep } from '../../lambdas/recovery/release.ts';
import { RecoveryWorld } from '../support/recovery-world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const publish = (world: RecoveryWorld, count: number): string[] => Array.from({ length: count }, () => world.publish());

describe('a paused subscription', () => {
  it('loses nothing: when it is resumed all goes out, in event order', async () => {
    const world = new RecoveryWorld();
    world.pause();
    const ids = publish(world, 200);
    await world.pass(60 * MINUTE);
    expect([world.delivered, world.held.size]).toEqual([[], 200]);

    world.resume();
    await world.pass(2 * MINUTE);

    expect(world.delivered).toEqual(ids);
    await world.pass(2 * MINUTE);
    expect(world.health).toBeUndefined();
  });

  it('is not probed while its endpoint is down, nor deactivated', async () => {
    const world = new RecoveryWorld();
    world.answers = () => false;
    publish(world, 25);
    await world.pass(10 * MINUTE);
    expect(world.health?.circuit).toBe('open');
    world.load.clear();

    world.pause(false);
    await world.pass(6 * 24 * 60 * MINUTE);

    expect(world.load.size).toBe(0);
    expect([world.health?.circuit, world.row?.active]).toEqual(['paused', true]);
    expect(world.notices).toEqual(['endpoint.down', 'subscription.paused']);
  });

  it('is told of once, when it is paused for five days', async () => {
    const world = new RecoveryWorld();
    world.pause();

    await world.pass(5 * 24 * 60 * MINUTE - SECOND);
    expect(world.notices).toEqual([]);

    await world.pass(24 * 60 * MINUTE);
    expect(world.notices).toEqual(['subscription.paused']);
  });

  it('is not taken to answer by what was held a moment before it is resumed', async () => {
    const world = new RecoveryWorld();
    const queued: ReleaseJob[] = [];
    const [run, queued_ms] = [world.now, world.now];
    const key = { organization: 'acme', subscription: 'sub_1' };
    const heldBefore = { outcome: 'held', attempted_ms: queued_ms - 200, format: 'thin' } as const;
    const deps = {
      ...world.deps,
      circuits: {
        claimStep: async () => ({ ...key, failures: 0, circuit: 'releasing', release_ms: run, renewed_ms: run }),
      },
      attempts: { latestBetween: async () => new Map([['evt_1', heldBefore]]) },
      next: async ({ job }: RecoveryMessage) => void queued.push(job as ReleaseJob),
    } as unknown as RecoveryDeps;
    const last = { from: 'evt_1', to: 'evt_1', count: 1, queued_ms };
    const pace = firstPace(undefined);

    await releaseStep({ kind: 'release', organization: 'acme', subscription_id: 'sub_1', run, pace, last }, 1, deps);

    expect(queued).toMatchObject([{ last, waited: 1 }]);
  });

  it('whose endpoint is down when it is resumed is held and probed as others are', async () => {
    const world = new RecoveryWorld();
    world.answers = () => false;
    world.pause();
    const ids = publish(world, 12);
    await world.pass(MINUTE);

    world.resume();
    await world.pass(10 * MINUTE);

    expect([world.health?.circuit, world.held.size]).toEqual(['open', 12]);
    world.answers = () => true;
    await world.pass(5 * MINUTE);
    expect([...world.delivered].sort()).toEqual(ids);
  });

  it('has its release stop when it is paused in the middle of it', async () => {
    const world = new RecoveryWorld();
    world.pause();
    const ids = publish(world, 500);
    await world.pass(MINUTE);
    world.resume();
    await world.pass(2 * SECOND);
    const sent = world.delivered.length;
    expect(sent).toBeGreaterThan(0);

    world.pause(false);
    await world.pass(10 * MINUTE);

    expect(world.delivered).toHaveLength(sent);
    expect([world.health?.circuit, world.held.size]).toEqual(['paused', 500 - sent]);
    world.resume();
    await world.pass(2 * MINUTE);
    expect(world.delivered).toEqual(ids);
  });

  it.each([1, 3])(
    'has nobody told that its endpoint is down when a sender of the first one died: %d deliveries',
    async (count) => {
      const world = new RecoveryWorld();
      world.pause();
      const ids = publish(world, count);
      await world.pass(MINUTE);
      const [first] = ids;
      world.absence = (body) => (body.includes(first!) ? SENDER_SECONDS * VISIBILITY_TIMES * SECOND : 0);

      world.resume();
      await world.pass(3 * MINUTE);
      expect([...world.delivered].sort()).toEqual(ids.slice(1));
      await world.pass(7 * MINUTE);

      expect([...world.delivered].sort()).toEqual(ids);
      expect(world.notices).toEqual([]);
      expect(world.opened).toBe(0);
      expect(world.health).toBeUndefined();
    },
  );

  it('that is switched off and resumed has nobody told that its endpoint is down', async () => {
    const world = new RecoveryWorld();
    world.pause();
    const ids = publish(world, 3);
    await world.pass(MINUTE);
    world.row = { ...world.row, active: false };

    world.resume();
    await world.pass(10 * MINUTE);

    expect([world.held.size, world.notices]).toEqual([3, []]);
    expect(stateToTell(world.health!, world.now)).toBeUndefined();
    world.row = { ...world.row, active: true };
    world.renew();
    await world.pass(3 * MINUTE);
    expect(world.delivered).toEqual(ids);
  });

  it.each([0, 3])(
    'that is activated while the release ends because it was inactive goes out, and nobody is told that it is down: %d deliveries',
    async (count) => {
      const world = new RecoveryWorld();
      world.pause();
      const ids = publish(world, count);
      await world.pass(MINUTE);
      world.row = { ...world.row, active: false };
      world.resume();
      await world.pass(SECOND);
      expect(world.health?.circuit).toBe('open');

      world.row = { ...world.row, active: true };
      await world.pass(5 * MINUTE);

      expect([world.delivered, world.notices, world.health]).toEqual([ids, [], undefined]);
    },
  );

  it('that was written down as paused behind its end is found and released', async () => {
    const world = new RecoveryWorld();
    world.pause();
    const ids = publish(world, 3);
    await world.pass(SECOND);

    world.resume(false);
    await world.pass(3 * MINUTE);

    expect(world.delivered).toEqual(ids);
  });

  it('that is deleted has what was held end as cancelled', async () => {
    const world = new RecoveryWorld();
    world.pause();
    const ids = publish(world, 3);
    await world.pass(SECOND);

    world.row = undefined;
    await world.pass(3 * MINUTE);

    expect(new Set(ids.map((id) => world.log.get(id)?.outcome))).toEqual(new Set(['cancelled']));
    expect(world.held.size).toBe(0);
  });
});
