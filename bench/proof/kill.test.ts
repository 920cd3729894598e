import { expect, it } from 'vitest';
import { assertKill, kill } from './kill.ts';
import { newSeed } from '../../test/support/seed.ts';

// `npm run proof -- kill` does the same for 1,000 kills over 100,000 deliveries.

it('loses nothing and doubles little when processes are killed at random', async () => {
  const report = await kill(newSeed(), 300, { perKill: 25, isTimed: false });

  assertKill(report);
  expect(Object.values(report.kills).reduce((sum, one) => sum + one)).toBeGreaterThan(2);
  expect(report.deliveries).toBeGreaterThan(250);
}, 420_000);
