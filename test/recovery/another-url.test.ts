import { describe, expect, it } from 'vitest';
import { RecoveryWorld } from '../support/recovery-world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** An endpoint that is down, with so many deliveries held. */
async function aDownEndpoint(held: number): Promise<{ world: RecoveryWorld; ids: string[] }> {
  const world = new RecoveryWorld();
  world.answers = () => false;
  for (let n = 0; n < 25; n++) world.publish();
  await world.pass(10 * MINUTE);
  world.held.clear();
  const ids = Array.from({ length: held }, () => world.publish());
  await world.pass(SECOND);
  expect([world.health?.circuit, world.held.size]).toEqual(['open', held]);
  return { world, ids };
}

const outcomesOf = ({ log }: RecoveryWorld, ids: string[]) => new Set(ids.map((id) => log.get(id)?.outcome));

describe('what is held for an endpoint that is down, when its subscription gets another URL', () => {
  it.each([1, 3, 40])(
    'goes out to one that answers, in event order and without a probe: %d deliveries',
    async (held) => {
      const { world, ids } = await aDownEndpoint(held);

      world.answers = () => true;
      world.renew();
      await world.pass(30 * SECOND);

      expect(world.delivered).toEqual(ids);
      await world.pass(2 * MINUTE);
      expect(world.health).toBeUndefined();
    },
  );

  it.each([1, 3, 40])(
    'is held again by one that does not answer either, and goes out when that does: %d',
    async (held) => {
      const { world, ids } = await aDownEndpoint(held);

      world.renew();
      await world.pass(30 * MINUTE);

      expect(world.health?.circuit).toBe('open');
      expect(outcomesOf(world, ids)).toEqual(new Set(['held']));
      expect(world.held.size).toBe(held);
      world.answers = () => true;
      await world.pass(5 * MINUTE);
      expect(outcomesOf(world, ids)).toEqual(new Set(['delivered']));
    },
  );
});
