import { describe, expect, it } from 'vitest';
import { ACTIONS } from './actions.ts';
import { checkIsolation } from './model.ts';
import { newSeed } from '../support/seed.ts';

// `npm run proof -- isolation` does the same for 100,000 actions.

describe('five organizations on one platform', () => {
  it('never get anything of each other in any answer, and see all of their own', async () => {
    const report = await checkIsolation(1000, newSeed());

    expect(report.granted).toBeGreaterThan(report.answers / 5);
    for (const name of Object.keys(ACTIONS)) expect(report.byName[name], name).toBeGreaterThan(0);
  }, 180_000);
});
