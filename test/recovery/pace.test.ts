import { describe, expect, it } from 'vitest';
import { RecoveryWorld } from '../support/recovery-world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** So many deliveries held by a pause that has ended. */
async function released(count: number, world = new RecoveryWorld()): Promise<{ world: RecoveryWorld; ids: string[] }> {
  world.pause();
  const ids = Array.from({ length: count }, () => world.publish());
  await world.pass(SECOND);
  world.resume();
  return { world, ids };
}

const busiest = ({ load }: RecoveryWorld): number => Math.max(...load.values());

describe('a release', () => {
  it('begins small, and hands the deliveries of a long step out second by second', async () => {
    const { world, ids } = await released(1500);

    await world.pass(3.5 * SECOND);
    expect(busiest(world)).toBeLessThanOrEqual(8);

    await world.pass(5 * MINUTE);
    expect(world.delivered).toEqual(ids);
    expect(busiest(world)).toBeLessThanOrEqual(400);
  });

  it('that its endpoint interrupted goes on at half of what went well, and never far beyond that again', async () => {
    const { world } = await released(1500);
    await world.pass(6 * SECOND);
    const { rate } = world.health!.release_pace!;
    expect(rate).toBeGreaterThanOrEqual(8);

    world.throttle(10 * SECOND);
    await world.pass(30 * SECOND);
    world.load.clear();
    await world.pass(30 * SECOND);

    expect(busiest(world)).toBeLessThan(rate * 1.5);
    expect(world.delivered.length).toBeGreaterThan(rate * 20);
  });

  it('of a subscription with a ceiling comes up to it and stays there', async () => {
    const world = new RecoveryWorld();
    world.row = { ...world.row, rate_per_second: '20' };
    const { ids } = await released(600, world);

    await world.pass(60 * SECOND);

    expect(busiest(world)).toBe(20);
    expect(world.delivered).toEqual(ids);
  });

  it('to another URL begins as if nothing had been known', async () => {
    const { world } = await released(1500);
    await world.pass(8 * SECOND);
    world.throttle(10 * SECOND);
    expect(world.health!.release_pace).toBeDefined();

    world.renew();

    expect(world.health!.release_pace).toBeUndefined();
  });
});
