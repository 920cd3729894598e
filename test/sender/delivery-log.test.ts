import { describe, expect, it } from 'vitest';
import { createAttemptLog } from '../../lambdas/sender/attempt-log.ts';
import { aMessage, SenderBench } from '../support/sender.ts';

describe('the delivery log', () => {
  it('may fail without repeating or losing a delivery; its lines are written with the next batch', async () => {
    const bench = new SenderBench();
    const append = bench.deps.attempts.append;
    bench.deps.attempts.append = async (attempts) => attempts;
    const message = aMessage();
    expect(await bench.run([message])).toEqual([]);
    expect(bench.requests).toHaveLength(1);
    const line = bench.lines.find(({ level }) => level === 'ERROR')!;
    expect(line.fields).toMatchObject({ outcome: 'delivered', status: 200, attempt: 1 });
    expect(line.fields.id).toContain(message.message.event.id);
    expect(bench.counts.LogWritesFailed).toBe(1);
    bench.deps.attempts.append = append;
    await bench.run([aMessage()]);
    expect(bench.log.map(({ event_id }) => event_id)).toContain(message.message.event.id);
    expect(bench.log).toHaveLength(2);
    expect(bench.requests).toHaveLength(2);
  });

  it('asks who is purged only for lines that could not be written before', async () => {
    const bench = new SenderBench();
    let asked = 0;
    const graves = { ...bench.deps.graves, load: () => ((asked += 1), bench.deps.graves.load()) };
    const log = createAttemptLog({ ...bench.deps, graves });
    await bench.run([aMessage()]);
    const lines = [...bench.log];

    await log.write(lines, Infinity);
    expect(asked).toBe(0);
    const append = bench.deps.attempts.append;
    bench.deps.attempts.append = async (attempts) => attempts;
    await log.write(lines, Infinity);
    bench.deps.attempts.append = append;
    await log.write([], Infinity);

    expect(asked).toBe(1);
  });

  it('is told once about each line that stays unwritten', async () => {
    const bench = new SenderBench();
    bench.deps.attempts.append = () => Promise.reject(new Error('throttled'));
    await bench.run([aMessage()]);
    await bench.run([aMessage()]);
    expect(bench.lines.filter(({ message }) => message === 'delivery log line not written')).toHaveLength(2);
    expect(bench.counts.LogWritesFailed).toBe(2);
  });

  it('has a line that an item can hold, whatever a person typed into the row', async () => {
    const bench = new SenderBench();
    const long = 'x'.repeat(300_000);
    bench.subscribe('sub_1', { url: `ftp://${long}`, events: Array.from({ length: 5000 }, (_, n) => `vist ${n}`) });

    await bench.run([aMessage()]);

    expect(JSON.stringify(bench.log).length).toBeLessThan(10_000);
    expect(bench.log[0]!.reason).toMatch(/^the subscription cannot be used: url: /);
  });

  it('has ids in the order of the attempts', async () => {
    const bench = new SenderBench();
    await bench.run([aMessage(), aMessage(), aMessage()]);
    const ulids = bench.log.map(({ id }) => id.slice(4, 30));
    expect(ulids).toEqual([...ulids].sort());
    expect(new Set(ulids).size).toBe(3);
  });
});
