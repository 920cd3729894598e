import { describe, expect, it } from 'vitest';
import { isOnlyPaced, takeTurns } from '../../../lambdas/domain/endpoint/turns.ts';

const NOW = 1_700_000_000_000;

describe('the turns of an endpoint with a ceiling', () => {
  it('are as many in any second as it takes, however many ask', () => {
    const first = takeTurns(undefined, 3, 5, NOW);
    const second = takeTurns(first.turns, 4, 5, NOW + 400);
    const third = takeTurns(second.turns, 1, 5, NOW + 500);

    expect([first.granted, second.granted, third.granted]).toEqual([3, 2, 0]);
    expect([first.waitMs, second.waitMs, third.waitMs]).toEqual([0, 800, 700]);
  });

  it('come back one by one as they were taken, a fifth of a second late for what the way there takes', () => {
    const { turns } = takeTurns(takeTurns(undefined, 3, 5, NOW).turns, 2, 5, NOW + 400);

    expect(takeTurns(turns, 5, 5, NOW + 1199).granted).toBe(0);
    expect(takeTurns(turns, 5, 5, NOW + 1200)).toMatchObject({ granted: 3, waitMs: 400 });
    expect(takeTurns(turns, 5, 5, NOW + 1600)).toMatchObject({ granted: 5, waitMs: 0 });
  });

  it('are remembered for as long as they count, and no longer', () => {
    expect(takeTurns(`${NOW - 5000}:5,${NOW - 100}:1`, 1, 5, NOW).turns).toBe(`${NOW - 100}:1,${NOW}:1`);
  });

  it('are none while a lower ceiling is exceeded', () => {
    expect(takeTurns(`${NOW}:5`, 1, 2, NOW + 10).granted).toBe(0);
  });

  it.each(['', 'x', '5', ':', `${NOW}:`])('begin anew where the row holds %j', (before) => {
    expect(takeTurns(before, 2, 5, NOW)).toEqual({ granted: 2, waitMs: 0, turns: `${NOW}:2` });
  });
});

describe('an endpoint whose deliveries go out in turn', () => {
  const row = { subscription: 'sub_1', organization: 'acme', failures: 0 };

  it.each(['releasing', 'closing'] as const)('is in no trouble while its circuit is %s for that alone', (circuit) => {
    expect(isOnlyPaced({ ...row, circuit })).toBe(true);
  });

  it.each([
    { circuit: 'open' },
    { circuit: 'releasing', opened_ms: 1 },
    { circuit: 'releasing', renewed_ms: 1 },
    {},
  ] as const)('is another thing than %j', (more) => {
    expect(isOnlyPaced({ ...row, ...more })).toBe(false);
  });
});
