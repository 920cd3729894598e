import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecoveryWorld } from '../support/recovery-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Minutes of service and of outage in turn, with events published at even distances all the time. */
const outages = fc.array(fc.record({ up: fc.integer({ min: 0, max: 30 }), down: fc.integer({ min: 1, max: 240 }) }), {
  maxLength: 6,
});

describe('an endpoint with any outages', () => {
  it('gets every event in the end, or its delivery is given up where everybody sees it', async () => {
    await fc.assert(
      fc.asyncProperty(outages, fc.integer({ min: 5, max: 120 }), async (plan, gapSeconds) => {
        const world = new RecoveryWorld();
        let up = true;
        world.answers = () => up;
        const events: string[] = [];
        const run = async (minutes: number): Promise<void> => {
          for (let second = 0; second < minutes * 60; second += gapSeconds) {
            events.push(world.publish());
            await world.pass(gapSeconds * 1000);
          }
        };
        for (const { up: served, down } of plan) {
          up = true;
          await run(served);
          up = false;
          await run(down);
        }
        up = true;
        await world.pass(2 * HOUR);

        expect(events.filter((id) => !['delivered', 'exhausted'].includes(world.log.get(id)?.outcome ?? ''))).toEqual(
          [],
        );
        expect(world.held.size).toBe(0);
        expect(world.health?.circuit).toBeUndefined();
        expect(new Set(world.delivered).size).toBe(world.delivered.length);
      }),
      { numRuns: 40 },
    );
  });

  it('is let go though new events keep coming faster than its release makes steps', async () => {
    const world = new RecoveryWorld();
    let up = false;
    world.answers = () => up;
    const publishFor = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 500) {
        world.publish();
        await world.pass(500);
      }
    };
    await publishFor(5 * MINUTE);
    expect(world.health?.circuit).toBe('open');
    up = true;
    await publishFor(10 * MINUTE);

    expect(world.held.size).toBe(0);
    expect(world.health?.circuit).toBeUndefined();
  });

  it('that never comes back keeps every event held, tells operators twice and is left alone', async () => {
    const world = new RecoveryWorld();
    world.answers = () => false;
    const events = Array.from({ length: 60 }, () => world.publish());
    await world.pass(10 * MINUTE);
    events.push(...Array.from({ length: 40 }, () => world.publish()));
    await world.pass(6 * DAY);

    expect(world.row?.active).toBe(false);
    expect(world.notices).toEqual(['endpoint.down', 'subscription.deactivated']);
    const standing = events.map((id) => world.log.get(id)?.outcome);
    expect(standing.every((outcome) => outcome === 'held' || outcome === 'exhausted')).toBe(true);
    expect(new Set(events.filter((id) => world.log.get(id)?.outcome === 'held'))).toEqual(new Set(world.held.keys()));

    const asked = [...world.load.values()].length;
    await world.pass(DAY);
    expect([...world.load.values()].length).toBe(asked);
  });

  it('gets what was held when its subscription is activated again after days', async () => {
    const world = new RecoveryWorld();
    let up = false;
    world.answers = () => up;
    for (let n = 0; n < 30; n++) world.publish();
    await world.pass(10 * MINUTE);
    const late = Array.from({ length: 30 }, () => world.publish());
    await world.pass(6 * DAY);
    up = true;
    world.row = { ...world.row, active: true };
    await world.pass(HOUR);

    expect(late.filter((id) => world.log.get(id)?.outcome !== 'delivered')).toEqual([]);
    expect(world.notices.at(-1)).toBe('endpoint.recovered');
  });

  it('has its days anew when a person, who had switched it off for longer, activates it again', async () => {
    const world = new RecoveryWorld();
    world.answers = () => false;
    for (let n = 0; n < 30; n++) world.publish();
    await world.pass(10 * MINUTE);
    world.publish();
    await world.pass(HOUR);
    world.row = { ...world.row, active: false };
    await world.pass(6 * DAY);
    world.row = { ...world.row, active: true };
    await world.pass(4 * DAY);
    expect(world.row?.active).toBe(true);
    expect(world.notices).toEqual(['endpoint.down']);

    await world.pass(2 * DAY);
    expect(world.row?.active).toBe(false);
  });
});

describe('an endpoint whose subscription is deleted while it is down', () => {
  /** Down, with 60 deliveries held. */
  async function down(): Promise<{ world: RecoveryWorld; late: string[] }> {
    const world = new RecoveryWorld();
    world.answers = () => false;
    for (let n = 0; n < 30; n++) world.publish();
    await world.pass(10 * MINUTE);
    const late = Array.from({ length: 60 }, () => world.publish());
    await world.pass(MINUTE);
    expect(world.held.size).toBeGreaterThanOrEqual(60);
    return { world, late };
  }

  it('has what is held end as cancelled, and is then forgotten, failures and all', async () => {
    const { world, late } = await down();
    const asked = world.load.size;
    world.row = undefined;
    await world.pass(10 * MINUTE);

    expect(new Set(late.map((id) => world.log.get(id)?.outcome))).toEqual(new Set(['cancelled']));
    expect(world.held.size).toBe(0);
    expect(world.health).toBeUndefined();
    expect(world.load.size).toBe(asked);
    expect(world.notices).toEqual(['endpoint.down']);
  });

  it('has the same end when that happens days after it was deactivated', async () => {
    const { world, late } = await down();
    await world.pass(6 * DAY);
    expect(world.row?.active).toBe(false);
    world.row = undefined;
    await world.pass(10 * MINUTE);

    expect(new Set(late.map((id) => world.log.get(id)?.outcome))).toEqual(new Set(['cancelled']));
    expect(world.health).toBeUndefined();
  });

  it('is not forgotten when a subscription is made again under its id before that', async () => {
    const { world } = await down();
    const { row } = world;
    world.row = undefined;
    while (world.health?.circuit !== 'closing') await world.pass(1000);
    world.row = row;
    await world.pass(10 * MINUTE);

    expect(world.held.size).toBe(0);
    expect(world.health?.circuit).toBeUndefined();
    expect(world.health?.failures).toBeGreaterThan(0);
  });
});

describe('50,000 held deliveries', () => {
  it('drain in event order to a receiver that serves 50 a second, without a second outage', async () => {
    const world = new RecoveryWorld();
    let up = false;
    world.answers = (_, load) => up && load <= 50;
    for (let n = 0; n < 30; n++) world.publish();
    await world.pass(10 * MINUTE);
    expect(world.health?.circuit).toBe('open');
    const held = Array.from({ length: 50_000 }, () => world.publish());
    await world.pass(MINUTE);
    expect(world.held.size).toBeGreaterThanOrEqual(50_000);

    up = true;
    await world.pass(2 * HOUR);

    expect(world.held.size).toBe(0);
    expect(world.opened).toBe(1);
    expect(held.filter((id) => world.log.get(id)?.outcome !== 'delivered')).toEqual([]);
    // Retries come later by nature; those that were served at once came in order.
    const first = world.delivered.filter((id) => id >= held[0]!).slice(0, 50);
    expect(first).toEqual([...first].sort());
  });
});
