import { expect, it } from 'vitest';
import { inTurn } from '../../src/ui/in-turn.ts';

it('runs at most so many at once, each to its end, also behind one that fails', async () => {
  const run = inTurn(2);
  const open: PromiseWithResolvers<void>[] = [];
  const results = Array.from({ length: 4 }, (_, n) =>
    run(async () => {
      const gate = Promise.withResolvers<void>();
      open.push(gate);
      await gate.promise;
      return n;
    }).catch((error: Error) => error.message),
  );
  const settled = async (count: number): Promise<void> => {
    while (open.length < count) await Promise.resolve();
  };

  await settled(2);
  open[0]!.reject(new Error('refused'));
  await settled(3);
  expect(open).toHaveLength(3);
  open[1]!.resolve();
  await settled(4);
  open[2]!.resolve();
  open[3]!.resolve();

  expect(await Promise.all(results)).toEqual(['refused', 1, 2, 3]);
});
