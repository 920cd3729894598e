import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Product } from './products.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { SCENARIOS, type Setting } from './scenarios.ts';
import type { Watch } from './usage.ts';

// The loads with a product that delivers at once, in this process.

const IDLE: Watch = { begin: () => undefined, read: () => ({}), kill: () => 0, close: () => undefined };
let receiver: Receiver;

beforeEach(async () => (receiver = await startReceiver()));
afterEach(() => receiver.close());

/** @param publish takes an event for a tenant whose endpoint is at the path. @returns what a scenario runs with. */
function setting(name: string, publish: (path: string, n: number) => Promise<number>): Setting {
  const tenants = new Map(SCENARIOS[name]!.tenants('p').map((tenant) => [tenant.name, tenant.paths[0]!]));
  const product: Product = {
    prepare: () => Promise.resolve(),
    publish: (tenant, n) => publish(tenants.get(tenant)!, n),
  };
  return {
    peer: 'p',
    product,
    receiver,
    watch: IDLE,
    kill: () => 0,
    events: 50,
    seconds: 1,
    perSecond: 100,
    patience: 60,
  };
}

const deliver = (path: string, n: number): Promise<Response> =>
  fetch(receiver.url(path), { method: 'POST', body: `{"id":"vis_${n}_"}` });

it('hang measures those that never hang, also when what hung before gets nothing any more', async () => {
  const answered = new Set<string>();
  const given = new Set<string>();
  const load = setting('hang', (path, n) => {
    // A product that gives up an endpoint for good once it had to wait for it.
    const isGivenUp = given.has(path) && !answered.has(path);
    given.add(path);
    if (!isGivenUp) {
      answered.delete(path);
      void deliver(path, n).then(
        () => answered.add(path),
        () => undefined,
      );
    }
    return Promise.resolve(202);
  });

  await SCENARIOS.hang!.run(load);
  const again = await SCENARIOS.hang!.run(load);

  expect(again.lost).toBe(0);
});

it('kill kills once within the burst, and what nobody accepted is published again', async () => {
  let kills = 0;
  let refused = 0;
  const load = setting('kill', async (path, n) => {
    if (kills > 0 && refused < 5) return ((refused += 1), 0);
    await deliver(path, n);
    return 202;
  });

  const figures = await SCENARIOS.kill!.run({ ...load, events: 200, kill: () => (kills += 1) });

  expect(figures).toMatchObject({ killed: 1, 'missing at the end': 0, duplicates: 0 });
  expect([kills, refused]).toEqual([1, 5]);
});

it('kill says what is missing, and waits no longer than it is told to', async () => {
  const load = setting('kill', async (path, n) => {
    if (n % 10 > 0) await deliver(path, n);
    return 202;
  });

  const figures = await SCENARIOS.kill!.run({ ...load, patience: 0.1 });

  expect(figures).toMatchObject({ 'missing 10 s after the kill': 5, 'missing at the end': 5 });
});
