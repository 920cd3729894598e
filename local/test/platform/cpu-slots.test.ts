import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turns, type Turn } from '../../lambda/cpu-slots.ts';
import { Processors } from '../../lambda/processors.ts';

const PROCESSORS = Math.max(2, availableParallelism());
/** More than a computing invocation may take. */
const LONG_MS = 1000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for so many turns; those that came are in the list. */
function ask(turns: Turns, count: number): Turn[] {
  const came: Turn[] = [];
  for (let n = 0; n < count; n++) void turns.take().then((turn) => came.push(turn));
  return came;
}
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('the turns of invocations', () => {
  it('go to as many as there are processors, and to the next when one ends', async () => {
    const came = ask(new Turns(100), PROCESSORS + 2);
    await settled();
    const atOnce = came.length;

    came[0]?.end();
    await settled();

    expect([atOnce, came.length]).toEqual([PROCESSORS, PROCESSORS + 1]);
  });

  it('go to more when the first ones wait for something, up to the limit', async () => {
    const came = ask(new Turns(PROCESSORS + 1), PROCESSORS + 5);
    await settled();
    for (const turn of came) turn.began();

    await vi.advanceTimersByTimeAsync(LONG_MS);

    expect(came).toHaveLength(PROCESSORS + 1);
  });

  it('go to more later while the machine is busy, for an invocation may then wait for a processor', async () => {
    let lateMs = 0;
    const busy = (): number => performance.now() + (lateMs += 6);
    const came = ask(new Turns(100, { now: busy }), PROCESSORS + 1);
    await settled();
    for (const turn of came) turn.began();

    await vi.advanceTimersByTimeAsync(120);
    const soon = came.length;
    await vi.advanceTimersByTimeAsync(LONG_MS);

    expect([soon, came.length]).toEqual([PROCESSORS, PROCESSORS + 1]);
  });

  it('do not go to more while functions are being loaded: that takes the processors too', async () => {
    const came = ask(new Turns(100), PROCESSORS + 1);

    await vi.advanceTimersByTimeAsync(LONG_MS);

    expect(came).toHaveLength(PROCESSORS);
  });

  it('wait for an environment that is there, until it takes too long', async () => {
    const turns = new Turns(100, { environments: () => 1 });
    const came = ask(turns, 3);
    await settled();
    came[0]?.began();
    const atOnce = came.length;

    came[0]?.end();
    await settled();
    const afterwards = came.length;
    came[1]?.began();
    await vi.advanceTimersByTimeAsync(LONG_MS);

    expect([atOnce, afterwards, came.length]).toEqual([1, 2, 3]);
  });

  it('wait while an environment is loaded, and from then on for it', async () => {
    const came = ask(new Turns(100, { environments: () => 0 }), 2);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    const loading = came.length;

    came[0]?.began();
    await settled();
    const loaded = came.length;
    await vi.advanceTimersByTimeAsync(LONG_MS);

    expect([loading, loaded, came.length]).toEqual([1, 1, 2]);
  });

  it('go at once to one more when all that run wait for something, though its environment has to be started', async () => {
    const turns = new Turns(100, { environments: () => 1 });
    const running = ask(turns, 1);
    await settled();
    running[0]?.began();
    await vi.advanceTimersByTimeAsync(LONG_MS);

    const came = ask(turns, 1);
    await settled();

    expect(came).toHaveLength(1);
  });

  it('go to more later when the function gives way: its invocations may wait for a processor', async () => {
    const came = ask(new Turns(100, { givesWay: true }), PROCESSORS + 1);
    await settled();
    for (const turn of came) turn.began();

    await vi.advanceTimersByTimeAsync(200);
    const soon = came.length;
    await vi.advanceTimersByTimeAsync(LONG_MS);

    expect([soon, came.length]).toEqual([PROCESSORS, PROCESSORS + 1]);
  });

  it('free a place once, however long the invocation took', async () => {
    const came = ask(new Turns(100), 3 * PROCESSORS);
    await settled();
    for (const turn of came) turn.began();
    await vi.advanceTimersByTimeAsync(LONG_MS);
    const waiting = came.length;

    came[0]?.end();
    await settled();

    expect([waiting, came.length]).toEqual([2 * PROCESSORS, 2 * PROCESSORS]);
  });

  it('count those that run and those in line', async () => {
    const turns = new Turns(1);
    const came = ask(turns, 3);
    await settled();
    came[0]?.end();
    await settled();

    expect([turns.count, came.length]).toEqual([2, 2]);
  });

  it('of all functions together take the processors, until they end or wait for something', async () => {
    const processors = new Processors(2);
    const [ofOne, ofOther] = [1, 2].map(() => ask(new Turns(100, { processors }), 1));
    await settled();
    const both = processors.areTaken;

    ofOne![0]!.end();
    const one = processors.areTaken;
    ask(new Turns(100, { processors }), 1);
    await settled();
    const again = processors.areTaken;
    ofOther![0]!.began();
    await vi.advanceTimersByTimeAsync(LONG_MS);
    ofOther![0]!.end();

    expect([both, one, again, processors.areTaken]).toEqual([true, false, true, false]);
  });
});
