import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertFuzz, fuzzTarget } from './fuzz.ts';
import { judgeCorpora } from './fuzz/corpora.ts';
import { fuzz } from './fuzz/fuzz.ts';
import type { Outcome, Send } from './fuzz/input.ts';
import { inputMaker, type InputMaker } from './fuzz/make-input.ts';
import { bundleApp, startTarget, type Target } from './fuzz/target.ts';
import { newSeed } from '../../test/support/seed.ts';

// `npm run proof -- fuzz` does the same for 1,000,000 inputs.

/** Of a thousand inputs one time in fifty none was answered 201. */
const COUNT = 2500;

let target: Target;
let app: Awaited<ReturnType<typeof bundleApp>>;
beforeAll(async () => {
  app = await bundleApp();
  target = await startTarget(app.folder);
});
afterAll(async () => {
  await target.close();
  app.remove();
});

describe('whatever a client sends over HTTP', () => {
  it('is answered, and never with a 5xx', async () => {
    const report = await fuzzTarget(target, { seed: newSeed(), count: COUNT });

    assertFuzz(report);
    expect(Object.keys(report.statuses)).toEqual(expect.arrayContaining(['200', '201', '202', '400', '404', 'left']));
  }, 240_000);

  it('has the verdict stated for it: JSONTestSuite, naughty strings, API inputs', async () => {
    const { wrong, requests } = await judgeCorpora(target);

    expect(wrong).toEqual([]);
    expect(requests).toBeGreaterThan(1000);
  });
});

describe('an input', () => {
  const input = { bytes: 'GET / HTTP/1.1\r\n\r\n', method: 'GET', way: 'whole' as const, askedMs: 0 };
  const maker: InputMaker = { make: () => input, shrink: () => Promise.resolve(undefined) };
  const answered = (change: Partial<Outcome> = {}): Outcome => ({ status: 200, body: '', wallMs: 1, ...change });
  const judge = async (send: Send): Promise<{ violations: string[]; slowOnce: string[] }> => {
    const { violations, slowOnce } = await fuzz({ maker, sends: [send], show: () => 'it', seed: 5, count: 1 });
    return { violations: violations.map((one) => one.split(':')[0]!), slowOnce };
  };

  it.each<[string, Partial<Outcome>, string]>([
    ['a 500', { status: 500, body: 'x' }, 'status 500 x'],
    ['no answer', { status: 'closed' }, 'closed without an answer'],
    ['silence', { status: 'silent' }, 'slow, no answer in 20000 ms'],
    ['an answer that takes long each time', { wallMs: 1001 }, 'slow, 1001 ms'],
  ])('is blamed for %s', async (_, outcome, violation) => {
    expect(await judge(() => Promise.resolve(answered(outcome)))).toEqual({ violations: [violation], slowOnce: [] });
  });

  it('is blamed for a promise that it breaks', async () => {
    const { violations } = await judge(async () => {
      void Promise.reject(new Error('forgotten'));
      await new Promise((resolve) => setImmediate(resolve));
      return answered();
    });

    expect(violations).toEqual(['unhandled rejection']);
  });

  it('that is slow among others but not alone is named with its seed, and not blamed', async () => {
    let waited = 1500;
    const { violations, slowOnce } = await judge(() => {
      const wallMs = waited;
      waited = 1;
      return Promise.resolve(answered({ wallMs }));
    });

    expect(violations).toEqual([]);
    expect(slowOnce).toEqual(['slow, 1500 ms: --seed 5 --count 1: it']);
  });

  it('is the same for the same seed', () => {
    const [one, other] = [inputMaker(target.world), inputMaker(target.world)];

    for (let seed = 0; seed < 300; seed++) expect(one.make(seed)).toEqual(other.make(seed));
  });

  it('of fast-check that is bad is made smaller', async () => {
    const { make, shrink } = inputMaker(target.world);
    const seed = Array.from({ length: 1000 }, (_, n) => n).find((n) => make(n).shrinks)!;

    const smallest = await shrink(seed, ({ bytes }) => Promise.resolve(bytes.includes('authorization')));

    expect(smallest!.bytes.length).toBeLessThan(make(seed).bytes.length);
  });
});
