import { describe, expect, it } from 'vitest';
import { resourceHash } from '../../lambdas/stores/purges.ts';
import { gravesOf, unreadableGraves } from '../support/graves.ts';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import { aMessage, NOW, ORGANIZATION, SenderBench } from '../support/sender.ts';

const GONE = { row: undefined, owner: undefined, secrets: [], health: undefined };

describe('deliveries of whoever is purged', () => {
  it('are acknowledged without a request, a line, a held row or a dead letter', async () => {
    const bench = new SenderBench();
    bench.deps.graves = gravesOf({ organization: ORGANIZATION });

    expect(await bench.run([aMessage()])).toEqual([]);

    expect(bench.requests).toEqual([]);
    expect(bench.log).toEqual([]);
    expect(bench.healthChanges).toEqual([]);
  });

  it('are those of one resource alone, when no more is purged', async () => {
    const bench = new SenderBench();
    const resource = resourceHash(ORGANIZATION, 'patient-1');
    bench.deps.graves = gravesOf({ organization: ORGANIZATION, resource, through_ms: NOW });
    const [dead, alive] = [aMessage({}), aMessage({})];
    dead.message.event.resource_id = 'patient-1';
    alive.message.event.resource_id = 'patient-2';

    await bench.run([dead, alive].map((one) => ({ ...one, body: JSON.stringify(one.message) })));

    expect(bench.log.map(({ event_id }) => event_id)).toEqual([alive.message.event.id]);
  });

  it('are looked for while messages that cannot be read are moved', async () => {
    const bench = new SenderBench();
    const moved = Promise.withResolvers<Set<number>>();
    bench.deps.queues.toDeadLetters = () => moved.promise;
    const { load } = bench.deps.graves;
    bench.deps.graves.load = () => (moved.resolve(new Set()), load());

    expect(await bench.run([{ ...aMessage(), body: '{' }])).toEqual([]);
  });

  it('leave no line behind that could not be written before', async () => {
    const bench = new SenderBench();
    const append = bench.deps.attempts.append;
    bench.deps.attempts.append = async (lines) => lines;
    await bench.run([aMessage()]);
    bench.deps.attempts.append = append;
    bench.deps.graves.load = gravesOf({ organization: ORGANIZATION }).load;

    await bench.run([aMessage()]);

    expect(bench.log).toEqual([]);
  });

  it('keep such a line until it is known who is purged, which may be known to nobody for a while', async () => {
    const bench = new SenderBench();
    const append = bench.deps.attempts.append;
    bench.deps.attempts.append = async (lines) => lines;
    const [late] = [aMessage()];
    await bench.run([late]);
    bench.deps.attempts.append = append;
    const { isUnsure } = bench.deps.graves;
    bench.deps.graves.isUnsure = () => true;

    await bench.run([aMessage()]);
    const meanwhile = bench.log.map(({ event_id }) => event_id);
    bench.deps.graves.isUnsure = isUnsure;
    await bench.run([aMessage()]);

    expect(meanwhile).not.toContain(late.message.event.id);
    expect(bench.log.map(({ event_id }) => event_id)).toContain(late.message.event.id);
  });

  it.each([
    ['is gone', async () => new Map()],
    ['cannot be read', () => Promise.reject(new Error('throttled'))],
  ])('come back without a line while nobody can tell whether they are, and their subscription %s', async (_, load) => {
    const bench = new SenderBench();
    bench.deps.graves = unreadableGraves(NOW - 1000);
    bench.deps.targets.load = async (keys) =>
      new Map((await load()).size === 0 ? keys.map((key) => [targetName(key), GONE]) : []);

    expect(await bench.run([aMessage({ event: { enqueued_ms: NOW - 60_000 } })])).toEqual([]);

    expect(bench.log).toEqual([]);
    expect(bench.sent.fast).toHaveLength(1);
    expect(bench.sent.fast[0]).toMatchObject({ delaySeconds: 33 });
  });

  it('end as ever where they come in time, or their subscription is there', async () => {
    const bench = new SenderBench();
    bench.deps.graves = unreadableGraves(NOW - 1000);
    await bench.run([aMessage({ event: { enqueued_ms: NOW - 60_000 } })]);
    bench.deps.targets.load = async (keys) => new Map(keys.map((key) => [targetName(key), GONE]));
    await bench.run([aMessage({ event: { enqueued_ms: NOW - 1000 } })]);

    expect(bench.log.map(({ outcome }) => outcome)).toEqual(['delivered', 'cancelled']);
    expect(bench.sent.fast).toEqual([]);
  });

  it('stay held where they were to be a probe', async () => {
    const bench = new SenderBench();
    bench.deps.graves = unreadableGraves(NOW - 1000);
    bench.deps.targets.load = () => Promise.reject(new Error('throttled'));
    const probe = aMessage({ event: { enqueued_ms: NOW - 60_000 }, probe: true });

    expect(await bench.run([probe])).toEqual([]);

    expect(bench.forgotten).toEqual([]);
    expect([...bench.log, ...bench.sent.fast]).toEqual([]);
  });
});
