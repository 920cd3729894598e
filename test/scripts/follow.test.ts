import { expect, it } from 'vitest';
import { follow } from '../../scripts/follow.ts';

it('asks about a job soon at first, then once a second, until it is over', async () => {
  let looks = 0;
  const pauses: number[] = [];

  const last = await follow(
    async () => (looks += 1),
    (look) => look === 7,
    async (ms) => void pauses.push(ms),
  );

  expect(last).toBe(7);
  expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000]);
});
