import { describe, expect, it } from 'vitest';
import { createSilence } from '../../../lambdas/sender/outgoing/silence.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const answering = () => Promise.resolve(['192.0.2.1']);
const never = () => new Promise<never>(() => undefined);

/** One whose clock a test moves. */
function start() {
  const clock = { ms: 0 };
  return { clock, silence: createSilence(() => clock.ms) };
}

describe('a silence', () => {
  it('is nobody’s as long as nothing that must have an answer was asked', () => {
    const { silence } = start();

    expect(silence.isComplete(0)).toBe(false);
  });

  it.each(['ETIMEOUT', 'ECONNREFUSED'])('is complete when what must have an answer ends in %s', async (code) => {
    const { silence } = start();

    expect(await silence.suspect(failing(code))).toBe(false);

    expect(silence.isComplete(0)).toBe(true);
  });

  it('is complete while what must have an answer has none yet', () => {
    const { silence } = start();

    void silence.suspect(never);

    expect(silence.isComplete(0)).toBe(true);
  });

  it.each([
    ['an answer', answering],
    ['that there is no such name', failing('ENOTFOUND')],
    ['a failure of the name server’s own', failing('ESERVFAIL')],
  ])('is one name’s alone after %s', async (_what, ask) => {
    const { silence } = start();

    expect(await silence.suspect(ask)).toBe(true);

    expect(silence.isComplete(0)).toBe(false);
  });

  it('is one name’s alone when another name’s question was answered meanwhile', () => {
    const { silence, clock } = start();
    void silence.suspect(never);

    clock.ms = 10;
    silence.heard();

    expect(silence.isComplete(0)).toBe(false);
  });

  it('is complete for whoever began to ask after the last answer', () => {
    const { silence, clock } = start();
    silence.heard();

    clock.ms = 10;
    void silence.suspect(never);

    expect(silence.isComplete(10)).toBe(true);
    expect(silence.isComplete(0)).toBe(false);
  });

  it('is asked about once for all questions that wait at the same time, and again later', async () => {
    const { silence } = start();
    let asked = 0;
    const ask = () => {
      asked += 1;
      return Promise.resolve();
    };

    await Promise.all([silence.suspect(ask), silence.suspect(ask)]);
    await silence.suspect(ask);

    expect(asked).toBe(2);
  });
});
