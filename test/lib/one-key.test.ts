import { expect, it } from 'vitest';
import { dearestDay, MOST_DOLLARS } from '../../bench/cost/one-key.ts';

// `npm run bench -- cost` prints the parts; here so that no default is raised beyond the whole by accident.

it('one key of an organization costs little a day beyond its own requests and events, whatever it asks for', () => {
  expect(dearestDay()).toBeLessThanOrEqual(MOST_DOLLARS);
  expect(dearestDay()).toBeGreaterThan(1);
});
