import { describe, expect, it } from 'vitest';
import { firstImpression } from '../../../lambdas/domain/endpoint/release.ts';

const outcome = (one: Partial<Parameters<typeof firstImpression>[0]>) => ({
  settled: 0,
  delivered: 0,
  failed: 0,
  unanswered: 0,
  waiting: 0,
  ...one,
});

describe('the first impression of an endpoint of which nothing is known', () => {
  it.each([
    ['one was taken', outcome({ settled: 1, delivered: 1, failed: 9 }), 0, 10, 'answers'],
    ['nothing is known yet', outcome({ waiting: 3 }), 0, 0, 'unknown'],
    ['some failed, others are open', outcome({ failed: 1, waiting: 2 }), 0, 1, 'unknown'],
    ['all failed', outcome({ failed: 3 }), 0, 3, 'refuses'],
    ['all failed, which only its health tells', outcome({ waiting: 3 }), 0, 3, 'refuses'],
    ['nothing became known for two minutes: nobody refused', outcome({ waiting: 3 }), 120, 0, 'answers'],
    ['some failed, others are open for two minutes', outcome({ failed: 1, waiting: 2 }), 120, 1, 'refuses'],
    ['nothing became known but by its health', outcome({ waiting: 3 }), 120, 3, 'refuses'],
    ['nobody was asked', outcome({ settled: 3 }), 0, 0, 'answers'],
  ] as const)('%s', (_what, seen, waited, failures, impression) => {
    expect(firstImpression(seen, waited, failures)).toBe(impression);
  });
});
