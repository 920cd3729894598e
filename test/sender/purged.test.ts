import { describe, expect, it } from 'vitest';
import { resourceHash } from '../../lambdas/stores/purges.ts';
import { gravesOf } from '../support/graves.ts';
import { aMessage, NOW, ORGANIZATION, SenderBench } from '../support/sender.ts';

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
    const { isCurrent } = bench.deps.graves;
    bench.deps.graves.isCurrent = () => false;

    await bench.run([aMessage()]);
    const meanwhile = bench.log.map(({ event_id }) => event_id);
    bench.deps.graves.isCurrent = isCurrent;
    await bench.run([aMessage()]);

    expect(meanwhile).not.toContain(late.message.event.id);
    expect(bench.log.map(({ event_id }) => event_id)).toContain(late.message.event.id);
  });
});
