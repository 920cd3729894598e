import { expect, it } from 'vitest';
import { assertFaults, faults } from './faults.ts';
import { newSeed } from '../../test/support/seed.ts';

// `npm run proof -- faults` does the same for 100,000 events.

it('loses nothing and drains its queues while every AWS service fails in every way', async () => {
  const report = await faults(newSeed(), 200);

  assertFaults(report);
  expect(report.events).toBeGreaterThan(150);
}, 420_000);
