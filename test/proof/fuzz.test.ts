import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertFuzz, startTarget, type Target } from './fuzz.ts';
import { fuzz, judgeCorpora } from './fuzz/fuzz.ts';

// `npm run proof -- fuzz` does the same for 1,000,000 inputs.

let target: Target;
beforeAll(async () => void (target = await startTarget()));
afterAll(() => target.close());

describe('whatever a client sends', () => {
  it('is answered, and never with a 5xx', async () => {
    const report = await fuzz(target.send, target.arbitrary, { seed: Date.now() % 2 ** 30, count: 2000 });

    assertFuzz(report);
  });

  it('has the verdict stated for it: every file of JSONTestSuite, every naughty string', async () => {
    expect(await judgeCorpora(target.send, target.producer)).toEqual([]);
  });

  it('is blamed when it is answered with a 500, with nothing, or breaks a promise', async () => {
    const answers = ['500', 'throw', 'reject'];
    const report = await fuzz(
      async () => {
        const kind = answers.shift();
        if (kind === 'throw') throw new Error('no answer');
        if (kind === 'reject') void Promise.reject(new Error('forgotten'));
        await new Promise((resolve) => setImmediate(resolve));
        return { status: kind === '500' ? 500 : 202, body: '', wallMs: 1, cpuMs: 1 };
      },
      target.arbitrary,
      { seed: 1, count: 3 },
    );

    expect(report.violations.map((one) => one.split(':')[0])).toEqual([
      'status 500',
      'threw Error',
      'unhandled rejection',
    ]);
  });
});
