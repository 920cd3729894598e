import { describe, expect, it } from 'vitest';
import { firstPace, LARGEST_STEP, nextMove, type StepOutcome } from '../../../lambdas/domain/endpoint/release.ts';
import type { ReleasePace } from '../../../lambdas/domain/messages/messages.ts';

const well = (count: number): StepOutcome => ({
  settled: count,
  delivered: count,
  failed: 0,
  unanswered: 0,
  waiting: 0,
});

/** Takes steps that go well from a pace on. @returns each one's pace, deliveries and seconds. */
function stepsFrom(pace: ReleasePace, times: number): [rate: number, count: number, seconds: number][] {
  const steps: [number, number, number][] = [];
  let seen: StepOutcome | undefined;
  for (let n = 0; n < times; n++) {
    const move = nextMove(pace, seen, 0);
    if (move.do !== 'release') throw new Error(`Expected a release, got ${move.do}`);
    steps.push([move.pace.rate, move.count, move.seconds]);
    ({ pace } = move);
    seen = well(move.count);
  }
  return steps;
}
const rates = (steps: [number, number, number][]): number[] => steps.map(([rate]) => rate);

describe('the pace of a release', () => {
  it('begins with one delivery a second where nothing is known, and doubles while all goes well', () => {
    const steps = stepsFrom(firstPace(undefined), 10);

    expect(rates(steps)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, LARGEST_STEP]);
    expect(steps.every(([, count]) => count <= LARGEST_STEP)).toBe(true);
  });

  it('begins at half of what it last was, and comes back to what went well, where it stays for a minute', () => {
    // It rose beyond 5 a second, where the endpoint asked to wait.
    const steps = stepsFrom(firstPace({ rate: 5, known: 5, stays: 0, adds: 1 }), 17);

    expect(rates(steps)).toEqual([2, 4, ...Array<number>(13).fill(5), 5.6, 6.8]);
    expect(steps[2]).toEqual([5, 25, 5]);
  });

  it('takes less for known to go well when the endpoint asks to wait at that very pace', () => {
    expect(firstPace({ rate: 10, known: 10, stays: 7, adds: 1 })).toMatchObject({ rate: 5, known: 9 });
    expect(firstPace({ rate: 1, known: 1, stays: 7, adds: 1 })).toMatchObject({ rate: 0.5, known: 0.9 });
  });

  it.each([
    ['a timeout', { settled: 99, delivered: 99, failed: 1, unanswered: 1, waiting: 0 }],
    ['more failures than are to be expected', { settled: 80, delivered: 80, failed: 20, unanswered: 0, waiting: 0 }],
  ])('is halved after %s, and nothing goes out for ten seconds', (_what, seen) => {
    const move = nextMove({ rate: 20, known: 400, stays: 12, adds: 1 }, seen, 0);

    expect(move).toMatchObject({ do: 'ease', seconds: 10, pace: { rate: 10, known: 18 } });
  });

  it('never rises above the largest step', () => {
    const steps = stepsFrom(firstPace(undefined), 60);

    expect(Math.max(...rates(steps))).toBe(LARGEST_STEP);
  });

  it('stays as it is, however many are refused for good, while these are few', () => {
    const seen = { settled: 95, delivered: 95, failed: 5, unanswered: 0, waiting: 0 };

    expect(nextMove({ rate: 100, known: 400, stays: 12, adds: 1 }, seen, 0)).toMatchObject({ pace: { rate: 200 } });
  });

  it('waits for the step before, and goes on without knowing after two minutes', () => {
    const pace = { rate: 4, known: 400, stays: 12, adds: 1 };
    const seen = { settled: 3, delivered: 3, failed: 0, unanswered: 0, waiting: 1 };

    expect(nextMove(pace, seen, 119)).toEqual({ do: 'wait', seconds: 1 });
    expect(nextMove(pace, seen, 120)).toMatchObject({ do: 'release', pace: { rate: 8 } });
  });

  it('takes failures in a row that are older than the release for nothing that its first step says', () => {
    const seen = { settled: 0, delivered: 0, failed: 0, unanswered: 0, waiting: 1 };

    expect(nextMove(firstPace(undefined), seen, 0, { proven: false, failures: 0 })).toMatchObject({ do: 'wait' });
    expect(nextMove(firstPace(undefined), seen, 0, { proven: false, failures: 1 })).toEqual({ do: 'stop' });
  });
});
